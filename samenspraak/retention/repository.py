"""What is older than a moment: how much there is of it, and letting it go, some rows at a time."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import Select

from bots.tables import conversation, message
from broadcast.cap.tables import cap_document
from messaging.tables import delivery, inbox
from people.repository.erasure import forget
from people.tables import consent, membership, resident

_UNDER_WAY = ("queued", "sending", "retry_wait", "unknown")


async def _number(connection: AsyncConnection, ids: Select[Any]) -> int:
    return int(await connection.scalar(select(func.count()).select_from(ids.subquery())) or 0)


async def _ids(connection: AsyncConnection, ids: Select[Any], limit: int) -> list[int]:
    return list(await connection.scalars(ids.limit(limit)))


def _messages(organisation_id: int, before: datetime) -> Select[Any]:
    joined = message.join(conversation, conversation.c.id == message.c.conversation_id)
    mine = (conversation.c.organisation_id == organisation_id, conversation.c.closed_at < before)
    return select(message.c.id).select_from(joined).where(*mine)


async def old_messages(connection: AsyncConnection, organisation_id: int, before: datetime) -> int:
    """Messages of conversations that were closed before then."""
    return await _number(connection, _messages(organisation_id, before))


async def drop_messages(connection: AsyncConnection, organisation_id: int, before: datetime, limit: int) -> int:
    """Delete some of them; gives how many."""
    ids = await _ids(connection, _messages(organisation_id, before), limit)
    await connection.execute(delete(message).where(message.c.id.in_(ids)))
    return len(ids)


def _texts(organisation_id: int, before: datetime) -> Select[Any]:
    return select(delivery.c.id).where(
        delivery.c.organisation_id == organisation_id,
        delivery.c.content.is_not(None),
        delivery.c.queued_at < before,
        delivery.c.state.not_in(_UNDER_WAY),
    )


async def old_texts(connection: AsyncConnection, organisation_id: int, before: datetime) -> int:
    """Texts in the ledger of what was sent, or given up, before then."""
    return await _number(connection, _texts(organisation_id, before))


async def drop_texts(connection: AsyncConnection, organisation_id: int, before: datetime, limit: int) -> int:
    """Empty some of them; that something was sent, and what became of it, stays."""
    ids = await _ids(connection, _texts(organisation_id, before), limit)
    await connection.execute(update(delivery).where(delivery.c.id.in_(ids)).values(content=None))
    return len(ids)


def _silent(organisation_id: int, before: datetime) -> Select[Any]:
    theirs = resident.c.id
    return select(theirs).where(
        resident.c.organisation_id == organisation_id,
        resident.c.wrapped_key.is_not(None),
        resident.c.created_at < before,
        ~exists().where(membership.c.resident_id == theirs),
        ~exists().where(consent.c.resident_id == theirs, consent.c.withdrawn_at.is_(None)),
        ~exists().where(
            conversation.c.resident_id == theirs,
            (conversation.c.last_message_at >= before) | conversation.c.closed_at.is_(None),
        ),
        ~exists().where(delivery.c.resident_id == theirs, delivery.c.state.in_(_UNDER_WAY)),
    )


async def silent_people(connection: AsyncConnection, organisation_id: int, before: datetime) -> int:
    """People in no network, who agreed to nothing and did not write since then."""
    return await _number(connection, _silent(organisation_id, before))


async def erase_people(connection: AsyncConnection, organisation_id: int, before: datetime, limit: int) -> int:
    """Forget some of them; gives how many."""
    ids = await _ids(connection, _silent(organisation_id, before), limit)
    await forget(connection, ids)
    return len(ids)


def _intake(organisation_id: int, before: datetime) -> Select[Any]:
    done = (inbox.c.organisation_id == organisation_id, inbox.c.state == "done", inbox.c.done_at < before)
    return select(inbox.c.id).where(*done)


async def old_intake(connection: AsyncConnection, organisation_id: int, before: datetime) -> int:
    """Rows by which a message that comes again is known, of messages answered before then."""
    return await _number(connection, _intake(organisation_id, before))


async def drop_intake(connection: AsyncConnection, organisation_id: int, before: datetime, limit: int) -> int:
    """Delete some of them; gives how many."""
    ids = await _ids(connection, _intake(organisation_id, before), limit)
    await connection.execute(delete(inbox).where(inbox.c.id.in_(ids)))
    return len(ids)


def _documents(organisation_id: int, before: datetime) -> Select[Any]:
    return select(cap_document.c.id).where(
        cap_document.c.organisation_id == organisation_id,
        cap_document.c.received_at < before,
        cap_document.c.content != b"",
    )


async def old_documents(connection: AsyncConnection, organisation_id: int, before: datetime) -> int:
    """Documents that came in before then."""
    return await _number(connection, _documents(organisation_id, before))


async def drop_documents(connection: AsyncConnection, organisation_id: int, before: datetime, limit: int) -> int:
    """Empty some of them; that they came in, from whom and what became of them stays."""
    ids = await _ids(connection, _documents(organisation_id, before), limit)
    await connection.execute(update(cap_document).where(cap_document.c.id.in_(ids)).values(content=b""))
    return len(ids)

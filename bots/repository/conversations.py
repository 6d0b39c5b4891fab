"""Conversations: found, opened, handed over. Every change names the epoch that it saw."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bots.conversation import Conversation, Owner, State
from bots.tables import conversation
from storage.errors import Conflict, NotFound

PAGE = 50


def _conversation(row: Row[Any]) -> Conversation:
    return Conversation(
        id=row.id,
        organisation_id=row.organisation_id,
        resident_id=row.resident_id,
        address_id=row.address_id,
        sender_id=row.sender_id,
        channel=row.channel,
        state=State(row.state),
        owner=Owner(row.owner),
        officer_id=row.officer_id,
        epoch=row.epoch,
        language=row.language,
        disclosed=row.disclosed,
        dialogue=row.dialogue,
        urgent=row.urgent,
        waiting_since=row.waiting_since,
        unanswered_since=row.unanswered_since,
        opened_at=row.opened_at,
        last_message_at=row.last_message_at,
        closed_at=row.closed_at,
    )


async def get(connection: AsyncConnection, organisation_id: int, conversation_id: int) -> Conversation:
    """One conversation of this organisation, locked for the rest of a writing transaction; raises NotFound."""
    statement = select(conversation).where(
        conversation.c.organisation_id == organisation_id, conversation.c.id == conversation_id
    )
    row = (await connection.execute(statement.with_for_update())).first()
    if row is None:
        raise NotFound(f"There is no conversation {conversation_id}")
    return _conversation(row)


_OPEN_AT = (
    select(conversation)
    .where(conversation.c.address_id == bindparam("address"), conversation.c.closed_at.is_(None))
    .with_for_update()
)  # built once: asked for with every message that comes in


async def open_at(connection: AsyncConnection, address_id: int) -> Conversation | None:
    """The conversation that goes on with this address, locked for the rest of the transaction."""
    row = (await connection.execute(_OPEN_AT, {"address": address_id})).first()
    return None if row is None else _conversation(row)


async def create(
    connection: AsyncConnection,
    *,
    organisation_id: int,
    resident_id: int,
    address_id: int,
    sender_id: int,
    channel: str,
    language: str,
    at: datetime,
) -> Conversation:
    """Open a conversation, owned by the bot."""
    statement = insert(conversation).values(
        organisation_id=organisation_id,
        resident_id=resident_id,
        address_id=address_id,
        sender_id=sender_id,
        channel=channel,
        state=State.OPEN,
        owner=Owner.BOT,
        epoch=0,
        language=language,
        disclosed=False,
        dialogue={},
        urgent=False,
        opened_at=at,
        last_message_at=at,
    )
    return _conversation((await connection.execute(statement.returning(conversation))).one())


async def change(connection: AsyncConnection, seen: Conversation, **values: Any) -> None:
    """Write these columns, provided that nobody changed the owner since `seen` was read; raises Conflict."""
    statement = update(conversation).where(conversation.c.id == seen.id, conversation.c.epoch == seen.epoch)
    if (await connection.execute(statement.values(**values))).rowcount != 1:
        raise Conflict("Somebody else took this conversation first")


@dataclass(frozen=True, slots=True)
class Before:
    """Where a page of the list begins: after this moment and id, newest first."""

    at: datetime
    id: int


def _listed(organisation_id: int) -> Select[Any]:
    return select(conversation).where(conversation.c.organisation_id == organisation_id)


async def waiting(connection: AsyncConnection, organisation_id: int) -> list[Conversation]:
    """Who waits for a person: the urgent first, then the longest waiting."""
    statement = _listed(organisation_id).where(conversation.c.state == State.WAITING)
    ordered = statement.order_by(conversation.c.urgent.desc(), conversation.c.waiting_since).limit(PAGE * 4)
    return [_conversation(row) for row in await connection.execute(ordered)]


async def recent(
    connection: AsyncConnection,
    organisation_id: int,
    *,
    state: State | None = None,
    owner: Owner | None = None,
    channel: str | None = None,
    before: Before | None = None,
) -> list[Conversation]:
    """A page of conversations, the newest message first."""
    statement = _listed(organisation_id)
    for column, wanted in (("state", state), ("owner", owner), ("channel", channel)):
        if wanted is not None:
            statement = statement.where(conversation.c[column] == wanted)
    if before is not None:
        older = (conversation.c.last_message_at < before.at) | (
            (conversation.c.last_message_at == before.at) & (conversation.c.id < before.id)
        )
        statement = statement.where(older)
    ordered = statement.order_by(conversation.c.last_message_at.desc(), conversation.c.id.desc()).limit(PAGE)
    return [_conversation(row) for row in await connection.execute(ordered)]


async def of_resident(connection: AsyncConnection, organisation_id: int, resident_id: int) -> list[Conversation]:
    """All conversations with one resident, the newest first."""
    statement = _listed(organisation_id).where(conversation.c.resident_id == resident_id)
    return [_conversation(row) for row in await connection.execute(statement.order_by(conversation.c.id.desc()))]

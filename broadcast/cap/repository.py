"""CAP messages that came in: each once, with what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, false, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.alert import AlertState
from broadcast.cap.model import Message, MessageType, Trust
from broadcast.cap.tables import cap_document, cap_message
from broadcast.event import EventKind
from broadcast.tables import alert
from storage.errors import NotFound
from storage.repository import upsert


class Outcome(StrEnum):
    """What became of a message."""

    DRAFTED = "drafted"  # an alert of its own
    PROPOSED = "proposed"  # words to be sent under an alert that we have
    KEPT = "kept"  # nothing to draft; `reason` says why


PAGE = 50
_PROPOSED = and_(cap_message.c.outcome == Outcome.PROPOSED, cap_message.c.handled_at.is_(None))
_UNWRITTEN = and_(cap_message.c.outcome == Outcome.DRAFTED, alert.c.state == AlertState.DRAFT, alert.c.author_ids == [])
_WAITS = func.coalesce(or_(_PROPOSED, _UNWRITTEN), false())


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A message that came in. alert_id, kind, texts: as its outcome has them. notes: what was doubtful, a line each.

    waits: whether no officer looked after what was drafted or proposed yet.
    """

    id: int
    document_id: int
    sender: str
    identifier: str
    sent_at: datetime
    received_at: datetime
    way: str
    type: MessageType
    trust: Trust
    outcome: Outcome
    reason: str
    alert_id: int | None
    kind: EventKind | None
    texts: dict[str, str]
    notes: tuple[str, ...]
    waits: bool


async def keep_document(
    connection: AsyncConnection, organisation_id: int, content: bytes, way: str, at: datetime
) -> int:
    """Keep a document as it was received; gives its id."""
    statement = insert(cap_document).values(organisation_id=organisation_id, received_at=at, way=way, content=content)
    return int((await connection.execute(statement.returning(cap_document.c.id))).scalar_one())


async def claim(
    connection: AsyncConnection, organisation_id: int, document_id: int, message: Message, trust: Trust
) -> int | None:
    """Write down that a message came in; gives its id, or None when it had come before."""
    statement = (
        upsert(connection, cap_message)
        .values(
            organisation_id=organisation_id,
            document_id=document_id,
            sender=message.sender,
            identifier=message.identifier,
            sent_at=message.sent,
            type=message.type,
            trust=trust,
            outcome=Outcome.KEPT,
            reason="",
            notes=[],
        )
        .on_conflict_do_nothing()
        .returning(cap_message.c.id)
    )
    found: int | None = (await connection.execute(statement)).scalar()
    return found


async def settle(connection: AsyncConnection, message_id: int, outcome: Outcome, **values: Any) -> None:
    """Write down what became of it."""
    statement = update(cap_message).where(cap_message.c.id == message_id)
    await connection.execute(statement.values(outcome=outcome, **values))


async def with_name(connection: AsyncConnection, organisation_id: int, sender: str, identifier: str) -> Received:
    """The message of this name; raises NotFound."""
    named = (cap_message.c.sender == sender, cap_message.c.identifier == identifier)
    rows = await _received(connection, organisation_id, *named)
    if not rows:
        raise NotFound(f"No message {identifier} of {sender} came in")
    return rows[0]


async def of_alert(connection: AsyncConnection, organisation_id: int, alert_id: int) -> list[Received]:
    """The messages from which an alert was drafted, and that follow it, in the order in which they came."""
    return await _received(connection, organisation_id, cap_message.c.alert_id == alert_id)


async def get(connection: AsyncConnection, organisation_id: int, message_id: int) -> Received:
    """One message; raises NotFound."""
    rows = await _received(connection, organisation_id, cap_message.c.id == message_id)
    if not rows:
        raise NotFound(f"There is no CAP message {message_id}")
    return rows[0]


async def latest(connection: AsyncConnection, organisation_id: int, before: int | None = None) -> list[Received]:
    """A page of the messages that came in, the newest first."""
    older = () if before is None else (cap_message.c.id < before,)
    return await _received(connection, organisation_id, *older, newest=PAGE)


async def waiting(connection: AsyncConnection, organisation_id: int) -> int:
    """How many messages no officer looked after yet."""
    joined = cap_message.outerjoin(alert, alert.c.id == cap_message.c.alert_id)
    mine = cap_message.c.organisation_id == organisation_id
    return int(await connection.scalar(select(func.count()).select_from(joined).where(mine, _WAITS)) or 0)


async def handle(
    connection: AsyncConnection,
    organisation_id: int,
    at: datetime,
    *,
    alert_id: int,
    kind: EventKind | None = None,
    message_id: int | None = None,
) -> int:
    """An officer dealt with what was proposed under an alert: all of a kind, or one message; gives how many."""
    conditions = [cap_message.c.organisation_id == organisation_id, cap_message.c.alert_id == alert_id]
    conditions += [cap_message.c.kind == kind] if kind is not None else []
    conditions += [cap_message.c.id == message_id] if message_id is not None else []
    open_ones = update(cap_message).where(*conditions, _PROPOSED)
    return (await connection.execute(open_ones.values(handled_at=at))).rowcount


async def alert_named(
    connection: AsyncConnection, organisation_id: int, names: Iterable[tuple[str, str]]
) -> int | None:
    """The alert to which any of these messages (sender, identifier) led, the last named first."""
    for sender, identifier in reversed(list(names)):
        found: int | None = await connection.scalar(
            select(cap_message.c.alert_id).where(
                cap_message.c.organisation_id == organisation_id,
                cap_message.c.sender == sender,
                cap_message.c.identifier == identifier,
            )
        )
        if found is not None:
            return found
    return None


async def document(connection: AsyncConnection, organisation_id: int, document_id: int) -> bytes:
    """A document as it was received; raises NotFound, also when it was kept long enough."""
    mine = (cap_document.c.organisation_id == organisation_id, cap_document.c.id == document_id)
    found: bytes | None = await connection.scalar(select(cap_document.c.content).where(*mine))
    if not found:
        raise NotFound(f"The CAP document {document_id} is not kept, or not any more")
    return found


async def _received(
    connection: AsyncConnection, organisation_id: int, *conditions: ColumnElement[bool], newest: int | None = None
) -> list[Received]:
    """In the order in which they came; newest: no more than these, the newest first."""
    statement = (
        select(cap_message, cap_document.c.received_at, cap_document.c.way, _WAITS.label("waits"))
        .join(cap_document, cap_document.c.id == cap_message.c.document_id)
        .outerjoin(alert, alert.c.id == cap_message.c.alert_id)
        .where(cap_message.c.organisation_id == organisation_id, *conditions)
        .order_by(cap_message.c.id if newest is None else cap_message.c.id.desc())
        .limit(newest)
    )
    return [_read(row) for row in await connection.execute(statement)]


def _read(row: Row[Any]) -> Received:
    return Received(
        id=row.id,
        document_id=row.document_id,
        sender=row.sender,
        identifier=row.identifier,
        sent_at=row.sent_at,
        received_at=row.received_at,
        way=row.way,
        type=MessageType(row.type),
        trust=Trust(row.trust),
        outcome=Outcome(row.outcome),
        reason=row.reason,
        alert_id=row.alert_id,
        kind=EventKind(row.kind) if row.kind else None,
        texts=row.texts or {},
        notes=tuple(row.notes),
        waits=bool(row.waits),
    )

"""The events of alerts, and the chunks in which each is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, bindparam, case, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.event import Event, EventKind, EventState
from broadcast.tables import alert, chunk, event
from broadcast.vocabulary import Scope, Severity, Status
from messaging.tables import delivery, sender
from people.organisation import FACILITY_MUNICIPALITIES
from people.tables import organisation
from storage.errors import Conflict, NotFound
from storage.tables import MICROSECOND, database_now

_SECOND = timedelta(seconds=1)


def _events() -> Select[Any]:
    source = (organisation.c.name.label("source"), organisation.c.nis_code)
    return select(event, *source).join(organisation, organisation.c.id == event.c.organisation_id)


def _event(row: Row[Any]) -> Event:
    return Event(
        id=row.id,
        organisation_id=row.organisation_id,
        alert_id=row.alert_id,
        kind=EventKind(row.kind),
        state=EventState(row.state),
        severity=Severity(row.severity),
        status=Status(row.status),
        title=row.title,
        texts=row.texts,
        area=row.area,
        instructions=row.instructions,
        short_texts=row.short_texts,
        contact=row.contact,
        web=row.web,
        template_sid=row.template_sid,
        template_values=tuple(row.template_values),
        ask_if_safe=row.ask_if_safe,
        source=row.source,
        has_facilities=row.nis_code in FACILITY_MUNICIPALITIES,
        recipients=row.recipients,
        expires_at=row.expires_at,
        created_at=row.created_at,
        officer_id=row.officer_id,
        approved_by=row.approved_by,
        written=row.written_to is None,
        is_large=row.slices > 0,
        is_over=row.ended_at is not None,
    )


async def get(connection: AsyncConnection, event_id: int) -> Event:
    """One event, for a job; raises NotFound."""
    row = (await connection.execute(_events().where(event.c.id == event_id))).first()
    if row is None:
        raise NotFound(f"There is no event {event_id}")
    return _event(row)


async def alert_of(connection: AsyncConnection, organisation_id: int, event_id: int) -> int | None:
    """The alert under which an event of this organisation was sent."""
    mine = (event.c.organisation_id == organisation_id, event.c.id == event_id)
    found: int | None = await connection.scalar(select(event.c.alert_id).where(*mine))
    return found


async def of_alert(connection: AsyncConnection, organisation_id: int, alert_id: int) -> list[Event]:
    """What was sent under an alert, in order."""
    mine = (event.c.organisation_id == organisation_id, event.c.alert_id == alert_id)
    return [_event(row) for row in await connection.execute(_events().where(*mine).order_by(event.c.id))]


async def public(
    connection: AsyncConnection, organisation_id: int, statuses: Sequence[Status], limit: int
) -> list[Event]:
    """The latest of what everybody may read, the newest first; feedback was for the network alone."""
    statement = (
        _events()
        .join(alert, alert.c.id == event.c.alert_id)
        .where(
            event.c.organisation_id == organisation_id,
            event.c.status.in_(statuses),
            event.c.kind != EventKind.FEEDBACK,
            alert.c.scope == Scope.PUBLIC,
        )
    )
    return [_event(row) for row in await connection.execute(statement.order_by(event.c.id.desc()).limit(limit))]


async def with_key(connection: AsyncConnection, organisation_id: int, key: str) -> int | None:
    """The event that this press of the button made before, if it did."""
    found: int | None = await connection.scalar(
        select(event.c.id).where(event.c.organisation_id == organisation_id, event.c.idempotency_key == key)
    )
    return found


async def create(connection: AsyncConnection, new: Event, key: str) -> int:
    """Write an event down, none of whose recipients are written yet; gives its id."""
    statement = insert(event).values(
        organisation_id=new.organisation_id,
        alert_id=new.alert_id,
        kind=new.kind,
        title=new.title,
        texts=dict(new.texts),
        severity=new.severity,
        status=new.status,
        area=new.area,
        instructions=dict(new.instructions),
        short_texts=dict(new.short_texts),
        contact=new.contact,
        web=new.web,
        template_sid=new.template_sid,
        template_values=list(new.template_values),
        ask_if_safe=new.ask_if_safe,
        idempotency_key=key,
        officer_id=new.officer_id,
        approved_by=new.approved_by,
        recipients=0,
        state=new.state,
        open_chunks=1,
        written_to=0,
        slices=0,
        expires_at=new.expires_at,
        created_at=new.created_at,
    )
    return int((await connection.execute(statement.returning(event.c.id))).scalar_one())


@dataclass(frozen=True, slots=True)
class Unwritten:
    """An event of whose recipients some are not in the ledger yet.

    after: the last resident who is. slices: how many were written; chunks: how many there are.
    """

    after: int
    slices: int
    chunks: int


async def unwritten(connection: AsyncConnection, event_id: int) -> Unwritten | None:
    """How far the ledger of an event is written; None when it is whole, or the rest need not be written any more."""
    statement = select(event.c.written_to, event.c.slices).where(
        event.c.id == event_id, event.c.written_to.is_not(None), event.c.state != EventState.CANCELLED
    )
    row = (await connection.execute(statement)).first()
    if row is None:
        return None
    return Unwritten(row.written_to, row.slices, await chunk_count(connection, event_id))


async def add_chunks(
    connection: AsyncConnection, event_id: int, first: int, senders: Sequence[int], slice_number: int | None
) -> None:
    """Add chunks, numbered from `first`, each with its sender."""
    rows = [
        {"event_id": event_id, "number": number, "sender_id": one, "slice": slice_number, "state": "waiting", "run": 0}
        for number, one in enumerate(senders, start=first)
    ]
    if rows:
        await connection.execute(insert(chunk), rows)


async def chunk_count(connection: AsyncConnection, event_id: int) -> int:
    """How many chunks an event has, which is the number of the next one."""
    return int(await connection.scalar(select(func.count()).where(chunk.c.event_id == event_id)) or 0)


async def reopen(connection: AsyncConnection, event_id: int, first: int, senders: Sequence[int]) -> None:
    """Add chunks to an event whose ledger is written."""
    await add_chunks(connection, event_id, first, senders, None)
    more = update(event).where(event.c.id == event_id)
    await connection.execute(more.values(open_chunks=event.c.open_chunks + len(senders)))


async def add_recipients(connection: AsyncConnection, event_id: int, number: int) -> None:
    """So many more people of an event are sent it, of whom it was thought that they could not be."""
    more = update(event).where(event.c.id == event_id)
    await connection.execute(more.values(recipients=event.c.recipients + number))


async def written(
    connection: AsyncConnection, event_id: int, before: Unwritten, *, to: int | None, recipients: int, chunks: int
) -> None:
    """One more part of an event's ledger is written. to: the last resident in it; None: it was the last part.

    Raises Conflict when another worker wrote it meanwhile.
    """
    mine = (event.c.id == event_id, event.c.written_to == before.after)
    statement = update(event).where(*mine)
    whole = to is None and before.slices == 0
    values = {
        "written_to": to,
        "recipients": event.c.recipients + recipients,
        "open_chunks": event.c.open_chunks + chunks,
        "slices": 0 if whole else before.slices + 1,
    }
    if (await connection.execute(statement.values(**values))).rowcount != 1:
        raise Conflict("Another worker wrote this part of the ledger")


async def lock(connection: AsyncConnection, event_id: int) -> EventState:
    """Whether an event is still to be sent. Until the end of this transaction nobody else gives its chunks on."""
    statement = select(_STATE).where(event.c.id == event_id).with_for_update(of=event)
    return EventState((await connection.execute(statement)).scalar_one())


_STATE = case((event.c.ended_at.is_not(None), EventState.CANCELLED), else_=event.c.state).label("state")
"""Of an event that has ended nothing leaves, were it sent before that or not."""
_later = event.alias()
_ended_aloud = exists().where(
    _later.c.alert_id == event.c.alert_id,
    _later.c.id > event.c.id,
    _later.c.kind.in_((EventKind.CANCEL, EventKind.ALL_CLEAR)),
)
_LETS_LEAVE = select(or_(_STATE.in_((EventState.SENDING, EventState.SENT)), _ended_aloud)).where(
    event.c.id == bindparam("event")
)


async def end(connection: AsyncConnection, alert_id: int, at: datetime) -> None:
    """What was sent under an alert until now is over: nobody is told it another way."""
    under = update(event).where(event.c.alert_id == alert_id, event.c.ended_at.is_(None))
    await connection.execute(under.values(ended_at=at))


async def lets_leave(connection: AsyncConnection, event_id: int) -> bool:
    """Whether what was claimed of an event may leave: it is being sent, or those for whom it was just leaving when it
    ended are told so."""
    return bool(await connection.scalar(_LETS_LEAVE, {"event": event_id}))


async def state_of(connection: AsyncConnection, event_id: int) -> EventState:
    """Whether an event is still to be sent, as of this transaction."""
    return EventState((await connection.execute(select(event.c.state).where(event.c.id == event_id))).scalar_one())


async def clearance(connection: AsyncConnection, event_id: int, sender_id: int) -> tuple[EventState, float]:
    """Whether an event is still to be sent, and the seconds until its sender's next place in time is free."""
    free = select(sender.c.next_free - database_now()).where(sender.c.id == sender_id).scalar_subquery()
    statement = select(_STATE, free.label("busy")).where(event.c.id == event_id)
    row = (await connection.execute(statement)).one()
    return EventState(row.state), max(0.0, row.busy * MICROSECOND / _SECOND)


_urgent = event.alias()
_HAS_URGENT = select(
    exists()
    .where(chunk.c.event_id == _urgent.c.id, chunk.c.sender_id == bindparam("sender"), chunk.c.state == "queued")
    .where(_urgent.c.state.in_((EventState.SENDING, EventState.SENT)), _urgent.c.ended_at.is_(None))
    .where(_urgent.c.status == Status.ACTUAL, _urgent.c.severity.in_([one for one in Severity if one.is_life_safety]))
)


async def has_urgent(connection: AsyncConnection, sender_id: int) -> bool:
    """Whether a sender has something to send on which lives may depend."""
    return bool(await connection.scalar(_HAS_URGENT, {"sender": sender_id}))


async def move(connection: AsyncConnection, alert_id: int, source: EventState, target: EventState) -> list[int]:
    """Pause, resume or cancel what is being sent under an alert; gives the ids of the events."""
    statement = update(event).where(event.c.alert_id == alert_id, event.c.state == source)
    return list(await connection.scalars(statement.values(state=target).returning(event.c.id)))


@dataclass(frozen=True, slots=True)
class QueuedChunk:
    """A chunk that a job is to carry now. slice: of a large event, the one in which it is counted."""

    event_id: int
    number: int
    sender_id: int
    slice: int | None
    run: int


async def queue_next(connection: AsyncConnection, event_id: int, sender_id: int, count: int) -> list[QueuedChunk]:
    """Take the next waiting chunks of a sender, to give each to a job in this transaction.

    count: how many are to be under way with it.
    """
    under_way = select(func.count()).where(
        chunk.c.event_id == event_id, chunk.c.sender_id == sender_id, chunk.c.state == "queued"
    )
    count -= int(await connection.scalar(under_way) or 0)
    if count <= 0:
        return []
    waiting = (
        select(chunk.c.number)
        .where(chunk.c.event_id == event_id, chunk.c.sender_id == sender_id, chunk.c.state == "waiting")
        .order_by(chunk.c.number)
        .limit(count)
        .with_for_update(skip_locked=True)
    )
    numbers = list(await connection.scalars(waiting))
    taken = update(chunk).where(chunk.c.event_id == event_id, chunk.c.number.in_(numbers))
    queued = taken.values(state="queued", run=chunk.c.run + 1).returning(*_QUEUED)
    return [QueuedChunk(*row) for row in await connection.execute(queued)]


_QUEUED = (chunk.c.event_id, chunk.c.number, chunk.c.sender_id, chunk.c.slice, chunk.c.run)


async def senders_of(connection: AsyncConnection, event_id: int) -> list[int]:
    """The senders that still have chunks of an event before them."""
    statement = select(chunk.c.sender_id).where(chunk.c.event_id == event_id, chunk.c.state == "waiting")
    return list(await connection.scalars(statement.distinct()))


async def get_chunk(connection: AsyncConnection, event_id: int, number: int) -> QueuedChunk:
    """A chunk as it stands."""
    statement = select(*_QUEUED).where(chunk.c.event_id == event_id, chunk.c.number == number)
    return QueuedChunk(*(await connection.execute(statement)).one())


async def put_back(connection: AsyncConnection, event_id: int, number: int) -> None:
    """The event was paused: the chunk waits for its resumption."""
    mine = (chunk.c.event_id == event_id, chunk.c.number == number, chunk.c.state.in_(("queued", "lingering")))
    await connection.execute(update(chunk).where(*mine).values(state="waiting"))


async def linger(connection: AsyncConnection, event_id: int, number: int) -> None:
    """A job comes back later for the rest of a chunk; the next chunk need not wait for that."""
    mine = (chunk.c.event_id == event_id, chunk.c.number == number, chunk.c.state == "queued")
    await connection.execute(update(chunk).where(*mine).values(state="lingering"))


async def end_chunk(connection: AsyncConnection, event_id: int, number: int) -> bool:
    """Nothing of a chunk is open any more; True when it was the event's last one and the event is sent with it."""
    mine = (chunk.c.event_id == event_id, chunk.c.number == number, chunk.c.state != "done")
    if (await connection.execute(update(chunk).where(*mine).values(state="done"))).rowcount != 1:
        return False
    return await end_part(connection, event_id)


async def end_part(connection: AsyncConnection, event_id: int) -> bool:
    """A chunk is done, or everybody is written; True when nothing else was open and the event is sent with it."""
    # The event's row is the lock: of two chunks that end at once, one sees that it is the last.
    left = update(event).where(event.c.id == event_id).values(open_chunks=event.c.open_chunks - 1)
    await connection.execute(left)
    return await finish(connection, event_id)


async def finish(connection: AsyncConnection, event_id: int) -> bool:
    """Whether an event that is being sent is sent with this, because nothing of it is open."""
    sent = update(event).where(event.c.id == event_id, event.c.state == EventState.SENDING, event.c.open_chunks <= 0)
    return (await connection.execute(sent.values(state=EventState.SENT))).rowcount == 1


async def waiting_slice(connection: AsyncConnection, event_id: int) -> int | None:
    """The first slice of an event of which chunks wait that no job carries; from now on none of its chunks waits."""
    waiting = (chunk.c.event_id == event_id, chunk.c.state == "waiting", chunk.c.slice.is_not(None))
    number: int | None = await connection.scalar(select(func.min(chunk.c.slice)).where(*waiting))
    if number is not None:
        await connection.execute(update(chunk).where(*waiting, chunk.c.slice == number).values(state="done"))
    return number


async def latest_to(
    connection: AsyncConnection, organisation_id: int, resident_id: int, at: datetime, window: timedelta
) -> int | None:
    """The last event that this resident was sent, while its time to be answered runs."""
    statement = (
        select(event.c.id)
        .join(delivery, delivery.c.event_id == event.c.id)
        .where(
            event.c.organisation_id == organisation_id,
            delivery.c.resident_id == resident_id,
            delivery.c.accepted_at.is_not(None),
            or_(event.c.created_at > at - window, event.c.expires_at > at),
        )
        .order_by(event.c.id.desc())
        .limit(1)
    )
    found: int | None = await connection.scalar(statement)
    return found


async def has_feedback(connection: AsyncConnection, alert_id: int) -> bool:
    """Whether the network was told what became of an alert."""
    statement = select(func.count()).where(event.c.alert_id == alert_id, event.c.kind == EventKind.FEEDBACK)
    return bool(await connection.scalar(statement))

"""The events of alerts, and the chunks in which each is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.event import Event, EventKind, EventState
from broadcast.tables import chunk, event
from broadcast.vocabulary import Severity, Status
from messaging.tables import delivery, sender
from people.organisation import FACILITY_MUNICIPALITIES
from people.tables import organisation
from storage.errors import NotFound
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
        source=row.source,
        has_facilities=row.nis_code in FACILITY_MUNICIPALITIES,
        recipients=row.recipients,
        expires_at=row.expires_at,
        created_at=row.created_at,
        officer_id=row.officer_id,
        approved_by=row.approved_by,
    )


async def get(connection: AsyncConnection, event_id: int) -> Event:
    """One event, for a job; raises NotFound."""
    row = (await connection.execute(_events().where(event.c.id == event_id))).first()
    if row is None:
        raise NotFound(f"There is no event {event_id}")
    return _event(row)


async def of_alert(connection: AsyncConnection, organisation_id: int, alert_id: int) -> list[Event]:
    """What was sent under an alert, in order."""
    mine = (event.c.organisation_id == organisation_id, event.c.alert_id == alert_id)
    return [_event(row) for row in await connection.execute(_events().where(*mine).order_by(event.c.id))]


async def with_key(connection: AsyncConnection, organisation_id: int, key: str) -> int | None:
    """The event that this press of the button made before, if it did."""
    found: int | None = await connection.scalar(
        select(event.c.id).where(event.c.organisation_id == organisation_id, event.c.idempotency_key == key)
    )
    return found


async def create(connection: AsyncConnection, new: Event, key: str, chunks: Sequence[int]) -> int:
    """Write an event down, with the sender of each of its chunks; gives its id."""
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
        idempotency_key=key,
        officer_id=new.officer_id,
        approved_by=new.approved_by,
        recipients=new.recipients,
        state=new.state,
        open_chunks=len(chunks),
        expires_at=new.expires_at,
        created_at=new.created_at,
    )
    event_id = int((await connection.execute(statement.returning(event.c.id))).scalar_one())
    rows = [
        {"event_id": event_id, "number": number, "sender_id": sender_id, "state": "waiting", "run": 0}
        for number, sender_id in enumerate(chunks)
    ]
    if rows:
        await connection.execute(insert(chunk), rows)
    return event_id


async def state_of(connection: AsyncConnection, event_id: int) -> EventState:
    """Whether an event is still to be sent, as of this transaction."""
    return EventState((await connection.execute(select(event.c.state).where(event.c.id == event_id))).scalar_one())


async def clearance(connection: AsyncConnection, event_id: int, sender_id: int) -> tuple[EventState, float]:
    """Whether an event is still to be sent, and the seconds until its sender's next place in time is free."""
    free = select(sender.c.next_free - database_now()).where(sender.c.id == sender_id).scalar_subquery()
    statement = select(event.c.state, free.label("busy")).where(event.c.id == event_id)
    row = (await connection.execute(statement)).one()
    return EventState(row.state), max(0.0, row.busy * MICROSECOND / _SECOND)


async def move(connection: AsyncConnection, alert_id: int, source: EventState, target: EventState) -> list[int]:
    """Pause, resume or cancel what is being sent under an alert; gives the ids of the events."""
    statement = update(event).where(event.c.alert_id == alert_id, event.c.state == source)
    return list(await connection.scalars(statement.values(state=target).returning(event.c.id)))


@dataclass(frozen=True, slots=True)
class QueuedChunk:
    """A chunk that a job is to carry now."""

    event_id: int
    number: int
    sender_id: int
    run: int


async def queue_next(connection: AsyncConnection, event_id: int, sender_id: int, count: int) -> list[QueuedChunk]:
    """Take the next waiting chunks of a sender, to give each to a job in this transaction."""
    waiting = (
        select(chunk.c.number)
        .where(chunk.c.event_id == event_id, chunk.c.sender_id == sender_id, chunk.c.state == "waiting")
        .order_by(chunk.c.number)
        .limit(count)
        .with_for_update(skip_locked=True)
    )
    numbers = list(await connection.scalars(waiting))
    taken = update(chunk).where(chunk.c.event_id == event_id, chunk.c.number.in_(numbers))
    queued = taken.values(state="queued", run=chunk.c.run + 1).returning(chunk.c.number, chunk.c.run)
    rows = await connection.execute(queued)
    return [QueuedChunk(event_id, row.number, sender_id, row.run) for row in rows]


async def senders_of(connection: AsyncConnection, event_id: int) -> list[int]:
    """The senders that still have chunks of an event before them."""
    statement = select(chunk.c.sender_id).where(chunk.c.event_id == event_id, chunk.c.state == "waiting")
    return list(await connection.scalars(statement.distinct()))


async def sender_of(connection: AsyncConnection, event_id: int, number: int) -> int:
    """Through which sender a chunk leaves."""
    statement = select(chunk.c.sender_id).where(chunk.c.event_id == event_id, chunk.c.number == number)
    return int((await connection.execute(statement)).scalar_one())


async def put_back(connection: AsyncConnection, event_id: int, number: int) -> None:
    """The event was paused: the chunk waits for its resumption."""
    mine = (chunk.c.event_id == event_id, chunk.c.number == number, chunk.c.state == "queued")
    await connection.execute(update(chunk).where(*mine).values(state="waiting"))


async def end_chunk(connection: AsyncConnection, event_id: int, number: int) -> bool:
    """Nothing of a chunk is open any more; True when it was the event's last one and the event is sent with it."""
    mine = (chunk.c.event_id == event_id, chunk.c.number == number, chunk.c.state != "done")
    if (await connection.execute(update(chunk).where(*mine).values(state="done"))).rowcount != 1:
        return False
    # The event's row is the lock: of two chunks that end at once, one sees that it is the last.
    left = update(event).where(event.c.id == event_id).values(open_chunks=event.c.open_chunks - 1)
    if (await connection.execute(left.returning(event.c.open_chunks))).scalar_one() > 0:
        return False
    sent = update(event).where(event.c.id == event_id, event.c.state == EventState.SENDING)
    return (await connection.execute(sent.values(state=EventState.SENT))).rowcount == 1


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

"""The events of alerts: what was sent, which stays as it is, and whether it is still being sent."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, bindparam, case, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.event import Event, EventKind, EventState
from broadcast.tables import alert, event
from broadcast.vocabulary import Scope, Severity, Status
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


async def add_recipients(connection: AsyncConnection, event_id: int, number: int) -> None:
    """So many more people of an event are sent it, of whom it was thought that they could not be."""
    more = update(event).where(event.c.id == event_id)
    await connection.execute(more.values(recipients=event.c.recipients + number))


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


async def move(connection: AsyncConnection, alert_id: int, source: EventState, target: EventState) -> list[int]:
    """Pause, resume or cancel what is being sent under an alert; gives the ids of the events."""
    statement = update(event).where(event.c.alert_id == alert_id, event.c.state == source)
    return list(await connection.scalars(statement.values(state=target).returning(event.c.id)))


async def finish(connection: AsyncConnection, event_id: int) -> bool:
    """Whether an event that is being sent is sent with this, because nothing of it is open."""
    sent = update(event).where(event.c.id == event_id, event.c.state == EventState.SENDING, event.c.open_chunks <= 0)
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

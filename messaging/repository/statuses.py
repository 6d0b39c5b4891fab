"""What providers say later of messages that left: a status only moves a delivery forward, however often it comes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Update, and_, bindparam, case, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate

from messaging.delivery import WAITING, DeliveryState, sources
from messaging.repository import tallies
from messaging.repository.attempts import OTHER_WAY
from messaging.repository.sent import alert_delivered, message_sent
from messaging.tables import delivery, sender
from people.tables import address
from storage.repository import append_facts
from storage.tables import Id, Instant

S = DeliveryState
_AT = bindparam("at", type_=Instant)
_MOMENT = {S.DELIVERED: "delivered_at", S.READ: "read_at"}
_OF_SENDER = delivery.c.sender_id == bindparam("sender")
_NAMED = delivery.c.provider_id == bindparam("provider")
# By our own id, from the callback's address: the status may overtake the answer to our request.
_UNNAMED = and_(delivery.c.id == bindparam("delivery", type_=Id), delivery.c.provider_id.is_(None))
_REPORTED = and_(_OF_SENDER, or_(_NAMED, _UNNAMED))


def _forward(state: DeliveryState) -> ReturningUpdate[Any]:
    values: dict[str, Any] = {
        "state": state,
        "provider_id": bindparam("provider"),
        "error": bindparam("why", type_=delivery.c.error.type),
    }
    if state in _MOMENT:
        values |= {_MOMENT[state]: _AT, "failover_at": None, "superseded": False}
    if state is S.FAILED:
        values |= OTHER_WAY
    told = (delivery.c.id, delivery.c.event_id, delivery.c.slice, delivery.c.resident_id)
    return update(delivery).where(_REPORTED, delivery.c.state.in_(sources(state))).values(**values).returning(*told)


_FORWARD = {state: _forward(state) for state in (S.ACCEPTED, S.DELIVERED, S.READ, S.FAILED)}


async def advance(
    connection: AsyncConnection,
    *,
    sender_id: int,
    provider_id: str,
    state: DeliveryState,
    at: datetime,
    delivery_id: int | None = None,
    error: str | None = None,
) -> bool:
    """A status came in: move forward, never back. True when it told something new.

    delivery_id: from the callback's address; it finds the row even when the status overtakes the answer to our request.
    """
    reported = {"sender": sender_id, "provider": provider_id, "delivery": delivery_id, "at": at}
    late = state is not S.FAILED and await _accept_late(connection, _REPORTED_LATE, reported)
    moved = (await connection.execute(_FORWARD[state], {**reported, "why": error})).all()
    await tallies.stale(connection, ((row.event_id, row.slice) for row in moved))
    for row in moved:
        if row.event_id is not None and state in _MOMENT:
            await stop_other_ways(connection, row.event_id, row.resident_id, row.id)
    return bool(moved) or late


async def stop_other_ways(connection: AsyncConnection, event_id: int, resident_id: int, reached_by: int | None) -> None:
    """The person has an event's message, or answered it: nobody tells them another way.

    reached_by: the delivery that says so from now on.
    """
    mine = {"event": event_id, "resident": resident_id}
    if reached_by is None:
        await connection.execute(_STOP, mine)
    else:
        await connection.execute(_SUPERSEDE, {**mine, "reached_by": reached_by})


_STOPPED = {
    "failover_at": None,
    "withdrawn": True,
    "state": case((delivery.c.state.in_(WAITING), S.CANCELLED), else_=delivery.c.state),
}
_TO_PERSON = and_(
    delivery.c.event_id == bindparam("event"),
    delivery.c.resident_id == bindparam("resident"),
    delivery.c.edits.is_(None),
)
_STOP = update(delivery).where(_TO_PERSON).values(**_STOPPED)
_SUPERSEDE = (
    update(delivery).where(_TO_PERSON, delivery.c.id != bindparam("reached_by")).values(**_STOPPED, superseded=True)
)


@dataclass(frozen=True, slots=True)
class Known:
    """A delivery as its provider knows it. of_channel: whether its address is one of the sender's own channel."""

    organisation_id: int
    event_id: int | None
    resident_id: int
    address_id: int
    of_channel: bool


_KNOWN = (
    select(delivery.c.organisation_id, delivery.c.event_id, delivery.c.resident_id, delivery.c.address_id)
    .add_columns((sender.c.channel == address.c.channel).label("of_channel"))
    .join(sender, sender.c.id == delivery.c.sender_id)
    .join(address, address.c.id == delivery.c.address_id)
    .where(_OF_SENDER, _NAMED)
)


async def known_as(connection: AsyncConnection, sender_id: int, provider_id: str) -> Known | None:
    """The delivery of this id of the provider."""
    row = (await connection.execute(_KNOWN, {"sender": sender_id, "provider": provider_id})).first()
    return None if row is None else Known(*row)


def _late(mine: ColumnElement[bool]) -> ReturningUpdate[Any]:
    """The answer to our request was lost, or a status overtook it: this is how we learn that it left."""
    # A subquery: SQLite gives back no columns of a table that an update is joined with.
    channel = select(sender.c.channel).where(sender.c.id == delivery.c.sender_id).scalar_subquery()
    values = {"state": S.ACCEPTED, "provider_id": bindparam("provider"), "accepted_at": _AT, "lease": None}
    left: Update = update(delivery).where(mine, delivery.c.state.in_((S.SENDING, S.UNKNOWN))).values(**values)
    return left.returning(delivery, channel.label("channel"))


_REPORTED_LATE, _FOUND = _late(_REPORTED), _late(delivery.c.id == bindparam("delivery", type_=Id))


async def accept_found(connection: AsyncConnection, delivery_id: int, provider_id: str, at: datetime) -> None:
    """The provider, asked, has it: it was accepted after all."""
    await _accept_late(connection, _FOUND, {"delivery": delivery_id, "provider": provider_id, "at": at})


async def _accept_late(connection: AsyncConnection, statement: ReturningUpdate[Any], values: dict[str, Any]) -> bool:
    rows = (await connection.execute(statement, values)).all()
    await tallies.stale(connection, ((row.event_id, row.slice) for row in rows))
    facts = [
        message_sent(row, row.channel, values["at"])
        if row.event_id is None
        else alert_delivered(row.organisation_id, row.event_id, row.channel, 1, values["at"])
        for row in rows
    ]
    await append_facts(connection, facts)
    return bool(rows)

"""Who must perhaps be told another way, what was tried, and what else there is."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.failover import TOO_SOON, Tried, Way
from messaging.delivery import DeliveryState
from messaging.tables import delivery, sender

S = DeliveryState
_SETTLED = (S.FAILED, S.ACCEPTED, S.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody of an event who has no news of it yet. slice: in which they are counted; step: of the last way."""

    resident_id: int
    slice: int | None
    step: int
    tried: tuple[Tried, ...]


def _due(at: datetime) -> ColumnElement[bool]:
    return and_(delivery.c.failover_at.is_not(None), delivery.c.failover_at <= at)


async def events_due(connection: AsyncConnection, at: datetime, limit: int) -> list[int]:
    """The events of which somebody must perhaps be told another way now."""
    statement = select(delivery.c.event_id).where(_due(at)).distinct().limit(limit)
    return [int(one) for one in await connection.scalars(statement)]


async def unreached(connection: AsyncConnection, event_id: int, at: datetime, limit: int) -> list[Unreached]:
    """People of an event whose time has come; whoever calls decides about them in this transaction."""
    due = (
        select(delivery.c.id, delivery.c.resident_id)
        .where(_due(at), delivery.c.event_id == event_id)
        .order_by(delivery.c.failover_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = {row.id: row.resident_id for row in await connection.execute(due)}
    decided = update(delivery).where(delivery.c.id.in_(found))
    await connection.execute(decided.values(failover_at=None))
    tried = await _tried(connection, event_id, sorted(set(found.values())))
    return [one for one in tried if one is not None]


async def _tried(connection: AsyncConnection, event_id: int, residents: Sequence[int]) -> list[Unreached]:
    columns = (delivery.c.resident_id, delivery.c.address_id, delivery.c.sender_id, delivery.c.step, delivery.c.slice)
    statement = (
        select(*columns, delivery.c.state, delivery.c.error, delivery.c.withdrawn, sender.c.channel)
        .join(sender, sender.c.id == delivery.c.sender_id)
        .where(delivery.c.event_id == event_id, delivery.c.resident_id.in_(residents), delivery.c.edits.is_(None))
        .order_by(delivery.c.resident_id, delivery.c.step)
    )
    ways = defaultdict(list)
    for row in await connection.execute(statement):
        ways[row.resident_id].append(row)
    return [
        Unreached(
            resident_id,
            rows[-1].slice,
            rows[-1].step,
            tuple(
                Tried(Way(row.address_id, row.channel, row.sender_id), row.error if row.state == S.FAILED else TOO_SOON)
                for row in rows
            ),
        )
        for resident_id, rows in ways.items()
        if rows[-1].state in _SETTLED and not any(row.withdrawn for row in rows)
    ]


async def missed(
    connection: AsyncConnection, event_id: int, ended: Collection[tuple[DeliveryState, str | None]], limit: int
) -> list[Unreached]:
    """People of an event whose last message ended in one of these states, with the code that goes with it.

    Whoever is told another way by itself, or answered, is none of them.
    """
    how = or_(
        *(and_(delivery.c.state == state, delivery.c.error.is_not_distinct_from(error)) for state, error in ended)
    )
    mine = (delivery.c.event_id == event_id, ~delivery.c.superseded, ~delivery.c.withdrawn, how)
    statement = (
        select(delivery.c.resident_id, delivery.c.slice, delivery.c.step)
        .where(*mine, delivery.c.failover_at.is_(None))
        .order_by(delivery.c.resident_id)
        .limit(limit)
    )
    return [Unreached(row.resident_id, row.slice, row.step, ()) for row in await connection.execute(statement)]


async def suppressed(connection: AsyncConnection, event_id: int, residents: Sequence[int]) -> int:
    """How many of these people an event was not to be sent to."""
    mine = (delivery.c.event_id == event_id, delivery.c.resident_id.in_(residents), ~delivery.c.superseded)
    statement = select(func.count()).where(*mine, delivery.c.state == S.SUPPRESSED)
    return int(await connection.scalar(statement) or 0)


async def postpone(connection: AsyncConnection, event_id: int, at: datetime, until: datetime | None) -> None:
    """Look at these people later; never again, without a moment."""
    due = update(delivery).where(_due(at), delivery.c.event_id == event_id)
    await connection.execute(due.values(failover_at=until))


async def supersede(connection: AsyncConnection, event_id: int, residents: Sequence[int]) -> None:
    """These people are told another way: that row says from now on how they stand."""
    before = update(delivery).where(delivery.c.event_id == event_id, delivery.c.resident_id.in_(residents))
    await connection.execute(before.values(superseded=True))

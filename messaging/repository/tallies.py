"""How the deliveries of an event stand: a small event is counted when asked, a large one by slice, when news came."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from messaging.delivery import DeliveryState
from messaging.tables import delivery, recount, sender, tally

_NEWS_AT_ONCE = 20_000
_SLICES_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Count:
    """How many people of an event are in a state, by the channel of the last way to them; error: why they failed."""

    state: DeliveryState
    channel: str | None
    error: str | None
    possible_duplicate: bool
    number: int


async def counts(connection: AsyncConnection, event_id: int) -> list[Count]:
    """How all people of an event stand: now, or for a large event about a second ago."""
    slices = list(await connection.scalars(select(tally.c.counts).where(tally.c.event_id == event_id)))
    if not slices:
        return await _count(connection, delivery.c.event_id == event_id)
    added: defaultdict[tuple[str, str | None, str | None, bool], int] = defaultdict(int)
    for state, channel, error, doubled, number in chain.from_iterable(slices):
        added[state, channel, error, doubled] += number
    return [Count(DeliveryState(group[0]), *group[1:], number) for group, number in added.items()]


async def _count(connection: AsyncConnection, which: ColumnElement[bool]) -> list[Count]:
    groups = (delivery.c.state, sender.c.channel, delivery.c.error, delivery.c.possible_duplicate)
    statement = (
        select(*groups, func.count().label("number"))
        .outerjoin(sender, sender.c.id == delivery.c.sender_id)
        .where(which, ~delivery.c.superseded)
        .group_by(*groups)
    )
    return [
        Count(DeliveryState(row.state), row.channel, row.error, row.possible_duplicate, row.number)
        for row in await connection.execute(statement)
    ]


async def begin(connection: AsyncConnection, event_id: int, slice_number: int) -> None:
    """A slice was just written: count it for the first time."""
    await connection.execute(insert(tally).values(event_id=event_id, slice=slice_number, counts=[]))
    await _count_slice(connection, event_id, slice_number)


async def stale(connection: AsyncConnection, slices: Iterable[tuple[int | None, int | None]]) -> None:
    """There is news of these slices, given with their events; what is in no slice is left out."""
    rows = [{"event_id": event_id, "slice": number} for event_id, number in slices if number is not None]
    if rows:
        await connection.execute(insert(recount), rows)


async def has_news(connection: AsyncConnection) -> bool:
    """Whether there are slices to count again: a cheap look before a writing transaction."""
    return bool(await connection.scalar(select(select(recount.c.id).exists())))


async def count_again(connection: AsyncConnection) -> bool:
    """Count slices of which there is news; True when there may be more.

    News that is not committed yet is not seen here, so it stays, and its slice is counted again after it.
    """
    news = select(recount.c.id).order_by(recount.c.id).limit(_NEWS_AT_ONCE).with_for_update(skip_locked=True)
    taken = delete(recount).where(recount.c.id.in_(news)).returning(recount.c.event_id, recount.c.slice)
    slices = sorted({(row.event_id, row.slice) for row in await connection.execute(taken)})
    for event_id, number in slices[:_SLICES_AT_ONCE]:
        await _count_slice(connection, event_id, number)
    await stale(connection, slices[_SLICES_AT_ONCE:])
    return len(slices) > _SLICES_AT_ONCE


async def _count_slice(connection: AsyncConnection, event_id: int, number: int) -> None:
    mine = (tally.c.event_id == event_id, tally.c.slice == number)
    # Locked before it is counted: of two who count one slice, the later one writes the later figures.
    await connection.execute(select(tally.c.slice).where(*mine).with_for_update())
    found = await _count(connection, (delivery.c.event_id == event_id) & (delivery.c.slice == number))
    figures = [[one.state, one.channel, one.error, one.possible_duplicate, one.number] for one in found]
    await connection.execute(update(tally).where(*mine).values(counts=figures, handed_stale=True))

"""What providers took of an event, for its report: a small event is counted when asked, a large one by slice.

The slices are counted in the background, after those of the progress, so that a report costs the same for a million.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain

from sqlalchemy import BigInteger, ColumnElement, case, func, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncConnection

from messaging.delivery import REACHED
from messaging.incoming import ChannelKind
from messaging.tables import delivery, sender, tally
from people.tables import resident
from storage.tables import MICROSECOND

WITHIN = (10, 30, 60, 300, 600, 1800, 3600)
"""Seconds after an event was sent, up to which people are counted together; the last group is whoever came later."""
_SLICES_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Handed:
    """So many messages that a provider took. language: that people asked for, of SMS alone, which cost more by it.

    other_way: after another way failed. within: the number of their bound in WITHIN, of those that reached the person;
    None of those that did not.
    """

    sender_id: int
    language: str | None
    other_way: bool
    within: int | None
    number: int


async def of_event(connection: AsyncConnection, event_id: int) -> list[Handed]:
    """All that was taken: until now, or of a large event some seconds ago."""
    slices = list(await connection.scalars(select(tally.c.handed).where(tally.c.event_id == event_id)))
    if not slices:
        return await _count(connection, delivery.c.event_id == event_id)
    added: defaultdict[tuple[int, str | None, bool, int | None], int] = defaultdict(int)
    for sender_id, language, other_way, within, number in chain.from_iterable(slices):
        added[sender_id, language, other_way, within] += number
    return [Handed(*group, number) for group, number in added.items()]


_since = type_coerce(delivery.c.accepted_at, BigInteger) - type_coerce(delivery.c.queued_at, BigInteger)
_BOUND = case(
    *((_since <= timedelta(seconds=bound) // MICROSECOND, number) for number, bound in enumerate(WITHIN)),
    else_=len(WITHIN),
)
_BY_SMS = sender.c.channel == ChannelKind.SMS
_GROUPS = (
    delivery.c.sender_id,
    case((_BY_SMS, resident.c.requested_language)).label("asked_in"),
    (delivery.c.step > 0).label("other_way"),
    case((delivery.c.state.in_(REACHED) & ~delivery.c.superseded, _BOUND)).label("bucket"),
)
_COUNTED = (
    select(*_GROUPS, func.count())
    .join(sender, sender.c.id == delivery.c.sender_id)
    .outerjoin(resident, _BY_SMS & (resident.c.id == delivery.c.resident_id))
    .where(delivery.c.accepted_at.is_not(None), delivery.c.edits.is_(None))
    .group_by(delivery.c.sender_id, "asked_in", "other_way", "bucket")
)


async def _count(connection: AsyncConnection, which: ColumnElement[bool]) -> list[Handed]:
    rows = await connection.execute(_COUNTED.where(which))
    return [Handed(row[0], row[1], bool(row[2]), row[3], row[4]) for row in rows]


async def is_stale(connection: AsyncConnection) -> bool:
    """Whether there are slices to count again: a cheap look before a writing transaction."""
    return bool(await connection.scalar(select(select(tally.c.slice).where(tally.c.handed_stale).exists())))


async def count_again(connection: AsyncConnection) -> bool:
    """Count some slices of which there was news; True when there may be more."""
    stale = select(tally.c.event_id, tally.c.slice).where(tally.c.handed_stale).limit(_SLICES_AT_ONCE)
    rows = (await connection.execute(stale.with_for_update(skip_locked=True))).all()
    for event_id, number in rows:
        found = await _count(connection, (delivery.c.event_id == event_id) & (delivery.c.slice == number))
        figures = [[one.sender_id, one.language, one.other_way, one.within, one.number] for one in found]
        mine = update(tally).where(tally.c.event_id == event_id, tally.c.slice == number)
        await connection.execute(mine.values(handed=figures, handed_stale=False))
    return len(rows) == _SLICES_AT_ONCE

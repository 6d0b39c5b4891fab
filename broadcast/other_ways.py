"""Tells people another way whom a message did not reach: rows of the ledger of their own, in chunks of their own."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast import sending
from broadcast.audience import Senders
from broadcast.event import Event, EventState
from broadcast.expansion import chunk_sizes
from broadcast.failover import Course, Way, course, next_way, policy_of, waits
from broadcast.repository import audience, chunks, events, failover
from broadcast.repository.failover import Unreached
from messaging.repository import tallies
from messaging.repository.lines import Line, queue

_EVENTS, _PEOPLE = 10, 200
_WHILE_PAUSED = timedelta(seconds=10)


async def try_next(connection: AsyncConnection, at: datetime) -> bool:
    """Look after people whose time has come, in this transaction; True when there may be more."""
    due = await failover.events_due(connection, at, _EVENTS)
    for event_id in due:
        state = await events.lock(connection, event_id)
        event = await events.get(connection, event_id)
        if state is EventState.CANCELLED or event.expires_at <= at:
            await failover.postpone(connection, event_id, at, None)
        elif state is EventState.PAUSED:
            await failover.postpone(connection, event_id, at, at + _WHILE_PAUSED)
        else:
            await _try_next(connection, event, at)
    return bool(due)


@dataclass(frozen=True, slots=True)
class NextWay:
    """How somebody is told next. due_at: not before that moment."""

    one: Unreached
    way: Way
    due_at: datetime | None = None


async def _try_next(connection: AsyncConnection, event: Event, at: datetime) -> None:
    people = await failover.unreached(connection, event.id, at, _PEOPLE)
    senders = await audience.senders(connection, event.organisation_id)
    candidates = await audience.candidates(connection, [one.resident_id for one in people])
    steps = []
    for one in people:
        way = next_way(one.tried, candidates.get(one.resident_id, ()), senders, policy_of(event))
        if way is not None:
            steps.append(NextWay(one, way, _due_at(one, way, at)))
    if steps:
        await tell(connection, event, steps, senders)


def _due_at(one: Unreached, way: Way, at: datetime) -> datetime | None:
    """The same way again is worth it only after a while."""
    again = way == one.tried[-1].way and course(one.tried[-1].code, 1) is Course.AGAIN
    return at + waits(one.tried[-1].code) if again else None


async def tell(connection: AsyncConnection, event: Event, steps: Sequence[NextWay], senders: Senders) -> None:
    """Write rows of the ledger that say from now on how these people stand, and let their chunks leave."""
    await failover.supersede(connection, event.id, [step.one.resident_id for step in steps])
    by_sender = defaultdict(list)
    for step in steps:
        by_sender[step.way.sender_id].append(step)
    size = chunk_sizes(senders)
    lines: list[Line] = []
    chunk_senders: list[int] = []
    first = await chunks.count(connection, event.id)
    for sender_id, some in by_sender.items():
        for place, step in enumerate(some):
            if place % size[sender_id] == 0:
                chunk_senders.append(sender_id)
            one, number = step.one, first + len(chunk_senders) - 1
            address_id = step.way.address_id
            lines.append(
                Line(one.resident_id, address_id, sender_id, number, one.slice, step=one.step + 1, due_at=step.due_at)
            )
    await queue(connection, sending.shared(event), lines)
    await chunks.reopen(connection, event.id, first, chunk_senders)
    await tallies.stale(connection, {(event.id, step.one.slice) for step in steps})
    await sending.release(connection, event)

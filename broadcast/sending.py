"""From a decision to lines in the ledger and jobs: the first slice in the transaction of the decision itself."""

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.event import Event, EventKind, EventState
from broadcast.expansion import Page, lines, next_page
from broadcast.replaced import REPLACING
from broadcast.repository import alerts, chunks, events
from broadcast.repository.chunks import QueuedChunk
from messaging.repository import broadcasts, tallies
from messaging.repository.lines import Broadcast, queue
from storage.clock import now
from storage.encryption import Vault
from storage.facts import Fact, FactKind
from storage.jobs import AT_ONCE, Job, enqueue
from storage.repository import append_facts, mark_changed

CHUNK = "broadcast chunk"
"""The kind of job that sends one chunk: arguments event id, number, run, turn."""
SLICES = "broadcast slices"
"""The kind of job that writes the rest of a large event's ledger, or withdraws it: argument event id."""
EDITS = "broadcast edits"
"""The kind of job that marks what people have of an alert as out of date: argument event id, of what followed."""
FIRST_SLICE, SLICE = 2_000, 5_000
"""So many people are written with the event itself, and in each transaction after it: whoever else writes waits for
less than a tenth of a second."""
_PRIORITY = {EventKind.FEEDBACK: 30, EventKind.ALERT: 20, EventKind.UPDATE: 10}
_FIRST, _OTHER = 1, 10


async def start(connection: AsyncConnection, vault: Vault, new: Event, key: str) -> Event:
    """Write down an event, the first slice of its deliveries, and jobs for these and for the rest."""
    event = replace(new, id=await events.create(connection, new, key))
    first = await read_slice(connection, vault, event, FIRST_SLICE)
    if first is not None and await write_slice(connection, event, first):
        await enqueue(connection, [slices_job(event)])
    await mark_changed(connection, new.organisation_id)
    return await events.get(connection, event.id)


@dataclass(frozen=True, slots=True)
class Slice:
    """The next people of an event, who follow the resident `after` and are not in the ledger yet."""

    after: int
    page: Page


async def read_slice(connection: AsyncConnection, vault: Vault, event: Event, limit: int | None = None) -> Slice | None:
    """Choose for the next people of an event, at most SLICE; None when all are written, or need not be any more.

    It only reads, so that the writing transaction, for which others wait, is short. What somebody says in between,
    STOP for example, is looked at when their message leaves.
    """
    before = await chunks.unwritten(connection, event.id)
    if before is None:
        return None
    return Slice(before.after, await next_page(connection, vault, event, before.after, limit or SLICE))


async def write_slice(connection: AsyncConnection, event: Event, part: Slice) -> bool:
    """Write the next slice of an event's deliveries, and let its first chunks leave; True when there are more.

    One that another worker wrote since it was read is not written again.
    """
    await events.lock(connection, event.id)
    before = await chunks.unwritten(connection, event.id)
    if before is None or before.after != part.after:
        return before is not None
    page = part.page
    number = before.slices if page.to or before.slices else None
    rows, chunk_senders = lines(page, before.chunks, number)
    await queue(connection, shared(event), rows)
    await chunks.add(connection, event.id, before.chunks, chunk_senders, number)
    going = sum(line.suppressed is None for line in rows)
    await chunks.written(connection, event.id, before, to=page.to, recipients=going, chunks=len(chunk_senders))
    if number is not None:
        await tallies.begin(connection, event.id, number)
    await release(connection, event)
    if page.to is None and await chunks.end_part(connection, event.id):
        await sent(connection, event)
    return page.to is not None


def shared(event: Event) -> Broadcast:
    """What all lines of an event have in common."""
    return Broadcast(
        organisation_id=event.organisation_id,
        event_id=event.id,
        resend_unknown=event.is_life_safety and event.kind is not EventKind.FEEDBACK,
        expires_at=event.expires_at,
        queued_at=event.created_at,
    )


async def release(connection: AsyncConnection, event: Event) -> None:
    """Give chunks of each sender to jobs, as many as may run at once. Each job gives the next on when it ends.

    A job for every chunk at once would make a large event slow to write, and a pause of it slow to drain.
    """
    if await events.lock(connection, event.id) not in {EventState.SENDING, EventState.SENT}:
        return
    for sender_id in await chunks.senders_of(connection, event.id):
        await hand_on(connection, event, sender_id)


async def resume(connection: AsyncConnection, event: Event) -> None:
    """Go on with what was paused, if anything of it is left."""
    await release(connection, event)
    if await events.finish(connection, event.id):
        await sent(connection, event)


async def withdraw(connection: AsyncConnection, event: Event) -> None:
    """The event was cancelled: nothing of it leaves any more. The ledger of a large one says so slice by slice."""
    if event.is_large:
        await enqueue(connection, [slices_job(event, "withdrawal")])
    else:
        await broadcasts.withdraw(connection, event.id, None)


async def withdraw_slice(connection: AsyncConnection, event: Event) -> bool:
    """Write down in the next slice of a cancelled event that it does not leave; True when there are more."""
    number = await chunks.waiting_slice(connection, event.id)
    if number is None:
        return False
    await broadcasts.withdraw(connection, event.id, number)
    await tallies.stale(connection, [(event.id, number)])
    return True


async def sent(connection: AsyncConnection, event: Event) -> None:
    """Everything of an event left that was to leave."""
    moment = now()
    if event.kind is EventKind.ALERT:
        await alerts.finish(connection, event.alert_id, moment)
    fact = Fact(
        kind=FactKind.ALERT_SENT,
        organisation_id=event.organisation_id,
        at=moment,
        event_id=event.id,
        data={"recipients": (await events.get(connection, event.id)).recipients, "kind": event.kind},
    )
    await append_facts(connection, [fact])
    if event.kind in REPLACING:
        await enqueue(connection, [slices_job(event, "edits", EDITS)])


async def hand_on(connection: AsyncConnection, event: Event, sender_id: int) -> None:
    """Give the next chunks of this sender to jobs, until as many as may run at once are under way."""
    queued = await chunks.queue_next(connection, event.id, sender_id, AT_ONCE)
    await enqueue(connection, [job(event, chunk) for chunk in queued])


def job(event: Event, chunk: QueuedChunk, turn: int = 0, *, delay: float = 0.0) -> Job:
    """The job of one chunk. turn: how often it had to come back, for what could not be sent yet."""
    return Job(
        kind=CHUNK,
        id=f"event-{event.id}-chunk-{chunk.number}-run-{chunk.run}-turn-{turn}",
        lane=str(chunk.sender_id),
        arguments=(event.id, chunk.number, chunk.run, turn),
        priority=_priority(event),
        delay=delay,
    )


def slices_job(event: Event, step: str = "slices", kind: str = SLICES) -> Job:
    """The job that writes the rest of a large event's ledger, its withdrawal, or its edits of earlier messages."""
    lane = f"slices-{event.id}"
    return Job(kind=kind, id=f"event-{event.id}-{step}", lane=lane, arguments=(event.id,), priority=_priority(event))


def _priority(event: Event) -> int:
    return _FIRST if event.is_life_safety else _PRIORITY.get(event.kind, _OTHER)

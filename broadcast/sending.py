"""From a decision to lines in the ledger and jobs: the first slice in the transaction of the decision itself."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast import audience
from broadcast.audience import Preview, Recipient, Senders, Suppressed
from broadcast.event import Event, EventKind, EventState
from broadcast.failover import policy_of
from broadcast.repository import alerts, events
from broadcast.repository import audience as people
from broadcast.repository.events import QueuedChunk
from broadcast.selection import Selection
from messaging.repository import broadcasts, tallies
from messaging.repository.broadcasts import Broadcast, Line
from storage.clock import now
from storage.encryption import Vault
from storage.facts import Fact, FactKind
from storage.jobs import AT_ONCE, Job, enqueue
from storage.repository import append_facts, mark_changed

CHUNK = "broadcast chunk"
"""The kind of job that sends one chunk: arguments event id, number, run, turn."""
SLICES = "broadcast slices"
"""The kind of job that writes the rest of a large event's ledger, or withdraws it: argument event id."""
SLICE = 10_000
"""So many people are written in one transaction: whoever else writes waits for a part of a second."""
_SMALLEST, _LARGEST = 10, 1_000
_PRIORITY = {EventKind.FEEDBACK: 30, EventKind.ALERT: 20, EventKind.UPDATE: 10}
_FIRST, _OTHER = 1, 10


@dataclass(frozen=True, slots=True)
class Page:
    """A part of an audience: where each person is told, or why not; None for somebody without any address.

    to: the last resident in it; None when nobody comes after them.
    """

    recipients: Sequence[Recipient | None]
    senders: Senders
    to: int | None


async def members(
    connection: AsyncConnection,
    vault: Vault,
    organisation_id: int,
    selection: Selection,
    at: datetime,
    after: int = 0,
    limit: int | None = None,
    *,
    calls: bool = False,
) -> Page:
    """Everybody in the audience, each with where they are told or why not; or the next `limit` of them.

    calls: whether phones are called.
    """
    senders = await people.senders(connection, organisation_id)
    found = [
        one async for one in people.members(connection, vault, organisation_id, selection, after=after, limit=limit)
    ]
    chosen = [audience.choose(resident_id, candidates, senders, at, calls=calls) for resident_id, candidates in found]
    recipients = await respect_stop(connection, vault, organisation_id, chosen)
    if selection.coordinators_first and found:
        first = await people.coordinators(connection, organisation_id, selection, found[0][0], found[-1][0])
        recipients = sorted(recipients, key=lambda one: one is None or one.resident_id not in first)
    return Page(recipients, senders, found[-1][0] if len(found) == limit else None)


async def _told(connection: AsyncConnection, vault: Vault, event: Event, after: int) -> Page:
    """The next of those whom the alert reached before this event, at the address where it did."""
    senders = await people.senders(connection, event.organisation_id)
    earlier = [one.id for one in await events.of_alert(connection, event.organisation_id, event.alert_id)]
    reached = await broadcasts.told(connection, [one for one in earlier if one < event.id], after, SLICE)
    today, calls = await people.consents(connection, reached), policy_of(event).calls
    chosen = [
        audience.choose_again(
            one.resident_id, today[one.address_id], one.sender_id, senders, event.created_at, calls=calls
        )
        for one in reached
    ]
    recipients = await respect_stop(connection, vault, event.organisation_id, chosen)
    return Page(recipients, senders, reached[-1].resident_id if len(reached) == SLICE else None)


async def preview(
    connection: AsyncConnection, vault: Vault, organisation_id: int, selection: Selection, at: datetime
) -> Preview:
    """How many people an alert to this audience would reach now, by channel, and how many not."""
    page = await members(connection, vault, organisation_id, selection, at)
    return audience.preview(page.recipients, page.senders)


async def respect_stop(
    connection: AsyncConnection, vault: Vault, organisation_id: int, chosen: Sequence[Recipient | None]
) -> Sequence[Recipient | None]:
    """A WhatsApp number is used as SMS only when that number did not refuse SMS."""
    instead = [one.address_id for one in chosen if one is not None and one.by_sms_instead]
    if not instead:
        return chosen
    refused = await people.refused_as_sms(connection, vault, organisation_id, instead)
    return [
        replace(one, sender_id=None, suppressed=Suppressed.WINDOW_CLOSED)
        if one is not None and one.by_sms_instead and one.address_id in refused
        else one
        for one in chosen
    ]


async def start(connection: AsyncConnection, vault: Vault, new: Event, key: str) -> Event:
    """Write down an event, the first slice of its deliveries, and jobs for these and for the rest."""
    event = replace(new, id=await events.create(connection, new, key))
    if await write_slice(connection, vault, event):
        await enqueue(connection, [slices_job(event)])
    await mark_changed(connection, new.organisation_id)
    return await events.get(connection, event.id)


async def write_slice(connection: AsyncConnection, vault: Vault, event: Event) -> bool:
    """Write the next slice of an event's deliveries, and let its first chunks leave; True when there are more.

    Raises Conflict when another worker wrote it meanwhile.
    """
    await events.lock(connection, event.id)
    before = await events.unwritten(connection, event.id)
    if before is None:
        return False
    page = await _page(connection, vault, event, before.after)
    number = before.slices if page.to or before.slices else None
    lines, chunks = _lines(page, before.chunks, number)
    await broadcasts.queue(connection, shared(event), lines)
    await events.add_chunks(connection, event.id, before.chunks, chunks, number)
    going = sum(line.suppressed is None for line in lines)
    await events.written(connection, event.id, before, to=page.to, recipients=going, chunks=len(chunks))
    if number is not None:
        await tallies.begin(connection, event.id, number)
    await release(connection, event)
    if page.to is None and await events.end_part(connection, event.id):
        await sent(connection, event)
    return page.to is not None


async def _page(connection: AsyncConnection, vault: Vault, event: Event, after: int) -> Page:
    if event.kind is not EventKind.ALERT:
        return await _told(connection, vault, event, after)
    alert = await alerts.get(connection, event.organisation_id, event.alert_id)
    selection, calls = alert.content.goes_to, policy_of(event).calls
    return await members(
        connection, vault, event.organisation_id, selection, event.created_at, after, SLICE, calls=calls
    )


def shared(event: Event) -> Broadcast:
    """What all lines of an event have in common."""
    return Broadcast(
        organisation_id=event.organisation_id,
        event_id=event.id,
        resend_unknown=event.is_life_safety and event.kind is not EventKind.FEEDBACK,
        expires_at=event.expires_at,
        queued_at=event.created_at,
    )


def _lines(page: Page, first: int, slice_number: int | None) -> tuple[list[Line], list[int]]:
    """The lines of the ledger, and the sender of each chunk, numbered from `first`: about a second of the sender's
    rate, so that what is more urgent never waits longer."""
    size = chunk_sizes(page.senders)
    lines: list[Line] = []
    chunks: list[int] = []
    filled: defaultdict[int, int] = defaultdict(int)
    current: dict[int, int] = {}
    for one in page.recipients:
        if one is None:
            continue
        number = None
        if one.sender_id is not None:
            if filled[one.sender_id] % size[one.sender_id] == 0:
                current[one.sender_id] = first + len(chunks)
                chunks.append(one.sender_id)
            filled[one.sender_id] += 1
            number = current[one.sender_id]
        lines.append(Line(one.resident_id, one.address_id, one.sender_id, number, slice_number, one.suppressed))
    return lines, chunks


def chunk_sizes(senders: Senders) -> dict[int, int]:
    """How many people are in a chunk of each sender."""
    return {one.id: min(max(int(one.messages_per_second), _SMALLEST), _LARGEST) for one in senders.values()}


async def release(connection: AsyncConnection, event: Event) -> None:
    """Give chunks of each sender to jobs, as many as may run at once. Each job gives the next on when it ends.

    A job for every chunk at once would make a large event slow to write, and a pause of it slow to drain.
    """
    if await events.lock(connection, event.id) not in {EventState.SENDING, EventState.SENT}:
        return
    for sender_id in await events.senders_of(connection, event.id):
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
    number = await events.waiting_slice(connection, event.id)
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


async def hand_on(connection: AsyncConnection, event: Event, sender_id: int) -> None:
    """Give the next chunks of this sender to jobs, until as many as may run at once are under way."""
    queued = await events.queue_next(connection, event.id, sender_id, AT_ONCE)
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


def slices_job(event: Event, step: str = "slices") -> Job:
    """The job that writes the rest of a large event's ledger, or its withdrawal."""
    lane = f"slices-{event.id}"
    return Job(kind=SLICES, id=f"event-{event.id}-{step}", lane=lane, arguments=(event.id,), priority=_priority(event))


def _priority(event: Event) -> int:
    return _FIRST if event.is_life_safety else _PRIORITY.get(event.kind, _OTHER)

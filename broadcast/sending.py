"""From a decision to lines in the ledger and the first jobs: all in the transaction of the decision."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast import audience
from broadcast.audience import Preview, Recipient, Senders, Suppressed
from broadcast.event import Event, EventKind
from broadcast.repository import audience as people
from broadcast.repository import events
from broadcast.repository.events import QueuedChunk
from broadcast.selection import Selection
from messaging.repository import broadcasts
from messaging.repository.broadcasts import Broadcast, Line
from storage.encryption import Vault
from storage.jobs import AT_ONCE, Job, enqueue
from storage.repository import mark_changed

CHUNK = "broadcast chunk"
"""The kind of job that sends one chunk: arguments event id, number, run, turn, and 1 if it leads."""
_SMALLEST, _LARGEST = 10, 1_000
_PRIORITY = {EventKind.FEEDBACK: 30, EventKind.ALERT: 20, EventKind.UPDATE: 10}
_FIRST, _OTHER = 1, 10


async def members(
    connection: AsyncConnection, vault: Vault, organisation_id: int, selection: Selection, at: datetime
) -> tuple[list[Recipient | None], Senders]:
    """Everybody in the audience, each with where they are told or why not."""
    senders = await people.senders(connection, organisation_id)
    chosen = [
        audience.choose(resident_id, candidates, senders, at)
        async for resident_id, candidates in people.members(connection, vault, organisation_id, selection)
    ]
    return await _respect_stop(connection, vault, organisation_id, chosen), senders


async def told(
    connection: AsyncConnection, vault: Vault, organisation_id: int, alert_id: int, at: datetime
) -> tuple[list[Recipient | None], Senders]:
    """Everybody whom the alert reached, at the address where it did."""
    senders = await people.senders(connection, organisation_id)
    earlier = [one.id for one in await events.of_alert(connection, organisation_id, alert_id)]
    reached = await broadcasts.told(connection, earlier)
    now = await people.consents(connection, reached)
    chosen: list[Recipient | None] = [
        audience.choose_again(one.resident_id, now[one.address_id], one.sender_id, senders, at) for one in reached
    ]
    return await _respect_stop(connection, vault, organisation_id, chosen), senders


async def preview(
    connection: AsyncConnection, vault: Vault, organisation_id: int, selection: Selection, at: datetime
) -> Preview:
    """How many people an alert to this audience would reach now, by channel, and how many not."""
    chosen, senders = await members(connection, vault, organisation_id, selection, at)
    return audience.preview(chosen, senders)


async def _respect_stop(
    connection: AsyncConnection, vault: Vault, organisation_id: int, chosen: list[Recipient | None]
) -> list[Recipient | None]:
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


async def start(
    connection: AsyncConnection, new: Event, key: str, recipients: Iterable[Recipient | None], senders: Senders
) -> int:
    """Write down an event with all its deliveries, and the first jobs; gives the event's id."""
    lines, chunks = _lines(recipients, senders)
    going = sum(line.suppressed is None for line in lines)
    event_id = await events.create(connection, replace(new, recipients=going), key, chunks)
    shared = Broadcast(
        organisation_id=new.organisation_id,
        event_id=event_id,
        resend_unknown=new.is_life_safety and new.kind is not EventKind.FEEDBACK,
        expires_at=new.expires_at,
        queued_at=new.created_at,
    )
    await broadcasts.queue(connection, shared, lines)
    await release(connection, replace(new, id=event_id))
    await mark_changed(connection, new.organisation_id)
    return event_id


def _lines(recipients: Iterable[Recipient | None], senders: Senders) -> tuple[list[Line], list[int]]:
    """The lines of the ledger, and the sender of each chunk: about a second of the sender's rate, so that what is
    more urgent never waits longer."""
    size = {one.id: min(max(int(one.messages_per_second), _SMALLEST), _LARGEST) for one in senders.values()}
    lines: list[Line] = []
    chunks: list[int] = []
    filled: defaultdict[int, int] = defaultdict(int)
    current: dict[int, int] = {}
    for one in recipients:
        if one is None:
            continue
        number = None
        if one.sender_id is not None:
            if filled[one.sender_id] % size[one.sender_id] == 0:
                current[one.sender_id] = len(chunks)
                chunks.append(one.sender_id)
            filled[one.sender_id] += 1
            number = current[one.sender_id]
        lines.append(Line(one.resident_id, one.address_id, one.sender_id, number, one.suppressed))
    return lines, chunks


async def release(connection: AsyncConnection, event: Event) -> None:
    """Give the first chunks of each sender to jobs. Each job gives the next chunk on when it ends.

    A job for every chunk at once would make a large event slow to write, and a pause of it slow to drain.
    """
    for sender_id in await events.senders_of(connection, event.id):
        await hand_on(connection, event, sender_id, AT_ONCE)


async def hand_on(connection: AsyncConnection, event: Event, sender_id: int, count: int = 1) -> None:
    """Give the next chunks of this sender to jobs."""
    queued = await events.queue_next(connection, event.id, sender_id, count)
    await enqueue(connection, [job(event, chunk) for chunk in queued])


def job(event: Event, chunk: QueuedChunk, turn: int = 0, *, leads: bool = True, delay: float = 0.0) -> Job:
    """The job of one chunk.

    turn: how often it had to come back, for what could not be sent yet. leads: whether it gives on the next chunk.
    """
    return Job(
        kind=CHUNK,
        id=f"event-{event.id}-chunk-{chunk.number}-run-{chunk.run}-turn-{turn}",
        lane=str(chunk.sender_id),
        arguments=(event.id, chunk.number, chunk.run, turn, int(leads)),
        priority=_FIRST if event.is_life_safety else _PRIORITY.get(event.kind, _OTHER),
        delay=delay,
    )

"""Marks messages that people have of an alert as out of date, once what followed has left. Nothing here commits.

People must be told, so what follows is a message of its own, which rings; an edit rings nobody. It goes the same way
as every message: rows of the ledger, in chunks, in the sender's pace.
"""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast import sending
from broadcast.event import Event, EventState
from broadcast.expansion import chunk_sizes
from broadcast.replaced import REPLACING, replaced
from broadcast.repository import audience, chunks, events
from messaging.channel import Outgoing
from messaging.incoming import ChannelKind
from messaging.repository import edits
from messaging.repository.attempts import Attempt
from messaging.repository.edits import Edit, Message
from storage.clock import now


async def write_slice(connection: AsyncConnection, event: Event) -> bool:
    """Write the edits of the next people; True when there may be more."""
    if event.kind not in REPLACING or await events.lock(connection, event.id) is EventState.CANCELLED:
        return False
    sent = await events.of_alert(connection, event.organisation_id, event.alert_id)
    earlier = [one.id for one in sent if one.id < event.id]
    after = await edits.written_to(connection, event.id)
    found = await edits.next_messages(connection, earlier, ChannelKind.TELEGRAM, after, sending.SLICE)
    return await _write(connection, event, found)


async def _write(connection: AsyncConnection, event: Event, found: Sequence[Message]) -> bool:
    """Give whether any could be written: what a sender sent that we do not have any more stays as it is."""
    sizes = chunk_sizes(await audience.senders(connection, event.organisation_id))
    first = await chunks.count(connection, event.id)
    steps, lines, chunk_senders = Counter[int](), list[Edit](), list[int]()
    for sender_id, size in sizes.items():
        for place, one in enumerate(one for one in found if one.sender_id == sender_id):
            if place % size == 0:
                chunk_senders.append(sender_id)
            steps[one.resident_id] += 1
            lines.append(Edit(one, first + len(chunk_senders) - 1, -steps[one.resident_id]))
    await edits.queue(connection, event.organisation_id, event.id, lines, event.expires_at, now())
    await chunks.reopen(connection, event.id, first, chunk_senders)
    await sending.release(connection, event)
    return bool(lines)


async def changes(
    connection: AsyncConnection, event: Event, attempts: Sequence[Attempt]
) -> dict[int, tuple[str, Outgoing]]:
    """By attempt, the provider's id of the message that it changes, and how that reads from now on."""
    targets = await edits.targets(connection, [one.id for one in attempts])
    earlier = {number: await events.get(connection, number) for number in {one.event_id for one in targets.values()}}
    return {
        one.id: (
            targets[one.id].provider_id,
            replaced(earlier[targets[one.id].event_id], event.kind, one.requested_language),
        )
        for one in attempts
    }

"""From a decision to people: who is in the audience of an event, where each is told, and the chunks that carry them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast import audience
from broadcast.audience import Recipient, Senders, Suppressed
from broadcast.event import Event, EventKind
from broadcast.failover import policy_of
from broadcast.repository import alerts, events
from broadcast.repository import audience as people
from broadcast.selection import Selection
from messaging.repository import broadcasts
from messaging.repository.lines import Line
from storage.encryption import Vault

_SMALLEST, _LARGEST = 10, 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """A part of an audience: where each person is told, or why not; None for somebody without any address.

    to: the last resident in it; None when nobody comes after them.
    """

    recipients: Sequence[Recipient | None]
    senders: Senders
    to: int | None


async def next_page(connection: AsyncConnection, vault: Vault, event: Event, after: int, limit: int) -> Page:
    """The next people of an event whose ids are larger than `after`."""
    if event.kind is not EventKind.ALERT:
        return await _told(connection, vault, event, after, limit)
    alert = await alerts.get(connection, event.organisation_id, event.alert_id)
    selection, calls = alert.content.goes_to, policy_of(event).calls
    return await members(
        connection, vault, event.organisation_id, selection, event.created_at, after, limit, calls=calls
    )


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
    found = await people.members(connection, vault, organisation_id, selection, after=after, limit=limit)
    chosen = [audience.choose(resident_id, candidates, senders, at, calls=calls) for resident_id, candidates in found]
    recipients = await respect_stop(connection, vault, organisation_id, chosen)
    if selection.coordinators_first and found:
        first = await people.coordinators(connection, organisation_id, selection, found[0][0], found[-1][0])
        recipients = sorted(recipients, key=lambda one: one is None or one.resident_id not in first)
    return Page(recipients, senders, found[-1][0] if len(found) == limit else None)


async def _told(connection: AsyncConnection, vault: Vault, event: Event, after: int, limit: int) -> Page:
    """The next of those whom the alert reached before this event, at the address where it did."""
    senders = await people.senders(connection, event.organisation_id)
    earlier = [one.id for one in await events.of_alert(connection, event.organisation_id, event.alert_id)]
    reached = await broadcasts.told(connection, [one for one in earlier if one < event.id], after, limit)
    today, calls = await people.consents(connection, reached), policy_of(event).calls
    chosen = [
        audience.choose_again(
            one.resident_id, today[one.address_id], one.sender_id, senders, event.created_at, calls=calls
        )
        for one in reached
    ]
    recipients = await respect_stop(connection, vault, event.organisation_id, chosen)
    return Page(recipients, senders, reached[-1].resident_id if len(reached) == limit else None)


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


def lines(page: Page, first: int, slice_number: int | None) -> tuple[list[Line], list[int]]:
    """The lines of the ledger, and the sender of each chunk, numbered from `first`: about a second of the sender's
    rate, so that what is more urgent never waits longer.

    An event's first chunk of each sender is half as long: of the two that run at once, one is half-way when the other
    ends and gives the next on, so that places in the sender's rate are always taken.
    """
    size = chunk_sizes(page.senders)
    rows: list[Line] = []
    chunks: list[int] = []
    filled = {sender_id: 0 if first else most // 2 for sender_id, most in size.items()}
    current: dict[int, int] = {}
    for one in page.recipients:
        if one is None:
            continue
        number = None
        if one.sender_id is not None:
            if one.sender_id not in current or filled[one.sender_id] % size[one.sender_id] == 0:
                current[one.sender_id] = first + len(chunks)
                chunks.append(one.sender_id)
            filled[one.sender_id] += 1
            number = current[one.sender_id]
        rows.append(Line(one.resident_id, one.address_id, one.sender_id, number, slice_number, one.suppressed))
    return rows, chunks


def chunk_sizes(senders: Senders) -> dict[int, int]:
    """How many people are in a chunk of each sender."""
    return {one.id: min(max(int(one.messages_per_second), _SMALLEST), _LARGEST) for one in audience.every(senders)}

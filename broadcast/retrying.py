"""Tries again to reach those whom an alert did not reach, where the reason may have passed. Nothing here commits.

What leaves is what was approved, unchanged, to people of the audience that was approved; so it needs no second
approval. It is audited, like all that is steered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast import audience, expansion, other_ways
from broadcast.alert import Step
from broadcast.alerts import note
from broadcast.event import Event
from broadcast.failover import Way, policy_of
from broadcast.other_ways import NextWay
from broadcast.repository import alerts, events, failover
from broadcast.repository import audience as people
from broadcast.results.missed import MAY_PASS, Reason, reason
from broadcast.results.progress import MISSED
from messaging.delivery import DeliveryState
from messaging.repository import tallies
from people.officer import Officer
from people.roles import Action, require
from storage.encryption import Vault
from storage.errors import Conflict
from storage.repository import mark_changed

AT_ONCE = 5_000
"""So many people of each event are written at a time: whoever else writes waits for a part of a second."""


@dataclass(frozen=True, slots=True)
class Again:
    """An event of which some may be reached now. missed: how they ended, and why, with how many people."""

    event: Event
    missed: dict[tuple[DeliveryState, str | None], int]

    @property
    def people(self) -> int:
        """How many that are."""
        return sum(self.missed.values())

    @property
    def reasons(self) -> dict[Reason, int]:
        """Why they were not reached."""
        found: dict[Reason, int] = {}
        for (state, error), number in self.missed.items():
            name = reason(state, error)
            found[name] = found.get(name, 0) + number
        return found


async def possible(connection: AsyncConnection, organisation_id: int, alert_id: int, at: datetime) -> list[Again]:
    """The events under an alert of which it may help to try again, while they may still be delivered."""
    sent = await events.of_alert(connection, organisation_id, alert_id)
    found = [
        Again(event, await _missed(connection, event)) for event in sent if not event.is_over and event.expires_at > at
    ]
    return [one for one in found if one.people]


async def _missed(connection: AsyncConnection, event: Event) -> dict[tuple[DeliveryState, str | None], int]:
    ended: dict[tuple[DeliveryState, str | None], int] = {}
    for one in await tallies.counts(connection, event.id):
        if one.state in MISSED and reason(one.state, one.error) in MAY_PASS:
            ended[one.state, one.error] = ended.get((one.state, one.error), 0) + one.number
    return ended


async def retry(
    connection: AsyncConnection, vault: Vault, officer: Officer, alert_id: int, at: datetime, *, retries: int
) -> int:
    """Send to those whom the alert did not reach, and to nobody else; gives how many that are.

    retries: of the alert as the officer saw it: a second press of the button finds another number, and does nothing.
    Raises Forbidden, NotFound, or Conflict when there is nobody whom it may help.
    """
    require(officer.role, Action.STEER_ALERT)
    alert = await alerts.get(connection, officer.organisation_id, alert_id, lock=True)
    if alert.retries != retries:
        return 0
    found = await possible(connection, officer.organisation_id, alert_id, at)
    told = sum([await _again(connection, vault, one, at) for one in found])
    if not told:
        raise Conflict("There is nobody whom it may help to try again")
    await alerts.take_step(connection, alert, [Step.RETRY], at, retries=retries + 1)
    await note(connection, officer, "alert_retry", alert_id, at, people=told)
    await mark_changed(connection, officer.organisation_id)
    return told


async def _again(connection: AsyncConnection, vault: Vault, one: Again, at: datetime) -> int:
    """Choose for each of them where they are told now, as for a new alert."""
    event = one.event
    await events.lock(connection, event.id)
    unreached = {who.resident_id: who for who in await failover.missed(connection, event.id, one.missed, AT_ONCE)}
    senders = await people.senders(connection, event.organisation_id)
    addresses = await people.candidates(connection, list(unreached))
    calls = policy_of(event).calls
    chosen = [audience.choose(who, addresses.get(who, ()), senders, at, calls=calls) for who in unreached]
    recipients = await expansion.respect_stop(connection, vault, event.organisation_id, chosen)
    channels = {sender.id: sender.channel for sender in audience.every(senders)}
    ways = [
        NextWay(unreached[to.resident_id], Way(to.address_id, channels[to.sender_id], to.sender_id))
        for to in recipients
        if to is not None and to.sender_id is not None
    ]
    if ways:
        await _count_in(connection, one, ways)
        await other_ways.tell(connection, event, ways, senders)
    return len(ways)


async def _count_in(connection: AsyncConnection, one: Again, ways: Sequence[NextWay]) -> None:
    """Who was suppressed did not count among those who are sent it."""
    residents = [way.one.resident_id for way in ways]
    suppressed = await failover.suppressed(connection, one.event.id, residents)
    if suppressed:
        await events.add_recipients(connection, one.event.id, suppressed)

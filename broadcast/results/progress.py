"""How far an event is, counted from the ledger, for the live page."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.event import Event
from broadcast.repository import events
from broadcast.results.missed import reason
from messaging.delivery import REACHED, WAITING, DeliveryState
from messaging.repository import tallies
from messaging.repository.tallies import Count


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of people. by_channel: channel, then state, then how many. missed: why people were not reached."""

    total: int
    reached: int
    delivered: int
    waiting: int
    unknown: int
    possible_duplicates: int
    by_state: dict[str, int]
    by_channel: dict[str, dict[str, int]]
    missed: dict[str, int]

    @property
    def percent(self) -> int:
        """How much of what was to leave is settled, rounded down: 100 only when all is."""
        going = self.total - self.by_state.get(DeliveryState.SUPPRESSED, 0)
        return 100 if going == 0 else 100 * (going - self.waiting) // going


_UNSETTLED = WAITING | {DeliveryState.SENDING}
MISSED = {DeliveryState.FAILED, DeliveryState.SUPPRESSED, DeliveryState.EXPIRED, DeliveryState.CANCELLED}


def progress(counts: Iterable[Count]) -> Progress:
    """Add up what the ledger counted."""
    by_state: Counter[str] = Counter()
    by_channel: dict[str, Counter[str]] = {}
    missed: Counter[str] = Counter()
    duplicates = 0
    for one in counts:
        by_state[one.state] += one.number
        duplicates += one.number if one.possible_duplicate else 0
        if one.channel is not None:
            by_channel.setdefault(one.channel, Counter())[one.state] += one.number
        if one.state in MISSED:
            missed[reason(one.state, one.error)] += one.number
    return Progress(
        total=by_state.total(),
        reached=sum(by_state[state] for state in REACHED),
        delivered=by_state[DeliveryState.DELIVERED] + by_state[DeliveryState.READ],
        waiting=sum(by_state[state] for state in _UNSETTLED),
        unknown=by_state[DeliveryState.UNKNOWN],
        possible_duplicates=duplicates,
        by_state=dict(by_state),
        by_channel={channel: dict(states) for channel, states in by_channel.items()},
        missed=dict(missed),
    )


async def of_event(connection: AsyncConnection, event_id: int) -> Progress:
    """How far one event is."""
    return progress(await tallies.counts(connection, event_id))


async def of_alert(connection: AsyncConnection, organisation_id: int, alert_id: int) -> list[tuple[Event, Progress]]:
    """Everything that was sent under an alert, with how far it is."""
    sent = await events.of_alert(connection, organisation_id, alert_id)
    return [(event, await of_event(connection, event.id)) for event in sent]

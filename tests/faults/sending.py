"""What every fault test asks in the end: was everybody told, and is whoever was told twice marked."""

import random
from collections import Counter
from collections.abc import Collection, Iterable

from messaging.delivery import REACHED
from messaging.repository.tallies import Count
from simulator.faults import Fault, FaultKind
from tests.integration.broadcast_setting import Zone

SEED = 20_161_124
IN_FLIGHT = 2 * 50
"""Of one worker: two chunks at a time, a mini-batch each."""
KINDS: tuple[FaultKind, ...] = (
    "rate_limited",
    "server_error",
    "timeout_before",
    "timeout_after",
    "reset_before",
    "reset_after",
)
UNCLEAR = frozenset(KINDS) - {"rate_limited"}


def troubles(chance: random.Random, number: int, method: str = "sendMessage") -> list[Fault]:
    """So many faults, each of which hits one message somewhere among the next hundred."""
    return [
        Fault(chance.choice(KINDS), method=method, skip=chance.randrange(100), retry_after=1, seconds=0.3)
        for _ in range(number)
    ]


def reached(counts: Iterable[Count]) -> int:
    """How many people a provider took a message for."""
    return sum(one.number for one in counts if one.state in REACHED)


async def nobody_is_lost(zone: Zone, event_id: int, chats: Collection[str], *, unclear: int) -> None:
    """Everybody was told; nobody twice without a mark; and no more than so many of whom it was unclear."""
    times = Counter(one["address"] for one in zone.arrived())
    counts = await zone.counts(event_id)
    assert set(times) == set(chats)
    assert reached(counts) == len(chats)
    marked = sum(one.number for one in counts if one.possible_duplicate)
    assert sum(number > 1 for number in times.values()) <= marked <= unclear
    assert zone.far_end.world.log.violations == []

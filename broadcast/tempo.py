"""What all chunks share that one process sends: how long providers asked it to wait, how close two messages may follow
each other, and when live pages are told. Moments are seconds of the monotonic clock."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Final

_PULSE_SECONDS: Final = 0.25
SHORTEST_SLEEP: Final = 0.001
"""Seconds; a timer is no finer."""
_MADE_GOOD: Final = 0.005
"""Seconds that a timer may be late without the next ones being late as well."""
_CATCH_UP: Final = 0.97
"""Of the time between two places: who is late may follow so much closer, 3% above the limit."""


@dataclass(frozen=True, slots=True)
class Holds:
    """Until when providers asked this process to wait, by sender."""

    until: dict[int, float] = field(default_factory=dict)

    def remaining(self, sender_id: int) -> float:
        """Seconds that are left."""
        return self.until.get(sender_id, 0.0) - time.monotonic()

    def hold(self, sender_id: int, seconds: float) -> None:
        """The provider asked to wait."""
        self.until[sender_id] = max(self.until.get(sender_id, 0.0), time.monotonic() + seconds)


@dataclass(frozen=True, slots=True)
class Strides:
    """When the next message may leave, by sender: a process that stood still has many whose place has passed, and sends
    them one after the other all the same."""

    next: dict[int, float] = field(default_factory=dict)
    turns: dict[int, asyncio.Lock] = field(default_factory=dict)

    async def take(self, sender_id: int, per_second: float) -> None:
        """Wait until this message may leave, who came first first; the next one may a stride later."""
        async with self.turns.setdefault(sender_id, asyncio.Lock()):
            wait = self.next.get(sender_id, 0.0) - time.monotonic()
            if wait > SHORTEST_SLEEP:
                await asyncio.sleep(wait)
            earliest = time.monotonic() - _MADE_GOOD
            self.next[sender_id] = max(earliest, self.next.get(sender_id, 0.0)) + _CATCH_UP / per_second


@dataclass(frozen=True, slots=True)
class Pulse:
    """When live pages were last told of something new, by organisation: not for every batch."""

    told: dict[int, float] = field(default_factory=dict)

    def beats(self, organisation_id: int) -> bool:
        """Whether it is time to tell them again; then it counts as told."""
        moment = time.monotonic()
        if moment < self.told.get(organisation_id, 0.0) + _PULSE_SECONDS:
            return False
        self.told[organisation_id] = moment
        return True

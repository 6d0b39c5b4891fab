"""What all chunks share that one process sends: how long providers asked it to wait, how close two messages may follow
each other, and when live pages are told. Moments are seconds of the monotonic clock."""

import time
from dataclasses import dataclass, field
from typing import Final

_PULSE_SECONDS: Final = 0.25
_CATCH_UP: Final = 0.96
"""Of the time between two places: who is late may follow so much closer, 4% above the limit."""


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

    def take(self, sender_id: int, per_second: float) -> float:
        """Give the seconds until this message may leave; the next one may a stride later."""
        moment = time.monotonic()
        leaves = max(moment, self.next.get(sender_id, 0.0))
        self.next[sender_id] = leaves + _CATCH_UP / per_second
        return leaves - moment


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

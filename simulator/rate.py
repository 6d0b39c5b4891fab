"""How fast a provider lets us send: GCRA, and closed after a refusal until the time that the refusal named."""

from dataclasses import dataclass, field
from math import ceil


@dataclass(slots=True)
class Limiter:
    """So many a second for each key, with a burst; None is no limit."""

    per_second: float | None
    burst: int
    _next: dict[object, float] = field(default_factory=dict)
    _closed_until: dict[object, float] = field(default_factory=dict)

    def wait(self, key: object, now: float) -> int:
        """Whole seconds to wait before `key` may send; 0 when it may now.

        Who sends too early learns the same waiting time and does not shorten it.
        """
        if self.per_second is None:
            return 0
        if (closed := self._closed_until.get(key, now)) > now:
            return ceil(closed - now)
        early = self._next.get(key, now) - now - (self.burst - 1) / self.per_second
        if early <= 1e-9:  # noqa: PLR2004 (rounding of the clock)
            return 0
        seconds = max(1, ceil(early))
        self._closed_until[key] = now + seconds
        return seconds

    def take(self, key: object, now: float) -> None:
        """Count one message of `key`, which `wait` allowed."""
        if self.per_second is not None:
            self._next[key] = max(self._next.get(key, now), now) + 1 / self.per_second

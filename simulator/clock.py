"""The far end's own time: real time plus what a test moved it forward."""

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Tells virtual time; rates and delays go by real time."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def timestamp(self) -> float:
        """Virtual seconds since 1970."""
        return time.time() + self._ahead

    def now(self) -> datetime:
        """Virtual moment, in UTC."""
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def advance(self, step: timedelta) -> None:
        """Move time forward; the far end's log never goes back, so neither does its clock."""
        if step < timedelta(0):
            raise ValueError("the clock only moves forward")
        self._ahead += step.total_seconds()

"""When to leave a server alone that does not answer. Pure: states and the time go in, states come out."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

FAILURES: Final = 3
"""So many failures after one another open the breaker."""

PAUSE_SECONDS: Final = 10.0
"""How long the server is left alone; a trial that never told its outcome is given up after as long."""


class State(StrEnum):
    """closed: the server is asked. open: it is not. trying: one request is under way to see whether it is back."""

    CLOSED = "closed"
    OPEN = "open"
    TRYING = "trying"


@dataclass(frozen=True, slots=True)
class Breaker:
    """failures: after one another, since the last success. since: when the state began, on the caller's clock."""

    state: State = State.CLOSED
    failures: int = 0
    since: float = 0.0

    def ask(self, now: float) -> "Breaker | None":
        """The breaker with one more request under way; None: do not ask the server now."""
        if self.state is State.CLOSED:
            return self
        if now < self.since + PAUSE_SECONDS:
            return None
        return replace(self, state=State.TRYING, since=now)

    def succeeded(self) -> "Breaker":
        """After an answer; one that comes late, when the breaker is open already, says nothing of now."""
        return self if self.state is State.OPEN else Breaker()

    def failed(self, now: float) -> "Breaker":
        """After no answer."""
        if self.state is State.OPEN:
            return self
        failures = self.failures + 1
        if self.state is State.TRYING or failures >= FAILURES:
            return Breaker(State.OPEN, failures, now)
        return replace(self, failures=failures)

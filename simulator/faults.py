"""Faults on order: what a provider or the network does wrong, to which requests, how often."""

from dataclasses import dataclass, field
from typing import Literal

FaultKind = Literal[
    "rate_limited", "refused", "server_error", "timeout_before", "timeout_after", "reset_before", "reset_after"
]
BEFORE: frozenset[FaultKind] = frozenset({"timeout_before", "reset_before"})
"""The connection is broken off and nothing was taken."""
AFTER: frozenset[FaultKind] = frozenset({"timeout_after", "reset_after"})
"""The message was taken, only the answer is lost: the application cannot know."""


@dataclass(slots=True)
class Fault:
    """One order.

    method: "sendMessage", "Messages.create" and so on; None hits every request on the wire.
    address: only requests to this chat or number.
    skip: so many matching requests pass first; count: how many it then hits, None until it is cleared.
    retry_after: seconds announced by rate_limited.
    status, code, description: the answer of refused; migrate_to: the chat that a Telegram group became, told with it.
    seconds: how long a time-out keeps the connection before it is cut.
    """

    kind: FaultKind
    method: str | None = None
    address: str | None = None
    skip: int = 0
    count: int | None = 1
    retry_after: int = 1
    status: int = 400
    code: int = 400
    description: str = "Bad Request"
    migrate_to: int | None = None
    seconds: float = 60.0

    def hits(self, method: str, address: str | None) -> bool:
        """Whether this request is meant, counting it when it is."""
        if self.method not in (None, method) or self.address not in (None, address) or self.count == 0:
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.count is not None:
            self.count -= 1
        return True


@dataclass(slots=True)
class Faults:
    """The orders, first come first served."""

    orders: list[Fault] = field(default_factory=list)

    def next(self, method: str, address: str | None) -> Fault | None:
        """The fault that this request meets, if any."""
        return next((fault for fault in self.orders if fault.hits(method, address)), None)

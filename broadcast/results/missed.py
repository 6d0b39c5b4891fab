"""Why somebody was not reached, in words that a person can do something with. Pure."""

from enum import StrEnum

from messaging.channel import Failure
from messaging.delivery import DeliveryState
from messaging.twilio.errors import failure_of


class Reason(StrEnum):
    """Why a person was not reached."""

    NO_CONSENT = "no_consent"
    UNREACHABLE = "unreachable"
    WINDOW_CLOSED = "window_closed"
    NOT_CALLED = "not_called"
    BLOCKED = "blocked"
    BAD_ADDRESS = "bad_address"
    TOO_LATE = "expired"
    WITHDRAWN = "cancelled"
    ACCOUNT = "account"  # our own account at the provider does not work
    PROVIDER = "provider"  # the provider or the carrier did not manage


_SAID = {one.value: one for one in Reason} | {"403": Reason.BLOCKED, "401": Reason.ACCOUNT, "409": Reason.ACCOUNT}
_FAILED = {
    Failure.BLOCKED: Reason.BLOCKED,
    Failure.BAD_ADDRESS: Reason.BAD_ADDRESS,
    Failure.WINDOW_CLOSED: Reason.WINDOW_CLOSED,
    Failure.UNAUTHORIZED: Reason.ACCOUNT,
}
_TWILIO_DIGITS = 5
MAY_PASS = frozenset({Reason.TOO_LATE, Reason.ACCOUNT, Reason.PROVIDER, Reason.WINDOW_CLOSED})
"""What may be otherwise when it is tried again."""


def reason(state: DeliveryState, error: str | None) -> Reason:
    """Why a message that ended in this state, with this code of the provider, reached nobody."""
    if state in _STATES:
        return _STATES[state]
    if error is not None and error.isdecimal() and len(error) >= _TWILIO_DIGITS:
        return _FAILED.get(failure_of(int(error)), Reason.PROVIDER)
    return _SAID.get(error or "", Reason.PROVIDER)


_STATES = {DeliveryState.EXPIRED: Reason.TOO_LATE, DeliveryState.CANCELLED: Reason.WITHDRAWN}

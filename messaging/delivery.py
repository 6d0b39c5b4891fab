"""A row of the ledger: one message to one address, and the states through which it only moves forward."""

from enum import StrEnum


class DeliveryState(StrEnum):
    """What is known of a message to one address."""

    QUEUED = "queued"
    SENDING = "sending"  # an attempt was committed; the request leaves now
    RETRY_WAIT = "retry_wait"  # surely not taken by the provider; tried again later
    UNKNOWN = "unknown"  # nobody can know whether the provider took it
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    SUPPRESSED = "suppressed"  # no consent, or stopped
    EXPIRED = "expired"
    CANCELLED = "cancelled"


S = DeliveryState

TRANSITIONS: dict[DeliveryState, frozenset[DeliveryState]] = {
    S.QUEUED: frozenset({S.SENDING, S.SUPPRESSED, S.EXPIRED, S.CANCELLED}),
    S.SENDING: frozenset(
        {S.ACCEPTED, S.DELIVERED, S.READ, S.RETRY_WAIT, S.UNKNOWN, S.FAILED, S.EXPIRED, S.CANCELLED, S.SUPPRESSED}
    ),
    S.RETRY_WAIT: frozenset({S.SENDING, S.SUPPRESSED, S.EXPIRED, S.CANCELLED, S.FAILED}),
    # A status may still tell what became of it; else it is sent again, marked as a possible duplicate.
    S.UNKNOWN: frozenset({S.QUEUED, S.ACCEPTED, S.DELIVERED, S.READ, S.FAILED, S.EXPIRED, S.CANCELLED}),
    S.ACCEPTED: frozenset({S.DELIVERED, S.READ, S.FAILED}),
    S.DELIVERED: frozenset({S.READ}),
    S.READ: frozenset(),
    S.FAILED: frozenset(),
    S.SUPPRESSED: frozenset(),
    S.EXPIRED: frozenset(),
    S.CANCELLED: frozenset(),
}

WAITING = frozenset({S.QUEUED, S.RETRY_WAIT})
REACHED = frozenset({S.ACCEPTED, S.DELIVERED, S.READ})


def sources(target: DeliveryState) -> frozenset[DeliveryState]:
    """The states from which a message may come to `target`."""
    return frozenset(state for state, targets in TRANSITIONS.items() if target in targets)


class Purpose(StrEnum):
    """Why a message leaves, which decides what may stop it."""

    REPLY = "reply"  # the bot's; an officer's takeover withdraws it
    OFFICER = "officer"
    SYSTEM = "system"  # confirmations, who answers now: nothing withdraws it
    SAFETY = "safety"  # numbers to call in danger: nothing withdraws it, and it waits for nothing else
    ALERT = "alert"
    EDIT = "edit"  # of a message of an alert that was sent, where the channel can: no news, and it counts nowhere


def provider_state(status: str) -> DeliveryState | None:
    """Twilio's status of a message or a call in the ledger's words; None where it tells nothing new."""
    return _OF_STATUS.get(status)


_OF_STATUS = {
    "accepted": S.ACCEPTED,
    "scheduled": S.ACCEPTED,
    "queued": S.ACCEPTED,
    "sending": S.ACCEPTED,
    "sent": S.ACCEPTED,
    "partially_delivered": S.ACCEPTED,
    "delivered": S.DELIVERED,
    "read": S.READ,
    "undelivered": S.FAILED,
    "failed": S.FAILED,
    "canceled": S.FAILED,
    "initiated": S.ACCEPTED,
    "ringing": S.ACCEPTED,
    "in-progress": S.ACCEPTED,
    "completed": S.DELIVERED,  # somebody, or something, picked up; that it was heard, only a key tells
    "busy": S.FAILED,
    "no-answer": S.FAILED,
}

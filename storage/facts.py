"""The log from which participation is measured: what happened, never a text or a phone number.

Whoever makes something happen appends its fact in the same transaction; nothing is ever changed in it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class FactKind(StrEnum):
    """What happened. The names are stable: metrics are computed from them."""

    MESSAGE_RECEIVED = "message_received"
    MESSAGE_SENT = "message_sent"  # data: purpose, substantive, seconds since the message that it answers
    QUESTION_ASKED = "question_asked"  # an inbound message that wants an answer
    CONVERSATION_OPENED = "conversation_opened"
    CONVERSATION_CLOSED = "conversation_closed"  # data: by, reason
    HANDOVER_REQUESTED = "handover_requested"
    OFFICER_TOOK_OVER = "officer_took_over"
    OFFICER_GAVE_BACK = "officer_gave_back"
    OFFICER_REPLIED = "officer_replied"
    SAFETY_ANSWERED = "safety_answered"
    CONSENT_GIVEN = "consent_given"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    KIND_CHOSEN = "kind_chosen"  # data: kind of message, wanted or not
    ALERT_SENT = "alert_sent"  # data: recipients
    ALERT_DELIVERED = "alert_delivered"
    ALERT_REPLIED = "alert_replied"
    ALERT_ACKNOWLEDGED = "alert_acknowledged"  # data: answer
    IDEA_SHARED = "idea_shared"
    POLL_ANSWERED = "poll_answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of the log."""

    kind: FactKind
    organisation_id: int
    at: datetime
    channel: str | None = None
    language: str | None = None
    resident_id: int | None = None
    conversation_id: int | None = None
    officer_id: int | None = None
    event_id: int | None = None
    network_id: int | None = None
    intent: str | None = None
    data: dict[str, Any] | None = None

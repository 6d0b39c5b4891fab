"""The facts that messages left, for the figures."""

from datetime import datetime
from typing import Any

from storage.facts import Fact, FactKind


def message_sent(one: Any, channel: str, now: datetime) -> Fact:
    """A single message left. one: its attempt, or its row of the ledger."""
    waited = None if one.answers_at is None else (now - one.answers_at).total_seconds()
    return Fact(
        kind=FactKind.MESSAGE_SENT,
        organisation_id=one.organisation_id,
        at=now,
        channel=channel,
        resident_id=one.resident_id,
        conversation_id=one.conversation_id,
        data={"purpose": one.purpose, "substantive": one.substantive, "seconds": waited},
    )


def alert_delivered(organisation_id: int, event_id: int, channel: str, count: int, at: datetime) -> Fact:
    """So many people were sent an alert: the providers took it."""
    return Fact(
        kind=FactKind.ALERT_DELIVERED,
        organisation_id=organisation_id,
        at=at,
        channel=channel,
        event_id=event_id,
        data={"count": count, "channel": channel},
    )

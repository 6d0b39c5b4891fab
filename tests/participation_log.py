"""Lines of the log, for the tests that count them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from storage.facts import Fact, FactKind

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def fact(organisation_id: int, kind: FactKind, minutes: float, **values: Any) -> Fact:
    """Something that happened so many minutes after nine, in one conversation unless told otherwise."""
    usual: dict[str, Any] = {"channel": "sms", "resident_id": 7, "conversation_id": 3}
    at = MORNING + timedelta(minutes=minutes)
    return Fact(kind=kind, organisation_id=organisation_id, at=at, **usual | values)


def dialogue(organisation_id: int) -> list[Fact]:
    """A question that the bot only acknowledges and an officer answers after ten minutes, and thanks."""
    bot = {"purpose": "reply", "substantive": False, "seconds": None}
    officer = {"purpose": "officer", "substantive": True, "seconds": 600.0}
    return [
        fact(organisation_id, FactKind.CONVERSATION_OPENED, 0),
        fact(organisation_id, FactKind.MESSAGE_RECEIVED, 0, language="nl"),
        fact(organisation_id, FactKind.QUESTION_ASKED, 0, intent="waste_paper"),
        fact(organisation_id, FactKind.HANDOVER_REQUESTED, 0),
        fact(organisation_id, FactKind.MESSAGE_SENT, 0.1, data=bot),
        fact(organisation_id, FactKind.MESSAGE_SENT, 10, data=officer),
        fact(organisation_id, FactKind.MESSAGE_RECEIVED, 11, language="nl"),
        fact(organisation_id, FactKind.MESSAGE_SENT, 12, data=bot),
        fact(organisation_id, FactKind.MESSAGE_RECEIVED, 13, language="fr"),
    ]

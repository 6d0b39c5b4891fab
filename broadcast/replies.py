"""What people answer to an alert: it belongs under the alert, and is no failed question to the bot."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.repository import events
from messaging.repository import ledger, statuses
from storage.facts import Fact, FactKind
from storage.repository import append_facts

WINDOW = timedelta(hours=12)
"""For so long after an event, or until it expires, what a person writes may be meant for it."""
_SURE = 0.6
NOTED = "Thank you. The officers who sent this alert read your answer. In danger? Call 112."
"""What the resident is told, as a message id of the catalogue `broadcast`, in Dutch with "u" or "je"."""

# What may be about an alert. Any other topic, once it is clear, is a question to the bot, however soon after.
_ABOUT_ALERTS = frozenset(
    {
        "affirm",
        "alerts_question",
        "deny",
        "emergency",
        "goodbye",
        "greet",
        "out_of_scope",
        "scam_or_phishing",
        "share_photo",
        "thank",
    }
)
_REPORTS = "report_"
_ABOUT_EARLIER = "report_status"


@dataclass(frozen=True, slots=True)
class AlertReply:
    """A message that answers an event. acknowledgement: message id, in the catalogue `broadcast`, of the thanks."""

    event_id: int
    acknowledgement: str


def may_answer_alert(intent: str | None, confidence: float) -> bool:
    """Whether a text that quotes nothing may be about an alert: not when it clearly asks for something else."""
    if intent is None or confidence < _SURE:
        return True
    return intent in _ABOUT_ALERTS or (intent.startswith(_REPORTS) and intent != _ABOUT_EARLIER)


async def take(
    connection: AsyncConnection,
    *,
    organisation_id: int,
    sender_id: int,
    resident_id: int,
    quoted: str | None,
    intent: str | None,
    confidence: float,
    now: datetime,
    conversation_id: int | None = None,
    channel: str | None = None,
) -> AlertReply | None:
    """The event that a message answers: the one that it quotes, or the last that this resident was sent.

    quoted: the provider's id of the message answered to. Appends the fact; the caller writes the message down.
    """
    event_id = None if quoted is None else await ledger.event_of(connection, sender_id, quoted)
    if event_id is None and may_answer_alert(intent, confidence):
        event_id = await events.latest_to(connection, organisation_id, resident_id, now, WINDOW)
    if event_id is None:
        return None
    await statuses.stop_other_ways(connection, event_id, resident_id, None)
    fact = Fact(
        kind=FactKind.ALERT_REPLIED,
        organisation_id=organisation_id,
        at=now,
        channel=channel,
        resident_id=resident_id,
        conversation_id=conversation_id,
        event_id=event_id,
        intent=intent,
    )
    await append_facts(connection, [fact])
    return AlertReply(event_id, NOTED)

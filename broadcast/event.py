"""What was sent, which never changes: an alert, an update, a withdrawal, an all-clear, feedback; and how it reads.

Dutch comes first and always. A municipality with language facilities adds French; whoever asked for another language
gets its translation below the Dutch, marked as one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from broadcast.alert import LANGUAGES, Severity
from locales.catalogue import translate
from storage.errors import InvalidInput

LONGEST_TITLE = 120
LONGEST_MESSAGE = 1600  # characters that Twilio takes in one message; Telegram takes 4,096


class EventKind(StrEnum):
    """What is told."""

    ALERT = "alert"
    UPDATE = "update"
    CANCEL = "cancel"
    ALL_CLEAR = "all_clear"
    FEEDBACK = "feedback"


class EventState(StrEnum):
    """How far the sending is."""

    SENDING = "sending"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    SENT = "sent"


_DOMAIN = "broadcast"
_HEADING = {
    EventKind.ALERT: "ALERT",
    EventKind.UPDATE: "NEWS ABOUT THE ALERT",
    EventKind.CANCEL: "ALERT WITHDRAWN",
    EventKind.ALL_CLEAR: "ALL CLEAR",
    EventKind.FEEDBACK: "WHAT BECAME OF IT",
}
_DANGER = "In danger? Call 112."
_ANSWER = "Seen something, or a question? Answer this message. STOP ends these messages."
_ANSWER_BY_SMS = "Answer this message. STOP = stop."


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that was sent, to whoever it was sent. source: the organisation's name."""

    id: int
    organisation_id: int
    alert_id: int
    kind: EventKind
    state: EventState
    severity: Severity
    title: str
    texts: Mapping[str, str]
    source: str
    has_facilities: bool
    recipients: int
    expires_at: datetime
    created_at: datetime
    officer_id: int
    approved_by: int | None


def languages(texts: Iterable[str], *, has_facilities: bool, requested: str | None) -> tuple[str, ...]:
    """In which of the given languages somebody is told, in this order."""
    wanted = ("nl", "fr" if has_facilities else None, requested)
    return tuple(dict.fromkeys(one for one in wanted if one is not None and one in texts))


def render(event: Event, requested: str | None, *, sms: bool) -> str:
    """The message for somebody who asked for a language, or for none."""
    parts = [
        _part(event, language)
        for language in languages(event.texts, has_facilities=event.has_facilities, requested=requested)
    ]
    return "\n\n".join([*parts, _closing(event, sms=sms)])


def _part(event: Event, language: str) -> str:
    text = event.texts[language].strip()
    if language == "nl" or (language == "fr" and event.has_facilities):
        heading = f"{translate(_DOMAIN, language, _HEADING[event.kind])} - {event.source}"
        return "\n".join([heading, event.title, text] if language == "nl" else [heading, text])
    return f"{translate(_DOMAIN, language, 'Translation')}: {text}"


def _closing(event: Event, *, sms: bool) -> str:
    """In Dutch alone: it is the same below every alert, and every character of an SMS is paid for."""
    warns = event.kind in {EventKind.ALERT, EventKind.UPDATE} and event.severity.is_life_safety
    lines = [*([_DANGER] if warns else []), _ANSWER_BY_SMS if sms else _ANSWER]
    return " ".join(translate(_DOMAIN, "nl", line) for line in lines)


def template_variables(event: Event, requested: str | None) -> dict[str, str]:
    """The blanks of the template that opens a closed WhatsApp window: 1 is who writes, 2 what, on one line."""
    told = languages(event.texts, has_facilities=event.has_facilities, requested=requested)
    return {"1": event.source, "2": " ".join([event.title, *(event.texts[language] for language in told)])}


def check_texts(texts: Mapping[str, str]) -> None:
    """Raises InvalidInput unless there is Dutch, and only languages that we send, none of them empty."""
    if "nl" not in texts:
        raise InvalidInput("The Dutch text is missing: it is the one that binds")
    if unknown := texts.keys() - set(LANGUAGES):
        raise InvalidInput(f"No alerts are sent in: {', '.join(sorted(unknown))}")
    if empty := [language for language, text in texts.items() if not text.strip()]:
        raise InvalidInput(f"The text is empty in: {', '.join(empty)}")


def check_length(event: Event) -> None:
    """Raises InvalidInput when, in any language, it is longer than one message can be."""
    if not event.title.strip() or len(event.title) > LONGEST_TITLE:
        raise InvalidInput(f"A title has 1 to {LONGEST_TITLE} characters")
    longest = max(len(render(event, language, sms=False)) for language in event.texts)
    if longest > LONGEST_MESSAGE:
        raise InvalidInput(f"The message is {longest - LONGEST_MESSAGE} characters too long for SMS and WhatsApp")

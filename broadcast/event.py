"""What was sent, which never changes: an alert, an update, a withdrawal, an all-clear, feedback; and how it reads.

Dutch comes first and always. A municipality with language facilities adds French; whoever asked for another language
gets its translation below the Dutch, marked as one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from broadcast import acknowledgement
from broadcast.alert import LANGUAGES, Content
from broadcast.vocabulary import Severity, Status
from broadcast.watermark import marked, watermark
from locales.catalogue import translate
from messaging.channel import Choice
from messaging.twilio.message import numbered
from people.organisation import Organisation
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


ASKING = frozenset({EventKind.ALERT, EventKind.UPDATE})
"""What asks everybody whether they are safe, when lives may depend on it."""


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
_NOTICE = "MESSAGE"
_DANGER = "In danger? Call 112."
_ANSWER = "Seen something, or a question? Answer this message. STOP ends these messages."
_ANSWER_BY_SMS = "Answer this message. STOP = stop."


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that was sent, to whoever it was sent.

    source: the organisation's name. recipients: who are sent it, as far as they are `written` in the ledger.
    is_large: written and counted in slices.
    is_over: it was withdrawn, or an all-clear followed; nothing of it leaves any more.
    area, instructions, short_texts, contact, web, template_sid, template_values, ask_if_safe: as in the content.
    """

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
    status: Status = Status.ACTUAL
    area: str = ""
    instructions: Mapping[str, str] = field(default_factory=dict)
    short_texts: Mapping[str, str] = field(default_factory=dict)
    contact: str = ""
    web: str = ""
    template_sid: str = ""
    template_values: tuple[str, ...] = ()
    ask_if_safe: bool | None = None
    written: bool = False
    is_large: bool = False
    is_over: bool = False

    @property
    def reaches_nobody(self) -> bool:
        """Whether everybody is written, and none of them can be sent it."""
        return self.written and self.recipients == 0

    @property
    def is_life_safety(self) -> bool:
        """Whether it overtakes the rest; an exercise never overtakes what is meant."""
        return self.status is Status.ACTUAL and self.severity.is_life_safety

    @property
    def asks_if_safe(self) -> bool:
        """Whether everybody is asked to say that they are safe, or need help; in an exercise too."""
        asks = self.severity.is_life_safety if self.ask_if_safe is None else self.ask_if_safe
        return self.kind in ASKING and asks


def first(content: Content, organisation: Organisation, at: datetime) -> Event:
    """The event that an alert would become now; the numbers of its rows are 0 until it is written down."""
    return Event(
        id=0,
        organisation_id=organisation.id,
        alert_id=0,
        kind=EventKind.ALERT,
        state=EventState.SENDING,
        severity=content.severity,
        status=content.status,
        title=content.title,
        texts=content.texts,
        area=content.area,
        instructions=content.instructions,
        short_texts=content.short_texts,
        contact=content.contact,
        web=content.web,
        template_sid=content.template_sid,
        template_values=content.template_values,
        ask_if_safe=content.ask_if_safe,
        source=organisation.name,
        has_facilities=organisation.has_facilities,
        recipients=0,
        expires_at=content.expires_at,
        created_at=at,
        officer_id=0,
        approved_by=None,
    )


def following(begun: Event, kind: EventKind, texts: Mapping[str, str], expires_at: datetime) -> Event:
    """What is told after an alert: its words are its own, what the alert is about stays."""
    own = replace(begun, kind=kind, texts=texts, expires_at=expires_at)
    return replace(own, area="", instructions={}, short_texts={}, template_sid="", template_values=())


def languages(texts: Iterable[str], *, has_facilities: bool, requested: str | None) -> tuple[str, ...]:
    """In which of the given languages somebody is told, in this order."""
    wanted = ("nl", "fr" if has_facilities else None, requested)
    return tuple(dict.fromkeys(one for one in wanted if one is not None and one in texts))


def render(event: Event, requested: str | None, *, sms: bool) -> str:
    """The message for somebody who asked for a language, or for none."""
    told = languages(event.texts, has_facilities=event.has_facilities, requested=requested)
    parts = [_part(event, language, sms=sms) for language in told]
    return marked("\n\n".join([*parts, _closing(event, sms=sms)]), event.status, told, "\n")


def choices(event: Event, requested: str | None) -> tuple[Choice, ...]:
    """What somebody who asked for a language, or for none, may answer with a button or a number."""
    if not event.asks_if_safe:
        return ()
    told = languages(event.texts, has_facilities=event.has_facilities, requested=requested)
    return acknowledgement.choices(event.id, told)


def in_full(event: Event, requested: str | None, *, sms: bool) -> str:
    """The message where there are no buttons: with the numbers to answer by below it."""
    return numbered(render(event, requested, sms=sms), choices(event, requested))


def _part(event: Event, language: str, *, sms: bool) -> str:
    official = language == "nl" or (language == "fr" and event.has_facilities)
    told = "\n".join(said(event, language, short=sms))
    if not official:
        return f"{translate(_DOMAIN, language, 'Translation')}: {told}"
    head = f"{heading(event, language)} - {event.source}"
    return "\n".join([head, event.title, told] if language == "nl" else [head, told])


def heading(event: Event, language: str) -> str:
    """What kind of message it is."""
    routine = event.kind is EventKind.ALERT and event.severity is Severity.MINOR
    return translate(_DOMAIN, language, _NOTICE if routine else _HEADING[event.kind])


def said(event: Event, language: str, *, short: bool) -> list[str]:
    """Where, what happens and what to do, in one language; by SMS the short text instead of the last two."""
    where = f"{translate(_DOMAIN, language, 'Where')}: {event.area}" if event.area else ""
    if short and language in event.short_texts:
        told = [event.short_texts[language]]
    else:
        told = [event.texts[language], event.instructions.get(language, "")]
    return [one.strip() for one in (where, *told) if one.strip()]


def _closing(event: Event, *, sms: bool) -> str:
    """In Dutch alone: it is the same below every alert, and every character of an SMS is paid for."""
    more = [f"{name}: {value}" for name, value in (("Info", event.web), ("Contact", event.contact)) if value]
    warns = event.kind in {EventKind.ALERT, EventKind.UPDATE} and event.severity.is_life_safety
    lines = [*([_DANGER] if warns else []), _ANSWER_BY_SMS if sms else _ANSWER]
    return "\n".join([*more, " ".join(translate(_DOMAIN, "nl", line) for line in lines)])


def template_variables(event: Event, requested: str | None) -> dict[str, str]:
    """The blanks of the template that opens a closed WhatsApp window, each on one line.

    Of the sender's own template 1 is who writes, 2 what. One that was approved for this very text has its own.
    """
    told = languages(event.texts, has_facilities=event.has_facilities, requested=requested)
    if event.template_sid:
        return _own_variables(event)
    parts = [one for language in told for one in said(event, language, short=False)]
    parts += [event.web, event.contact, *_by_number(event, requested)]
    # An all-clear must not be taken for a second alert.
    follows = [] if event.kind is EventKind.ALERT else [f"{heading(event, 'nl')}:"]
    what = _on_one_line(" ".join([*follows, event.title, *parts]))
    return {"1": event.source, "2": marked(what, event.status, told, " - ")}


def _by_number(event: Event, requested: str | None) -> list[str]:
    return [f"{number} = {one.label}." for number, one in enumerate(choices(event, requested), start=1)]


def _own_variables(event: Event) -> dict[str, str]:
    """Exercises say so in the first and in the last blank, because the words around them are fixed."""
    values = [_on_one_line(value) for value in event.template_values]
    if mark := watermark(event.status, ("nl",)):
        values[0], values[-1] = f"{mark} - {values[0]}", f"{values[-1]} - {mark}"
    return {str(number): value for number, value in enumerate(values, start=1)}


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def check_texts(texts: Mapping[str, str]) -> None:
    """Raises InvalidInput unless there is Dutch, and only languages that we send, none of them empty."""
    if "nl" not in texts:
        raise InvalidInput("The Dutch text is missing: it is the one that binds")
    if unknown := texts.keys() - set(LANGUAGES):
        raise InvalidInput(f"No alerts are sent in: {', '.join(sorted(unknown))}")
    if empty := [language for language, text in texts.items() if not text.strip()]:
        raise InvalidInput(f"The text is empty in: {', '.join(empty)}")


def check_content(content: Content, at: datetime) -> None:
    """Raises InvalidInput for what cannot be sent as it is: texts, moments out of order, a link that leads nowhere."""
    check_texts(content.texts)
    if strays := (content.instructions.keys() | content.short_texts.keys()) - content.texts.keys():
        raise InvalidInput(f"There is no text to go with it in: {', '.join(sorted(strays))}")
    if content.web and not content.web.startswith(("https://", "http://")):
        raise InvalidInput("A link begins with https://")
    if content.expires_at <= at:
        raise InvalidInput("The end of the alert must lie in the future")
    if content.effective_at is not None and content.effective_at >= content.expires_at:
        raise InvalidInput("The alert must leave before it ends")


def check_length(event: Event) -> None:
    """Raises InvalidInput when, in any language, it is longer than one message can be."""
    if not event.title.strip() or len(event.title) > LONGEST_TITLE:
        raise InvalidInput(f"A title has 1 to {LONGEST_TITLE} characters")
    longest = max(len(in_full(event, language, sms=False)) for language in event.texts)
    if longest > LONGEST_MESSAGE:
        raise InvalidInput(f"The message is {longest - LONGEST_MESSAGE} characters too long for SMS and WhatsApp")

"""What somebody wrote in the form of an alert, and how it will read; nothing here is stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request

from broadcast.alert import LANGUAGES, Alert, Content, Severity
from broadcast.event import LONGEST_MESSAGE, LONGEST_TITLE, Event, first, languages, render
from console.audience_form import AudienceForm
from console.errors import explanation
from console.login import Visit
from console.pages import text
from console.parameters import Field
from messaging.sms import Segments, cheaper, segments
from people.organisation import BRUSSELS, Organisation

_USUALLY_LASTS = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Draft:
    """The fields as they were filled in. expires: local date and time, as the browser's field gives it."""

    title: str
    severity: str
    audience: AudienceForm
    texts: dict[str, str]
    expires: str

    @property
    def expires_at(self) -> datetime | None:
        """When it ends; None for what is no moment."""
        try:
            return datetime.fromisoformat(self.expires).replace(tzinfo=BRUSSELS)
        except ValueError:
            return None

    def problems(self, visit: Visit) -> dict[str, str]:
        """What must be corrected, by field."""
        found = {}
        if not 1 <= len(self.title.strip()) <= LONGEST_TITLE:
            found["title"] = text(visit, "A title has 1 to 120 characters")
        if self.severity not in set(Severity):
            found["severity"] = text(visit, "Choose how grave it is")
        found |= {name: explanation(error, visit.language) for name, error in self.audience.problems()}
        if self.audience.selection.is_empty:
            found["networks"] = text(visit, "Choose at least one network, or a place")
        if not self.texts.get("nl", "").strip():
            found["text_nl"] = text(visit, "The Dutch text is missing: it is the one that binds")
        elif (excess := self._excess(visit)) > 0:
            message = "The message is %(number)s characters too long for SMS and WhatsApp"
            found["text_nl"] = text(visit, message, number=excess)
        if self.expires_at is None or self.expires_at <= visit.at:
            found["expires"] = text(visit, "The end of the alert must lie in the future")
        return found

    def _excess(self, visit: Visit) -> int:
        """How many characters the longest message has too many."""
        event = event_of(self, visit.organisation, visit.at)
        return max(len(one.message) for one in readings(event)) - LONGEST_MESSAGE

    def content(self) -> Content:
        """As it is stored; only for a draft without problems."""
        assert self.expires_at is not None  # noqa: S101 - checked by `problems`
        return Content(
            severity=Severity(self.severity),
            title=self.title.strip(),
            texts={language: said.strip() for language, said in self.texts.items() if said.strip()},
            audience=self.audience.selection,
            expires_at=self.expires_at,
        )


async def draft_form(
    request: Request,
    title: Field = "",
    severity: Field = "",
    text_nl: Field = "",
    text_fr: Field = "",
    text_de: Field = "",
    text_en: Field = "",
    expires: Field = "",
) -> Draft:
    """The form as it came in."""
    texts = {"nl": text_nl, "fr": text_fr, "de": text_de, "en": text_en}
    unix = {language: said.replace("\r\n", "\n") for language, said in texts.items()}
    return Draft(title, severity, AudienceForm.read(await request.form()), unix, expires)


def empty(at: datetime) -> Draft:
    """A new form."""
    ends = (at + _USUALLY_LASTS).astimezone(BRUSSELS).strftime("%Y-%m-%dT%H:%M")
    return Draft("", Severity.MODERATE, AudienceForm(), {}, ends)


def of(alert: Alert) -> Draft:
    """The form of what is stored already."""
    one = alert.content
    ends = one.expires_at.astimezone(BRUSSELS).strftime("%Y-%m-%dT%H:%M")
    return Draft(one.title, one.severity, AudienceForm.of(one.audience), dict(one.texts), ends)


@dataclass(frozen=True, slots=True)
class Reading:
    """How one recipient reads it. language: what they asked for; None: nothing but the language of government."""

    language: str | None
    message: str
    sms: str
    parts: Segments
    cheaper: str | None


def readings(event: Event) -> Iterator[Reading]:
    """The message for whoever asked for no language, then for each translation that makes a difference."""
    usual = languages(event.texts, has_facilities=event.has_facilities, requested=None)
    for language in (None, *(one for one in LANGUAGES if one in event.texts and one not in usual)):
        sms = render(event, language, sms=True)
        yield Reading(language, render(event, language, sms=False), sms, segments(sms), cheaper(sms))


def event_of(draft: Draft, organisation: Organisation, at: datetime) -> Event:
    """The event that the draft would become, to be looked at only."""
    known = draft.severity in set(Severity)
    content = Content(
        severity=Severity(draft.severity) if known else Severity.UNKNOWN,
        title=draft.title.strip(),
        texts={"nl": draft.texts.get("nl", "")} | {one: said for one, said in draft.texts.items() if said.strip()},
        audience=draft.audience.selection,
        expires_at=draft.expires_at or at,
    )
    return first(content, organisation, at)

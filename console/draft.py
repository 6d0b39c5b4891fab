"""What somebody wrote in the form of an alert; nothing here is stored.

What is left empty is as usual for the kind of message, so that whoever is in a hurry fills in four fields.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from fastapi import Request
from fastapi.datastructures import FormData

from broadcast.alert import LANGUAGES, Alert, Content
from broadcast.blanks import blanks, filled
from broadcast.template import Template
from broadcast.vocabulary import Category, Certainty, Kind, ResponseType, Scope, Severity, Status, Urgency
from console.audience_form import AudienceForm
from messaging.incoming import storable
from people.organisation import BRUSSELS

Word = TypeVar("Word", bound=StrEnum)


_ASKS = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The fields as they were filled in, each empty one being as usual.

    effective, onset, expires: local date and time, as the browser's field gives it. values: of the blanks of the
    template, by name. asks: yes or no, whether people are asked if they are safe. feed: not empty where the alert is to
    stand in the public feed too. key: of this form, so that sending it twice makes one alert. seen: the codes of the
    warnings that were ticked.
    """

    title: str = ""
    kind: str = ""
    status: str = ""
    severity: str = ""
    urgency: str = ""
    certainty: str = ""
    category: str = ""
    responses: tuple[str, ...] = ()
    area: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    instructions: Mapping[str, str] = field(default_factory=dict)
    short_texts: Mapping[str, str] = field(default_factory=dict)
    asks: str = ""
    contact: str = ""
    web: str = ""
    feed: str = ""
    effective: str = ""
    onset: str = ""
    expires: str = ""
    audience: AudienceForm = field(default_factory=AudienceForm)
    template: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    seen: tuple[str, ...] = ()

    @property
    def kind_of_message(self) -> Kind:
        """What it is about."""
        return _word(Kind, self.kind, Kind.OTHER)

    @property
    def blanks(self) -> tuple[str, ...]:
        """The blanks that stand in what was written, filled in or not."""
        every = (self.texts, self.instructions, self.short_texts)
        return blanks([self.title, self.area, *(text for texts in every for text in texts.values())])

    def content(self, at: datetime) -> Content:
        """As it is stored, blanks filled in. What is no moment and no known word counts as empty."""
        usual = self.kind_of_message.suggestion
        effective_at = local_moment(self.effective)
        begins = effective_at if effective_at is not None and effective_at > at else at
        return Content(
            severity=_word(Severity, self.severity, usual.severity),
            title=self._filled(self.title),
            texts={"nl": "", **self._written(self.texts)},
            audience=self.audience.selection,
            expires_at=local_moment(self.expires) or begins.replace(second=0, microsecond=0) + usual.lasts,
            kind=self.kind_of_message,
            status=_word(Status, self.status, Status.ACTUAL),
            scope=Scope.PUBLIC if self.feed else Scope.RESTRICTED,
            categories=(_word(Category, self.category, usual.categories[0]),),
            urgency=_word(Urgency, self.urgency, usual.urgency),
            certainty=_word(Certainty, self.certainty, usual.certainty),
            response_types=tuple(one for one in ResponseType if one in self.responses) or usual.response_types,
            area=self._filled(self.area),
            instructions=self._written(self.instructions),
            short_texts=self._written(self.short_texts),
            ask_if_safe=_ASKS.get(self.asks),
            contact=self.contact.strip(),
            web=self.web.strip(),
            effective_at=effective_at,
            onset_at=local_moment(self.onset),
        )

    def _written(self, texts: Mapping[str, str]) -> dict[str, str]:
        whole = {language: self._filled(texts.get(language, "")) for language in LANGUAGES}
        return {language: said for language, said in whole.items() if said}

    def _filled(self, text: str) -> str:
        return filled(text, self.values).strip()


async def draft_form(request: Request) -> Draft:
    """The form as it came in."""
    form = await request.form()
    return Draft(
        **{name: _field(form, name) for name in _PLAIN},
        responses=_fields(form, "response"),
        texts=_by_language(form, "text"),
        instructions=_by_language(form, "instruction"),
        short_texts=_by_language(form, "short"),
        audience=AudienceForm.read(form),
        values={name.removeprefix("blank_"): _field(form, name) for name in form if name.startswith("blank_")},
        seen=_fields(form, "seen"),
    )


_PLAIN = (
    *("title", "kind", "status", "severity", "urgency", "certainty", "category"),
    *("area", "asks", "contact", "web", "feed", "effective", "onset", "expires", "key", "template"),
)


def _field(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return storable(value).replace("\r\n", "\n") if isinstance(value, str) else ""


def _fields(form: FormData, name: str) -> tuple[str, ...]:
    return tuple(storable(one) for one in form.getlist(name) if isinstance(one, str))


def _by_language(form: FormData, name: str) -> dict[str, str]:
    return {language: _field(form, f"{name}_{language}") for language in LANGUAGES}


def new_key() -> str:
    """For a form that is given out."""
    return secrets.token_urlsafe(18)


def from_template(one: Template) -> Draft:
    """A new form that begins with the texts of a template."""
    return Draft(
        kind=one.kind,
        title=one.title,
        texts=one.texts,
        instructions=one.instructions,
        short_texts=one.short_texts,
        template=str(one.id),
        key=new_key(),
    )


def of(alert: Alert) -> Draft:
    """The form of what is stored already."""
    one = alert.content
    return Draft(
        title=one.title,
        kind=one.kind,
        status=one.status,
        severity=one.severity,
        urgency=one.urgency,
        certainty=one.certainty,
        category=one.categories[0],
        responses=one.response_types,
        area=one.area,
        texts=one.texts,
        instructions=one.instructions,
        short_texts=one.short_texts,
        asks="" if one.ask_if_safe is None else "yes" if one.ask_if_safe else "no",
        contact=one.contact,
        web=one.web,
        feed="on" if one.scope is Scope.PUBLIC else "",
        effective=_local(one.effective_at),
        onset=_local(one.onset_at),
        expires=_local(one.expires_at),
        audience=AudienceForm.of(one.audience),
        key=new_key(),
    )


def local_moment(value: str) -> datetime | None:
    """What a field for date and time holds; None for what is no moment."""
    try:
        return datetime.fromisoformat(value).replace(tzinfo=BRUSSELS)
    except ValueError:
        return None


def _local(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(BRUSSELS).strftime("%Y-%m-%dT%H:%M")


def _word(kind: type[Word], value: str, usual: Word) -> Word:
    return kind(value) if value in set(kind) else usual

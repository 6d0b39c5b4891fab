"""How the bot speaks to one resident: language, form of address, and the name of the organisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_datetime

from bots.policy import ReplyLanguage
from locales.catalogue import translate
from people.organisation import BRUSSELS, Organisation


@dataclass(frozen=True, slots=True)
class Voice:
    """Says the texts of the catalogue in one language."""

    language: str
    form: str  # u | je
    organisation: str

    def say(self, message: str, **values: object) -> str:
        """A text of the catalogue, filled in; {organisation} is always known."""
        text = translate("bots", self.language, message, self.form)
        return text.format(organisation=self.organisation, **values)

    def moment(self, at: datetime) -> str:
        """A moment as people say it: "maandag 4 mei 09:00"."""
        return format_datetime(at.astimezone(BRUSSELS), "EEEE d MMMM HH:mm", locale=self.language)


def voice(organisation: Organisation, language: str) -> Voice:
    """The voice of an organisation in a language."""
    return Voice(language, organisation.address_form, organisation.name)


def say_in(organisation: Organisation, languages: Sequence[str], message: str, **values: object) -> str:
    """The same text in several languages below one another."""
    return "\n\n".join(voice(organisation, language).say(message, **values) for language in languages)


def marked(organisation: Organisation, reply: ReplyLanguage, text: str, *, choices_follow: bool = False) -> str:
    """A reply as the policy wants it: a translation says that it is one, an offer names how to get one.

    choices_follow: the note stands before the text, lest it part the question from its numbered choices.
    """
    note = _note(organisation, reply)
    if note is None:
        return text
    return f"{note}\n\n{text}" if choices_follow else f"{text}\n\n{note}"


def _note(organisation: Organisation, reply: ReplyLanguage) -> str | None:
    if reply.is_translation:
        return voice(organisation, reply.language).say("(Translation; the Dutch text is binding.)")
    if reply.offer is not None:
        return voice(organisation, reply.offer).say("For a translation, send: ENGLISH")
    return None

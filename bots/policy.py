"""In which language the government answers, on which ground, and how it addresses people.

A Flemish municipality speaks Dutch. Whoever writes in another language is understood, and told once how to ask for a
translation; switching by itself would be against the law on the use of languages. A translation is marked and says
no more than the Dutch.
"""

from dataclasses import dataclass
from enum import StrEnum

DUTCH = "nl"
LANGUAGES = ("nl", "fr", "de", "en")


class Ground(StrEnum):
    """Why a reply is in the language that it is in; kept with the message."""

    LANGUAGE_OF_GOVERNMENT = "language_of_government"
    REQUESTED = "requested"  # by the resident
    SAFETY = "safety"  # Dutch, and the writer's language below it


@dataclass(frozen=True, slots=True)
class ReplyLanguage:
    """The language of a one-to-one reply. offer: tell the writer how to ask for a translation."""

    language: str
    ground: Ground
    offer: str | None = None

    @property
    def is_translation(self) -> bool:
        """Whether the reply is marked as a translation of the Dutch."""
        return self.language != DUTCH


def reply_language(requested: str | None, written: str, *, offered_before: bool) -> ReplyLanguage:
    """The language to answer in: what the resident asked for, else Dutch."""
    if requested is not None and requested in LANGUAGES:
        return ReplyLanguage(requested, Ground.REQUESTED)
    offer = written if written != DUTCH and not offered_before else None
    return ReplyLanguage(DUTCH, Ground.LANGUAGE_OF_GOVERNMENT, offer)


def safety_languages(written: str, requested: str | None) -> tuple[str, ...]:
    """Dutch first, then the language of the writer: in danger nobody must look for a translation."""
    return tuple(dict.fromkeys((DUTCH, requested or written)))

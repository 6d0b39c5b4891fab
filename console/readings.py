"""How an alert reads on each channel, to whoever asked for which language."""

from collections.abc import Iterator
from dataclasses import dataclass

from broadcast.alert import LANGUAGES
from broadcast.event import Event, in_full, languages
from messaging.sms import Segments, cheaper, segments


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
        sms = in_full(event, language, sms=True)
        yield Reading(language, in_full(event, language, sms=False), sms, segments(sms), cheaper(sms))

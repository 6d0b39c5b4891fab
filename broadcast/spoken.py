"""What is said in a call about an event: pure."""

from broadcast.event import Event, heading, languages, said
from broadcast.watermark import marked
from locales.catalogue import translate

_DOMAIN = "broadcast"
_PRESS = "Press 1 to say that you heard this."


def spoken(event: Event, requested: str | None) -> tuple[tuple[str, str], ...]:
    """Language and text of each part, for somebody who asked for a language, or for none."""
    told = languages(event.texts, has_facilities=event.has_facilities, requested=requested)
    return tuple((language, _part(event, language)) for language in told)


def _part(event: Event, language: str) -> str:
    """Sentences, each ended: a voice pauses at them."""
    title = [event.title] if language == "nl" else []
    told = [f"{heading(event, language)} - {event.source}", *title, *said(event, language, short=False)]
    text = marked(". ".join(one.rstrip(". ") for one in told) + ".", event.status, (language,), ". ")
    return f"{text} {translate(_DOMAIN, language, _PRESS)}"

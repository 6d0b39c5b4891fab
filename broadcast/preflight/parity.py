"""Whether a translation says no more, and no less, than the Dutch: what can be compared without understanding it.

Compared are links, telephone numbers, moments, dates, other numbers, names, and the length.
"""

from collections.abc import Iterator, Mapping

from broadcast.alert import Content
from broadcast.preflight.caution import Caution
from broadcast.preflight.figures import Figures, figures

_LONGER, _SHORTER = 1.6, 0.5
_SHORT_ANYWAY = 40

_ADDED = "The text in %(language)s holds “%(value)s”, which the Dutch does not"
_MISSING = "The text in %(language)s does not hold “%(value)s”, which the Dutch does"
_ADDED_SHORT = "The short text in %(language)s holds “%(value)s”, which the long Dutch text does not"
_TOO_LONG = "The text in %(language)s is much longer than the Dutch"
_TOO_SHORT = "The text in %(language)s is much shorter than the Dutch"


def check(content: Content) -> tuple[Caution, ...]:
    """Every difference, the added before the missing, language by language."""
    dutch = "\n".join([content.title, content.area, content.web, content.contact, _long(content, "nl")])
    known = figures(dutch, "nl")
    found = [
        one
        for language in content.texts
        if language != "nl"
        for one in (*_compare(content, language, known), *_lengths(content, language, dutch))
    ]
    return (*found, *_short(content, known))


def _long(content: Content, language: str) -> str:
    return "\n".join(_of(written, language) for written in (content.texts, content.instructions))


def _of(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language, "").strip()


def _compare(content: Content, language: str, dutch: Figures) -> Iterator[Caution]:
    said = "\n".join([_long(content, language), content.area, content.web, content.contact])
    translated = figures(said, language)
    for value in translated.without(dutch):
        yield Caution(f"added:{language}:{value}", _ADDED, {"language": language, "value": value})
    told = figures(_long(content, "nl"), "nl")
    for value in told.without(translated):
        yield Caution(f"missing:{language}:{value}", _MISSING, {"language": language, "value": value})


def _lengths(content: Content, language: str, dutch: str) -> Iterator[Caution]:
    said, whole, least = (len(text.strip()) for text in (_long(content, language), dutch, _long(content, "nl")))
    if max(said, least) < _SHORT_ANYWAY:
        return
    if said > _LONGER * whole:
        yield Caution(f"longer:{language}", _TOO_LONG, {"language": language})
    if said < _SHORTER * least:
        yield Caution(f"shorter:{language}", _TOO_SHORT, {"language": language})


def _short(content: Content, dutch: Figures) -> Iterator[Caution]:
    """A short text leaves things out, which is its purpose; it must not add any."""
    for language, text in content.short_texts.items():
        for value in figures(text, language).without(dutch):
            yield Caution(f"short:{language}:{value}", _ADDED_SHORT, {"language": language, "value": value})

"""Exercises and tests say so first and last, on every channel and in every language in which they are read."""

from collections.abc import Iterable

from broadcast.vocabulary import Status
from locales.catalogue import translate

_WORD = {Status.EXERCISE: "EXERCISE", Status.TEST: "TEST"}


def watermark(status: Status, languages: Iterable[str]) -> str:
    """The word for whoever reads these languages; empty for what is meant."""
    if status not in _WORD:
        return ""
    words = (translate("broadcast", language, _WORD[status]) for language in languages)
    return " / ".join(dict.fromkeys(words))


def marked(text: str, status: Status, languages: Iterable[str], joint: str) -> str:
    """The text between two watermarks, or as it is when it is meant. joint: what stands between text and mark."""
    mark = watermark(status, languages)
    return joint.join([mark, text, mark]) if mark else text

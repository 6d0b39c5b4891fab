"""One spelling for the many ways in which people type: pure functions, text in, text out."""

import re
import unicodedata
from typing import Final

ENCODER_CHARACTERS: Final = 2_000
"""Longer texts are cut here for everything but safety: an encoder's time grows with the text."""

_REPEATED: Final = re.compile(r"(\w)\1{2,}")
_WORD: Final = re.compile(r"\w+(?:['’]\w+)*")
_SHOUTED: Final = re.compile(r"\b[A-ZÀ-ÖØ-Þ]+(?:\W+[A-ZÀ-ÖØ-Þ]+)+\b")
_URL: Final = re.compile(r"https?://\S+|www\.\S+")
_SPACE: Final = re.compile(r"\s+")
JOINERS: Final = re.compile("[\u00ad\u200c\u200d\u2060\ufeff]")
"""Stand within words and are not seen."""

_UNTYPED: Final = frozenset({"So", "Sk", "Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode categories of emoji, control characters, lone surrogates and unassigned code points."""


def tidy(text: str) -> str:
    """What an encoder reads: no emoji, control characters or stuttering letters. Accents stay, and case where not all
    is written in capitals: an encoder takes those for abbreviations."""
    text = unicodedata.normalize("NFKC", JOINERS.sub("", text[:ENCODER_CHARACTERS]))
    text = "".join(" " if unicodedata.category(letter) in _UNTYPED else letter for letter in text)
    text = _SHOUTED.sub(lambda shouted: shouted.group().lower(), text)
    text = _REPEATED.sub(r"\1\1", _URL.sub(" ", text))
    return _SPACE.sub(" ", text).strip()[:ENCODER_CHARACTERS]


def fold(text: str) -> str:
    """Lower case without accents: what vocabularies and patterns compare."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The words of a text as they stand; digits count as words."""
    return _WORD.findall(text)

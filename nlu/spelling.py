"""Misspelt words are snapped to the words that the training sentences know, per language."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from nlu.normalise import fold, words

_SHORTEST: Final = 4
"""Below this length a neighbour at one letter's distance is usually another word, not the same one misspelt."""

_WORD: Final = re.compile(r"\w+(?:['’]\w+)*")

_LONG: Final = 8
"""From this length on two letters may be wrong."""


class Spelling:
    """The known words of one language, folded, most frequent first."""

    def __init__(self, frequencies: Mapping[str, int]) -> None:
        self._known = frozenset(frequencies)
        ordered = sorted(frequencies, key=lambda word: (-frequencies[word], word))
        self._choices = [word for word in ordered if len(word) >= _SHORTEST]
        self._snap_word = lru_cache(maxsize=10_000)(self._nearest)

    def snap(self, text: str) -> str:
        """Fold `text` and replace each unknown word by its nearest known one, if there is one near enough."""
        return " ".join(self._snap_word(word) for word in words(fold(text)))

    def mend(self, text: str) -> str:
        """Replace each unknown word by its nearest known one, and leave all else as it was written."""
        return _WORD.sub(lambda found: self._mended(found[0]), text)

    def known(self, word: str) -> bool:
        """Whether the training sentences hold this folded word."""
        return word in self._known

    def _mended(self, written: str) -> str:
        folded = fold(written)
        snapped = self._snap_word(folded)
        return written if snapped == folded else snapped

    def _nearest(self, word: str) -> str:
        if len(word) < _SHORTEST or word in self._known or any(letter.isdigit() for letter in word):
            return word
        allowed = 2 if len(word) >= _LONG else 1
        found = process.extractOne(word, self._choices, scorer=OSA.distance, score_cutoff=allowed)
        return found[0] if found else word


def word_frequencies(texts: Iterable[str]) -> dict[str, int]:
    """How often each folded word occurs."""
    return dict(Counter(word for text in texts for word in words(fold(text))))

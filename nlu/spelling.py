"""Misspelt words are snapped to the words that the training sentences know, per language."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
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

_SLIP: Final = 10
"""A word that is so many times rarer than the one whose letters it has but for a slip of the finger is that one: some
of the sentences are written as people type, so that a word may be in them and still be wrong."""

_OFTEN: Final = 20
"""The same for a word that lacks a letter, which may be another word."""

_SHORTEST_SLIP: Final = 3
"""From this length on a slip shows what was meant."""


class Spelling:
    """The known words of one language, folded, most frequent first."""

    def __init__(self, frequencies: Mapping[str, int]) -> None:
        self._frequencies = dict(frequencies)
        ordered = sorted(frequencies, key=lambda word: (-frequencies[word], word))
        self._choices = [word for word in ordered if len(word) >= _SHORTEST]
        self._frequent = [word for word in ordered if len(word) > _SHORTEST and frequencies[word] >= _OFTEN]
        self._snap_word = lru_cache(maxsize=10_000)(self._nearest)

    def snap(self, text: str) -> str:
        """Fold `text` and replace each unknown or mistyped word by its nearest known one, if one is near enough."""
        return " ".join(self._snap_word(word) for word in words(fold(text)))

    def mend(self, text: str) -> str:
        """Replace each unknown or mistyped word by its nearest known one, and leave all else as it was written."""
        return _WORD.sub(lambda found: self._mended(found[0]), text)

    def known(self, word: str) -> bool:
        """Whether the training sentences hold this folded word."""
        return word in self._frequencies

    def _mended(self, written: str) -> str:
        folded = fold(written)
        snapped = self._snap_word(folded)
        return written if snapped == folded else snapped

    def _nearest(self, word: str) -> str:
        if any(letter.isdigit() for letter in word):
            return word
        meant = self._meant(word)
        if meant or len(word) < _SHORTEST or word in self._frequencies:
            return meant or word
        allowed = 2 if len(word) >= _LONG else 1
        found = process.extractOne(word, self._choices, scorer=OSA.distance, score_cutoff=allowed)
        return found[0] if found else word

    def _meant(self, word: str) -> str | None:
        """The much more frequent word that this one is, mistyped."""
        seen = max(1, self._frequencies.get(word, 0))
        if len(word) >= _SHORTEST_SLIP:
            meant = max(_slips(word), key=self._frequency)
            if self._frequency(meant) >= _SLIP * seen:
                return meant
        if len(word) >= _SHORTEST:
            for meant, _, _ in process.extract(word, self._frequent, scorer=OSA.distance, score_cutoff=1, limit=None):
                if len(meant) > len(word) and self._frequency(meant) >= _OFTEN * seen:
                    return str(meant)
        return None

    def _frequency(self, word: str) -> int:
        return self._frequencies.get(word, 0)


def _slips(word: str) -> Iterator[str]:
    """What somebody may have meant who swapped two letters, or wrote one once that stands twice."""
    for at in range(len(word)):
        yield word[:at] + word[at] + word[at:]
    for at in range(len(word) - 1):
        if word[at] != word[at + 1]:
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def word_frequencies(texts: Iterable[str]) -> dict[str, int]:
    """How often each folded word occurs."""
    return dict(Counter(word for text in texts for word in words(fold(text))))

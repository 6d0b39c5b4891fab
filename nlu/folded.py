"""A folded text that remembers where its letters stood: folding and mending change lengths."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from nlu.normalise import fold

_WORD: Final = re.compile(r"[a-z']+")


@dataclass(frozen=True, slots=True)
class Folded:
    """spans: where each letter of `text` stood in the text as written."""

    text: str
    spans: list[tuple[int, int]]

    @staticmethod
    def of(written: str) -> "Folded":
        """Small letters without accents."""
        letters = [(plain, (at, at + 1)) for at, letter in enumerate(written) for plain in fold(letter)]
        return Folded("".join(plain for plain, _ in letters), [span for _, span in letters])

    def mended(self, mend: Callable[[str], str]) -> "Folded":
        """Each word as `mend` writes it; the letters of a changed word all stand where the word stood."""
        text, spans, done = "", list[tuple[int, int]](), 0
        for found in _WORD.finditer(self.text):
            right = mend(found[0])
            if right != found[0]:
                text += self.text[done : found.start()] + right
                spans += self.spans[done : found.start()]
                spans += [(self.spans[found.start()][0], self.spans[found.end() - 1][1])] * len(right)
                done = found.end()
        return Folded(text + self.text[done:], spans + self.spans[done:])

    def without(self, pattern: re.Pattern[str]) -> "Folded":
        """The same with what the pattern finds made unreadable."""
        return Folded(pattern.sub(lambda found: "_" * len(found[0]), self.text), self.spans)

    def written(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of `text` stood."""
        return self.spans[start][0], self.spans[end - 1][1]

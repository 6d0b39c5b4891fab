"""Words and letter sequences as features: what keeps keywords, compounds and names apart."""

import itertools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_SHORTEST: Final = 3
_LONGEST: Final = 4


def grams(text: str) -> list[str]:
    """Words, pairs of words, and letter sequences within words of a folded, snapped text."""
    words = text.split()
    pairs = [f"{left} {right}" for left, right in itertools.pairwise(words)]
    letters = [
        f"#{padded[start : start + size]}"
        for padded in (f"<{word}>" for word in words)
        for size in range(_SHORTEST, _LONGEST + 1)
        for start in range(len(padded) - size + 1)
    ]
    return words + pairs + letters


@dataclass(frozen=True, slots=True)
class GramSpace:
    """The features that training kept: position and inverse document frequency of each."""

    positions: Mapping[str, int]
    idf: NDArray[np.float32]

    def weigh(self, text: str) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """The positions of the features in `text` and their weights, of length one together."""
        counts = Counter(gram for gram in grams(text) if gram in self.positions)
        at = np.fromiter((self.positions[gram] for gram in counts), dtype=np.intp, count=len(counts))
        often = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        weights = (1 + np.log(often)) * self.idf[at]
        length = float(np.linalg.norm(weights))
        return at, weights / length if length else weights

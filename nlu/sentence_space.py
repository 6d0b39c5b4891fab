"""One vector a sentence from what several encoders say of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

Vectors = Sequence[NDArray[np.float32]]
"""What each encoder says of the same sentences: (sentences, dimensions) each."""


@dataclass(frozen=True, slots=True)
class SentenceSpace:
    """Takes away what all sentences have in common (some encoders put them all in one corner), per encoder."""

    centres: tuple[NDArray[np.float32], ...]

    @staticmethod
    def around(vectors: Vectors) -> "SentenceSpace":
        """The space whose middle is that of these sentences."""
        return SentenceSpace(tuple(block.mean(axis=0, dtype=np.float32) for block in vectors))

    def place(self, vectors: Vectors) -> NDArray[np.float32]:
        """Return (sentences, sum of dimensions), rows of length one in which each encoder has the same say."""
        blocks = [_unit(block - centre) for block, centre in zip(vectors, self.centres, strict=True)]
        return np.hstack(blocks) / np.float32(np.sqrt(len(blocks)))


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return cast("NDArray[np.float32]", rows / np.maximum(lengths, np.float32(1e-9)))

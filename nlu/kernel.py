"""A classifier that compares a sentence with remembered ones: near to these, so probably the same topic."""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Kernel:
    """Kernel ridge regression, one column a label: `landmarks` (remembered, dimensions), all of length one,
    `weights` (remembered, labels); `sharpness` says how fast likeness falls off with distance."""

    landmarks: NDArray[np.float32]
    weights: NDArray[np.float32]
    sharpness: float

    def scores(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """About 1 for the label of a sentence, about 0 for the others; rows of length one."""
        return cast("NDArray[np.float32]", likeness(rows, self.landmarks, self.sharpness) @ self.weights)


def likeness(rows: NDArray[np.float32], landmarks: NDArray[np.float32], sharpness: float) -> NDArray[np.float32]:
    """The Gaussian of the distance of each row to each landmark, (rows, landmarks); all of length one."""
    cosine = rows @ landmarks.T
    return cast("NDArray[np.float32]", np.exp(2 * sharpness * (cosine - 1)))

"""A classifier with one hidden layer: it may find that two distant ways of saying mean the same topic."""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Network:
    """`hidden` (dimensions, units) and `output` (units, labels), each with its bias."""

    hidden: NDArray[np.float32]
    hidden_bias: NDArray[np.float32]
    output: NDArray[np.float32]
    output_bias: NDArray[np.float32]

    def scores(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """The score of each label, for rows of all dimensions: logarithms of probability but for a constant."""
        units = np.maximum(rows @ self.hidden + self.hidden_bias, 0)
        return cast("NDArray[np.float32]", units @ self.output + self.output_bias)

"""Trains the network with plain numpy: the matrices are small, and a framework would be the largest thing installed."""

from collections.abc import Iterator, Sequence
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from nlu.network import Network

_UNITS: Final = 1_024
_ROUNDS: Final = 9
_BATCH: Final = 192
_STEP: Final = 2.5e-3
_WARM_UP: Final = 100
"""Steps until the full step size, from which it then falls to nothing."""

_DECAY: Final = 0.01
_INPUT_DROPPED: Final = 0.1
_UNITS_DROPPED: Final = 0.5
_DOUBT: Final = 0.05
"""How much of each answer is spread over all labels: the sentences near a border may stand on the wrong side."""

_MEMORY: Final = (0.9, 0.999)
_SMALLEST: Final = 1e-8

Array = NDArray[np.float32]


class _Adam:
    """Steps whose size follows how steady each weight's slope has been, with weights that decay on their own."""

    def __init__(self, weights: Sequence[Array]) -> None:
        self._weights = weights
        self._slope = [np.zeros_like(block) for block in weights]
        self._power = [np.zeros_like(block) for block in weights]
        self._steps = 0

    def step(self, gradients: Sequence[Array], size: float) -> None:
        self._steps += 1
        first, second = _MEMORY
        fresh, steady = 1 - first**self._steps, 1 - second**self._steps
        for block, slope, power, gradient in zip(self._weights, self._slope, self._power, gradients, strict=True):
            slope[...] += (1 - first) * (gradient - slope)
            power[...] += (1 - second) * (gradient * gradient - power)
            block[...] -= np.float32(size) * (slope / fresh / (np.sqrt(power / steady) + _SMALLEST) + _DECAY * block)


def fit_network(rows: Array, truth: NDArray[np.intp], labels: int) -> Network:
    """Learn from `rows` (sentences, dimensions) of length one and the label of each; the same network every time."""
    numbers = np.random.default_rng(0)
    dimensions = rows.shape[1]
    scale = np.float32(np.sqrt(dimensions))  # rows of length one would make the first steps tiny
    weights = [
        _drawn(numbers, dimensions, _UNITS, 2),
        np.zeros(_UNITS, np.float32),
        _drawn(numbers, _UNITS, labels, 1),
        np.zeros(labels, np.float32),
    ]
    answers = np.eye(labels, dtype=np.float32)[truth] * (1 - _DOUBT) + _DOUBT / labels
    say = _say(truth, labels)
    adam = _Adam(weights)
    for batch, size in _batches(numbers, len(rows)):
        sentences = _dropped(numbers, rows[batch] * scale, _INPUT_DROPPED)
        adam.step(_gradients(numbers, weights, sentences, answers[batch], say[batch]), size)
    return Network(weights[0] * scale, *weights[1:])


def _gradients(
    numbers: np.random.Generator, weights: Sequence[Array], rows: Array, answers: Array, say: Array
) -> list[Array]:
    hidden, hidden_bias, output, output_bias = weights
    units = _dropped(numbers, np.maximum(rows @ hidden + hidden_bias, 0), _UNITS_DROPPED)
    scores = units @ output + output_bias
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    wrong = (raised / raised.sum(axis=1, keepdims=True) - answers) * say[:, None] / np.float32(len(rows))
    # A unit that was dropped or silent is zero; the others were doubled by the dropping of half of them.
    blame = (wrong @ output.T) * (units > 0) / np.float32(1 - _UNITS_DROPPED)
    return [rows.T @ blame, blame.sum(axis=0), units.T @ wrong, wrong.sum(axis=0)]


def _batches(numbers: np.random.Generator, count: int) -> Iterator[tuple[NDArray[np.intp], float]]:
    """The sentences of each step, each round in another order, and the size of that step."""
    each = max(1, count // _BATCH)
    for done in range(_ROUNDS * each):
        if done % each == 0:
            order = numbers.permutation(count)
        at = done % each * _BATCH
        yield order[at : at + _BATCH], _STEP * min(1.0, (done + 1) / _WARM_UP) * (1 - done / (_ROUNDS * each))


def _say(truth: NDArray[np.intp], labels: int) -> Array:
    """How much each sentence counts: a topic of few sentences more, though less than in proportion."""
    often = np.maximum(np.bincount(truth, minlength=labels), 1)
    return np.sqrt(len(truth) / labels / often)[truth].astype(np.float32)


def _drawn(numbers: np.random.Generator, inputs: int, outputs: int, gain: int) -> Array:
    return numbers.normal(0, np.sqrt(gain / inputs), (inputs, outputs)).astype(np.float32)


def _dropped(numbers: np.random.Generator, values: Array, share: float) -> Array:
    kept = numbers.random(values.shape, dtype=np.float32) >= share
    return cast("Array", values * kept / np.float32(1 - share))

"""Trains the network with plain numpy: the matrices are small, and a framework would be the largest thing installed."""

from collections.abc import Iterator, Sequence
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from nlu.network import Network

_UNITS: Final = 1_024
STARTS: Final = (0, 1)
"""A network begins with weights drawn by chance, one from each of these."""

_ROUNDS: Final = 7
_FEWEST_STEPS: Final = 300
"""Few sentences are shown in more rounds."""

_BATCH: Final = 256
_FEWEST_BATCHES: Final = 8
"""And in smaller batches."""

_STEP: Final = 3e-3
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
        self._spare = [np.empty_like(block) for block in weights]
        self._steps = 0

    def step(self, gradients: Sequence[Array], size: float) -> None:
        self._steps += 1
        fresh, steady = (1 - memory**self._steps for memory in _MEMORY)
        for block, slope, power, spare, gradient in zip(
            self._weights, self._slope, self._power, self._spare, gradients, strict=True
        ):
            _remember(slope, gradient, _MEMORY[0], spare)
            _remember(power, np.multiply(gradient, gradient, out=spare), _MEMORY[1], spare)
            np.sqrt(np.divide(power, steady, out=spare), out=spare)
            np.divide(slope, np.add(spare, _SMALLEST, out=spare), out=spare)
            np.multiply(block, 1 - size * _DECAY, out=block)
            np.subtract(block, np.multiply(spare, size / fresh, out=spare), out=block)


def _remember(mean: Array, value: Array, memory: float, spare: Array) -> None:
    """Move a running mean towards a value. In place: making new arrays of a million numbers took two fifths of the
    time."""
    np.multiply(mean, memory, out=mean)
    np.add(mean, np.multiply(value, 1 - memory, out=spare), out=mean)


def fit_network(rows: Array, truth: NDArray[np.intp], labels: int, starts: Sequence[int] = STARTS) -> Network:
    """Learn from `rows` (sentences, dimensions) of length one and the label of each; the same network every time.

    It scores what networks with different starts score in the mean: they err on different sentences.
    """
    return _mean([_fit(np.random.default_rng(start), rows, truth, labels) for start in starts])


def _mean(networks: Sequence[Network]) -> Network:
    """One network that scores the mean of these: their units side by side."""
    share = np.float32(1 / len(networks))
    return Network(
        np.hstack([one.hidden for one in networks]),
        np.concatenate([one.hidden_bias for one in networks]),
        np.vstack([one.output for one in networks]) * share,
        np.sum([one.output_bias for one in networks], axis=0) * share,
    )


def _fit(numbers: np.random.Generator, rows: Array, truth: NDArray[np.intp], labels: int) -> Network:
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
    batch = min(_BATCH, max(1, count // _FEWEST_BATCHES))
    each = max(1, count // batch)
    steps = max(_ROUNDS * each, _FEWEST_STEPS)
    for done in range(steps):
        if done % each == 0:
            order = numbers.permutation(count)
        at = done % each * batch
        yield order[at : at + batch], _STEP * min(1.0, (done + 1) / _WARM_UP) * (1 - done / steps)


def _say(truth: NDArray[np.intp], labels: int) -> Array:
    """How much each sentence counts: a topic of few sentences more, though less than in proportion."""
    often = np.maximum(np.bincount(truth, minlength=labels), 1)
    return np.sqrt(len(truth) / labels / often)[truth].astype(np.float32)


def _drawn(numbers: np.random.Generator, inputs: int, outputs: int, gain: int) -> Array:
    return numbers.normal(0, np.sqrt(gain / inputs), (inputs, outputs)).astype(np.float32)


def _dropped(numbers: np.random.Generator, values: Array, share: float) -> Array:
    kept = numbers.random(values.shape, dtype=np.float32) >= share
    return cast("Array", values * kept / np.float32(1 - share))

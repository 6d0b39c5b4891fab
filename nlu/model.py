"""What training leaves behind, and the arithmetic that turns a sentence into probabilities.

Plain numpy on purpose: the serving process then needs neither scikit-learn nor scipy (80 MB resident).
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from nlu.files import read_arrays, write_arrays
from nlu.interpreter import Language
from nlu.ngrams import GramSpace

_ARRAYS: Final = ("idf", "gram_weights", "gram_bias", "sentence_weights", "sentence_bias", "facts")


@dataclass(frozen=True, slots=True)
class Linear:
    """One linear classifier: `weights` (features, labels) and `bias` (labels)."""

    weights: NDArray[Any]
    bias: NDArray[np.float32]

    def scores(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """The score of each label, for rows of all features."""
        return cast("NDArray[np.float32]", rows @ self.weights + self.bias)

    def scores_at(self, at: NDArray[np.intp], values: NDArray[np.float32]) -> NDArray[np.float32]:
        """The score of each label for one row that is zero but for `values` at the features `at`."""
        return cast("NDArray[np.float32]", values @ self.weights[at].astype(np.float32) + self.bias)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The decisions learnt from out-of-fold confidence, each a probability.

    Below `reject` a message is out of scope; a lead smaller than `clear` makes it ambiguous;
    from `alarm[kind]` on the classifier alone raises a safety alarm of that kind.
    """

    reject: float
    clear: float
    alarm: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Model:
    """Two classifiers that vote: `vote` holds the weight of the n-grams' and of the encoder's say."""

    labels: tuple[str, ...]
    space: GramSpace
    grams: Linear
    sentences: Linear
    vote: tuple[float, float]
    thresholds: Thresholds
    frequencies: Mapping[Language, Mapping[str, int]]
    names: Mapping[str, tuple[str, str]]

    def probabilities(self, snapped: str, vector: NDArray[np.float32]) -> NDArray[np.float64]:
        """The probability of each label for one sentence, given folded and snapped, and encoded."""
        by_grams = self.grams.scores_at(*self.space.weigh(snapped))
        return pool(by_grams, self.sentences.scores(vector), self.vote)


def pool(by_grams: NDArray[Any], by_sentence: NDArray[Any], vote: tuple[float, float]) -> NDArray[np.float64]:
    """Weigh the scores of both halves and make probabilities of them; labels along the last axis."""
    scores = (vote[0] * by_grams + vote[1] * by_sentence).astype(np.float64)
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return cast("NDArray[np.float64]", raised / raised.sum(axis=-1, keepdims=True))


def save(model: Model, path: Path) -> None:
    """Write the model in one step."""
    facts = {
        "labels": model.labels,
        "grams": list(model.space.positions),
        "vote": model.vote,
        "thresholds": asdict(model.thresholds),
        "frequencies": model.frequencies,
        "names": model.names,
    }
    arrays = {
        "idf": model.space.idf,
        "gram_weights": model.grams.weights,
        "gram_bias": model.grams.bias,
        "sentence_weights": model.sentences.weights,
        "sentence_bias": model.sentences.bias,
        "facts": np.frombuffer(json.dumps(facts).encode(), dtype=np.uint8),
    }
    write_arrays(path, arrays)


def load(path: Path) -> Model | None:
    """Read a model; None when there is none or what stands there is damaged."""
    arrays = read_arrays(path)
    if arrays is None or not set(_ARRAYS) <= arrays.keys():
        return None
    facts = json.loads(arrays["facts"].tobytes())
    return Model(
        labels=tuple(facts["labels"]),
        space=GramSpace({gram: at for at, gram in enumerate(facts["grams"])}, arrays["idf"]),
        grams=Linear(arrays["gram_weights"], arrays["gram_bias"]),
        sentences=Linear(arrays["sentence_weights"], arrays["sentence_bias"]),
        vote=tuple(facts["vote"]),
        thresholds=Thresholds(**facts["thresholds"]),
        frequencies=facts["frequencies"],
        names={name: (kind, value) for name, (kind, value) in facts["names"].items()},
    )

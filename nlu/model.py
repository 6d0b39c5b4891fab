"""What training leaves behind, and the arithmetic that turns a sentence into probabilities.

Plain numpy on purpose: the serving process then needs neither scikit-learn nor scipy (80 MB resident).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from nlu.files import read_arrays, write_arrays
from nlu.interpreter import Language
from nlu.network import Network
from nlu.ngrams import GramSpace
from nlu.sentence_space import SentenceSpace, Vectors
from nlu.topics import SAFETY_TOPICS

_ARRAYS: Final = (
    "idf",
    "gram_weights",
    "gram_bias",
    "hidden",
    "hidden_bias",
    "output",
    "output_bias",
    "facts",
)


@dataclass(frozen=True, slots=True)
class Linear:
    """One linear classifier: `weights` (features, labels) and `bias` (labels)."""

    weights: NDArray[Any]
    bias: NDArray[np.float32]

    def scores_at(self, at: NDArray[np.intp], values: NDArray[np.float32]) -> NDArray[np.float32]:
        """The score of each label for one row that is zero but for `values` at the features `at`."""
        return cast("NDArray[np.float32]", values @ self.weights[at].astype(np.float32) + self.bias)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The decisions learnt from out-of-fold confidence.

    Below the strength `reject` (see `decision.strength`) a message is out of scope; a lead smaller than `clear`
    makes it ambiguous; from the risk `alarm` on (see `Watch`) a safety alarm is raised, from the lower risk `suspect`
    on a danger is not ruled out.
    """

    reject: float
    clear: float
    alarm: float
    suspect: float


@dataclass(frozen=True, slots=True)
class Watch:
    """How the vote's probability and the signs of danger make one risk, as a logarithm of odds."""

    vote: float
    signs: float
    bias: float

    def risk(self, probability: NDArray[np.float64], signed: NDArray[np.bool_]) -> NDArray[np.float64]:
        """The risk of each kind of danger, from the probability of that kind and whether signs tell of it."""
        clipped = np.clip(probability, _HARDLY, 1 - _HARDLY)
        odds = np.log(clipped / (1 - clipped))
        return self.vote * odds + self.signs * signed + self.bias


_HARDLY: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the classifiers say of one sentence: a probability per label, a risk per safety topic."""

    probability: dict[str, float]
    risk: dict[str, float]


@dataclass(frozen=True, slots=True)
class Model:
    """Two classifiers that vote: `vote` holds the weights of the n-grams' and the network's say."""

    labels: tuple[str, ...]
    space: GramSpace
    grams: Linear
    sentence_space: SentenceSpace
    network: Network
    vote: tuple[float, ...]
    watch: Watch
    thresholds: Thresholds
    frequencies: Mapping[Language, Mapping[str, int]]
    names: Mapping[str, tuple[str, str]]

    def judge(self, snapped: str, vectors: Vectors, sign: str | None) -> Judgement:
        """Judge one sentence, given folded and snapped, and encoded by each encoder: (readings, dimensions) each.

        The readings are the sentence as written and, where it has errors, as mended; each has the same say. sign: the
        danger that the signs in it tell of.
        """
        rows = self.sentence_space.place(vectors)
        by_network = self.network.scores(rows).mean(axis=0)
        probability = pool((self.grams.scores_at(*self.space.weigh(snapped)), by_network), self.vote)
        kinds = [kind for kind in SAFETY_TOPICS if kind in self.labels]
        at = [self.labels.index(kind) for kind in kinds]
        risk = self.watch.risk(probability[at], np.array([kind == sign for kind in kinds], dtype=bool))
        return Judgement(
            dict(zip(self.labels, probability.tolist(), strict=True)), dict(zip(kinds, risk.tolist(), strict=True))
        )


def pool(votes: Sequence[NDArray[Any]], weights: Sequence[float]) -> NDArray[np.float64]:
    """Weigh the scores of the classifiers and make probabilities of them; labels along the last axis."""
    scores = sum((weight * vote.astype(np.float64) for weight, vote in zip(weights, votes, strict=True)), np.float64(0))
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return cast("NDArray[np.float64]", raised / raised.sum(axis=-1, keepdims=True))


def save(model: Model, path: Path) -> None:
    """Write the model in one step."""
    facts = {
        "labels": model.labels,
        "grams": list(model.space.positions),
        "vote": model.vote,
        "watch": asdict(model.watch),
        "encoders": len(model.sentence_space.centres),
        "thresholds": asdict(model.thresholds),
        "frequencies": model.frequencies,
        "names": model.names,
    }
    arrays = {
        "idf": model.space.idf,
        "gram_weights": model.grams.weights,
        "gram_bias": model.grams.bias,
        "hidden": model.network.hidden,
        "hidden_bias": model.network.hidden_bias,
        "output": model.network.output,
        "output_bias": model.network.output_bias,
        **{f"centre_{at}": centre for at, centre in enumerate(model.sentence_space.centres)},
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
        sentence_space=SentenceSpace(tuple(arrays[f"centre_{at}"] for at in range(facts["encoders"]))),
        network=Network(arrays["hidden"], arrays["hidden_bias"], arrays["output"], arrays["output_bias"]),
        vote=tuple(facts["vote"]),
        watch=Watch(**facts["watch"]),
        thresholds=Thresholds(**facts["thresholds"]),
        frequencies=facts["frequencies"],
        names={name: (kind, value) for name, (kind, value) in facts["names"].items()},
    )

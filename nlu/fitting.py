"""Training: sentences in, a model out. The only module that imports scikit-learn and scipy."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from nlu.encoder import Progress
from nlu.entities import learn_names
from nlu.interpreter import LANGUAGES, Language
from nlu.model import Linear, Model, Watch, pool
from nlu.network_fitting import STARTS, fit_network
from nlu.ngrams import GramSpace, grams
from nlu.normalise import tidy
from nlu.safety import signs
from nlu.sentence_space import SentenceSpace, Vectors
from nlu.spelling import Spelling, word_frequencies
from nlu.thresholds import learn_thresholds
from nlu.topics import SAFETY_TOPICS
from nlu.training_data import Example, TrainingData

FOLDS: Final = 3
_JUDGED: Final = 1
"""Folds whose sentences are judged for the vote and the lines: the ten thousand of one say as much as all."""

_GRAM_C: Final = 0.3
_GRAM_PRECISION: Final = 0.05
_FIRST_VOTE: Final = (3.0, 0.7)
"""Where the search for the best vote begins; the scores of the two are of different size."""


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """What models said about sentences that they had not seen: `votes` (examples, labels) each, in the order
    n-grams, network."""

    examples: tuple[Example, ...]
    labels: tuple[str, ...]
    truth: NDArray[np.intp]
    votes: tuple[NDArray[np.float64], ...]


def fit(data: TrainingData, vectors: Vectors, progress: Progress) -> Model:
    """Train on all examples; vote, watch and thresholds come from models that had not seen the sentence."""
    labels, truth = _numbered(data.examples)
    unseen = out_of_fold(data.examples, vectors, progress, _JUDGED)
    vote = learn_vote(unseen)
    probabilities = pool(unseen.votes, vote)
    watch, risks = learn_watch(unseen, probabilities)
    frequencies = count_words(data.examples)
    sentence_space = SentenceSpace.around(vectors)
    rows = sentence_space.place(vectors)
    with threadpool_limits(limits=1):  # the matrices are small: two threads made training four times slower
        space, by_grams = _fit_grams(snap_examples(data.examples, frequencies), truth)
        network = fit_network(rows, truth, len(labels))
    progress("fit", _JUDGED + 1, _JUDGED + 1)
    return Model(
        labels=labels,
        space=space,
        grams=by_grams,
        sentence_space=sentence_space,
        network=network,
        vote=vote,
        watch=watch,
        thresholds=learn_thresholds(labels, unseen.truth, probabilities, risks),
        frequencies=frequencies,
        names=learn_names(data),
    )


def out_of_fold(examples: Sequence[Example], vectors: Vectors, progress: Progress, judged: int = FOLDS) -> OutOfFold:
    """Score the sentences of `judged` folds by models, and mend their spelling by words, of the other folds only."""
    labels, truth = _numbered(examples)
    rows = SentenceSpace.around(vectors).place(vectors)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    order: list[int] = []
    votes = []
    for done, (seen, unseen) in enumerate(islice(folds.split(rows, truth), judged)):
        progress("fit", done, judged + 1)
        snapped = snap_examples(examples, count_words([examples[at] for at in seen]))
        with threadpool_limits(limits=1):
            space, linear = _fit_grams([snapped[at] for at in seen], truth[seen])
            by_grams = np.stack([linear.scores_at(*space.weigh(snapped[at])) for at in unseen])
            # One start is enough to draw lines by, in half the time.
            by_network = fit_network(rows[seen], truth[seen], len(labels), STARTS[:1]).scores(rows[unseen])
        order.extend(unseen.tolist())
        votes.append((by_grams, by_network))
    pooled = tuple(np.concatenate(parts).astype(np.float64) for parts in zip(*votes, strict=True))
    return OutOfFold(tuple(examples[at] for at in order), labels, truth[order], pooled)


def count_words(examples: Sequence[Example]) -> dict[Language, dict[str, int]]:
    """How often each language uses each word."""
    return {
        language: word_frequencies(example.text for example in examples if example.language == language)
        for language in LANGUAGES
    }


def snap_examples(examples: Sequence[Example], frequencies: dict[Language, dict[str, int]]) -> list[str]:
    """The sentences as the n-grams read them: folded, misspelt words mended."""
    spelling = {language: Spelling(frequencies[language]) for language in LANGUAGES}
    return [spelling[example.language].snap(tidy(example.text)) for example in examples]


def learn_vote(unseen: OutOfFold) -> tuple[float, ...]:
    """The weights of the classifiers that make the pooled probabilities truest (least log loss)."""

    def loss(logarithms: NDArray[np.float64]) -> float:
        right = pool(unseen.votes, np.exp(logarithms).tolist())
        return -float(np.log(right[np.arange(len(unseen.truth)), unseen.truth] + 1e-12).mean())

    found = minimize(loss, x0=np.log(_FIRST_VOTE), method="L-BFGS-B").x
    return tuple(np.exp(found).tolist())


def learn_watch(unseen: OutOfFold, probabilities: NDArray[np.float64]) -> tuple[Watch, NDArray[np.float64]]:
    """How much the signs weigh against the vote, each kind of danger a question of its own; and the risk of each kind
    that follows: (sentences, kinds)."""
    kinds = safety_columns(unseen.labels)
    signed = signs_of(unseen.examples, unseen.labels)
    watch = Watch(1.0, 0.0, 0.0)
    if kinds:
        odds = watch.risk(probabilities[:, kinds], signed)
        real = unseen.truth[:, None] == np.array(kinds)
        fitted = LogisticRegression(class_weight="balanced").fit(
            np.column_stack([odds.ravel(), signed.ravel()]), real.ravel()
        )
        by_vote, by_signs = fitted.coef_[0].tolist()
        watch = Watch(by_vote, by_signs, float(fitted.intercept_[0]))
    return watch, watch.risk(probabilities[:, kinds], signed)


def signs_of(examples: Sequence[Example], labels: Sequence[str]) -> NDArray[np.bool_]:
    """Of which kind of danger the signs in each sentence tell: (sentences, kinds)."""
    kinds = np.array([labels[at] for at in safety_columns(labels)], dtype=object)
    return np.array([kinds == signs().alarm(example.text) for example in examples]).reshape(len(examples), len(kinds))


def _numbered(examples: Sequence[Example]) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """The labels, and which of them each sentence has."""
    names, truth = np.unique([example.intent for example in examples], return_inverse=True)
    return tuple(names.tolist()), truth


def safety_columns(labels: Sequence[str]) -> list[int]:
    """Where the kinds of danger stand among the labels."""
    return [labels.index(kind) for kind in SAFETY_TOPICS if kind in labels]


def _fit_grams(snapped: Sequence[str], truth: NDArray[np.intp]) -> tuple[GramSpace, Linear]:
    vectorizer = TfidfVectorizer(analyzer=grams, min_df=3, sublinear_tf=True, dtype=np.float32)
    features = vectorizer.fit_transform(snapped)
    positions = {gram: at for at, gram in enumerate(vectorizer.get_feature_names_out().tolist())}
    space = GramSpace(positions, vectorizer.idf_.astype(np.float32))
    return space, _linear(LinearSVC(C=_GRAM_C, tol=_GRAM_PRECISION).fit(features, truth), np.float16)


def _linear(fitted: Any, dtype: type[np.floating[Any]]) -> Linear:
    return Linear(np.ascontiguousarray(fitted.coef_.T.astype(dtype)), fitted.intercept_.astype(np.float32))

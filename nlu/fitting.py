"""Training: sentences in, a model out. The only module that imports scikit-learn and scipy."""

from collections.abc import Sequence
from dataclasses import dataclass
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
from nlu.model import Linear, Model, pool
from nlu.ngrams import GramSpace, grams
from nlu.normalise import tidy
from nlu.spelling import Spelling, word_frequencies
from nlu.thresholds import learn_thresholds
from nlu.training_data import Example, TrainingData

_FOLDS: Final = 5
_SENTENCE_C: Final = 20.0
_GRAM_C: Final = 0.3


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """What models said about sentences that they had not seen: (examples, labels) each."""

    labels: tuple[str, ...]
    truth: NDArray[np.intp]
    by_grams: NDArray[np.float64]
    by_sentence: NDArray[np.float64]


def fit(data: TrainingData, vectors: NDArray[np.float32], progress: Progress) -> Model:
    """Train on all examples; vote and thresholds come from models that had not seen the sentence."""
    unseen = out_of_fold(data.examples, vectors, progress)
    vote = learn_vote(unseen)
    probabilities = pool(unseen.by_grams, unseen.by_sentence, vote)
    frequencies = count_words(data.examples)
    with threadpool_limits(limits=1):  # the matrices are small: two threads made training four times slower
        space, by_grams = _fit_grams(snap_examples(data.examples, frequencies), unseen.truth)
        by_sentence = _fit_sentences(vectors, unseen.truth)
    progress("fit", _FOLDS + 1, _FOLDS + 1)
    return Model(
        labels=unseen.labels,
        space=space,
        grams=by_grams,
        sentences=by_sentence,
        vote=vote,
        thresholds=learn_thresholds(unseen.labels, unseen.truth, probabilities),
        frequencies=frequencies,
        names=learn_names(data),
    )


def out_of_fold(examples: Sequence[Example], vectors: NDArray[np.float32], progress: Progress) -> OutOfFold:
    """Score each sentence by models, and mend its spelling by words, of the other folds only."""
    labels, truth = np.unique([example.intent for example in examples], return_inverse=True)
    by_grams, by_sentence = np.zeros((2, len(truth), len(labels)))
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    for done, (seen, unseen) in enumerate(folds.split(vectors, truth)):
        progress("fit", done, _FOLDS + 1)
        snapped = snap_examples(examples, count_words([examples[at] for at in seen]))
        with threadpool_limits(limits=1):
            space, linear = _fit_grams([snapped[at] for at in seen], truth[seen])
            for at in unseen:
                by_grams[at] = linear.scores_at(*space.weigh(snapped[at]))
            by_sentence[unseen] = _fit_sentences(vectors[seen], truth[seen]).scores(vectors[unseen])
    return OutOfFold(tuple(labels.tolist()), truth, by_grams, by_sentence)


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


def learn_vote(unseen: OutOfFold) -> tuple[float, float]:
    """The weights of both halves that make the pooled probabilities truest (least log loss)."""

    def loss(logarithms: NDArray[np.float64]) -> float:
        weights = np.exp(logarithms)
        right = pool(unseen.by_grams, unseen.by_sentence, (weights[0], weights[1]))
        return -float(np.log(right[np.arange(len(unseen.truth)), unseen.truth] + 1e-12).mean())

    found = np.exp(minimize(loss, x0=np.zeros(2), method="Nelder-Mead", options={"maxiter": 60}).x)
    return float(found[0]), float(found[1])


def _fit_grams(snapped: Sequence[str], truth: NDArray[np.intp]) -> tuple[GramSpace, Linear]:
    vectorizer = TfidfVectorizer(analyzer=grams, min_df=2, sublinear_tf=True, dtype=np.float32)
    features = vectorizer.fit_transform(snapped)
    positions = {gram: at for at, gram in enumerate(vectorizer.get_feature_names_out().tolist())}
    space = GramSpace(positions, vectorizer.idf_.astype(np.float32))
    return space, _linear(LinearSVC(C=_GRAM_C).fit(features, truth), np.float16)


def _fit_sentences(vectors: NDArray[np.float32], truth: NDArray[np.intp]) -> Linear:
    return _linear(LogisticRegression(C=_SENTENCE_C, max_iter=200).fit(vectors, truth), np.float32)


def _linear(fitted: Any, dtype: type[np.floating[Any]]) -> Linear:
    return Linear(np.ascontiguousarray(fitted.coef_.T.astype(dtype)), fitted.intercept_.astype(np.float32))

"""The arithmetic and the files of a model."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from nlu import model as models
from nlu.files import read_arrays, write_arrays
from nlu.interpreter import OUT_OF_SCOPE
from nlu.model import Linear, Model, Thresholds, Watch, pool
from nlu.network import Network
from nlu.network_fitting import fit_network
from nlu.ngrams import GramSpace, grams
from nlu.sentence_space import SentenceSpace
from nlu.thresholds import learn_thresholds

LINES = Thresholds(reject=0.3, clear=0.2, alarm=1.5, suspect=0.5)


def small_model() -> Model:
    numbers = np.random.default_rng(1)
    return Model(
        labels=("emergency", "fine"),
        space=GramSpace({"boete": 0, "#<bo": 1, "bib": 2}, np.array([1.0, 2.0, 3.0], dtype=np.float32)),
        grams=Linear(numbers.normal(size=(3, 2)).astype(np.float16), np.zeros(2, dtype=np.float32)),
        network=Network(*(numbers.normal(size=size).astype(np.float32) for size in ((4, 5), (5,), (5, 2), (2,)))),
        sentence_space=SentenceSpace((np.full(2, 0.1, dtype=np.float32), np.zeros(2, dtype=np.float32))),
        vote=(2.0, 0.5),
        watch=Watch(1.0, 2.0, -2.0),
        thresholds=LINES,
        frequencies={"nl": {"boete": 2}},
        names={"blauwe zak": ("waste_type", "pmd")},
    )


def test_a_saved_model_judges_the_same(tmp_path: Path) -> None:
    model = small_model()
    vectors = [np.array([[0.6, 0.8]], dtype=np.float32), np.array([[1.0, 0.0]], dtype=np.float32)]
    models.save(model, tmp_path / "m.npz")
    again = models.load(tmp_path / "m.npz")
    assert again is not None
    assert (again.labels, again.vote, again.watch, again.thresholds, again.names) == (
        model.labels,
        model.vote,
        model.watch,
        model.thresholds,
        model.names,
    )
    expected = model.judge("boete bib", vectors, None)
    assert again.judge("boete bib", vectors, None) == expected
    assert sum(expected.probability.values()) == pytest.approx(1.0)
    assert set(expected.risk) == {"emergency"}


def test_each_encoder_has_the_same_say_wherever_it_puts_its_sentences() -> None:
    numbers = np.random.default_rng(2)
    spread = numbers.normal(size=(50, 8)).astype(np.float32)
    cornered = (10 + 0.1 * numbers.normal(size=(50, 6))).astype(np.float32)
    rows = SentenceSpace.around([spread, cornered]).place([spread, cornered])
    np.testing.assert_allclose(np.linalg.norm(rows[:, :8], axis=1), np.sqrt(0.5), rtol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(rows[:, 8:], axis=1), np.sqrt(0.5), rtol=1e-5)


def test_a_network_learns_what_no_line_parts() -> None:
    corners = np.array([[1, 1], [-1, -1], [1, -1], [-1, 1]], dtype=np.float32) / np.float32(np.sqrt(2))
    rows, truth = np.tile(corners, (400, 1)), np.tile([0, 0, 1, 1], 400)
    network = fit_network(rows, truth, 2)
    assert network.scores(corners).argmax(axis=1).tolist() == [0, 0, 1, 1]
    np.testing.assert_array_equal(fit_network(rows, truth, 2).output, network.output)


def test_networks_of_several_starts_score_their_mean_as_one() -> None:
    numbers = np.random.default_rng(3)
    rows, truth = numbers.normal(size=(300, 4)).astype(np.float32), np.tile([0, 1, 2], 100)
    both = fit_network(rows, truth, 3, starts=(0, 1)).scores(rows)
    alone = [fit_network(rows, truth, 3, starts=(start,)).scores(rows) for start in (0, 1)]
    np.testing.assert_allclose(both, np.mean(alone, axis=0), rtol=1e-3, atol=1e-4)


def test_risk_rises_with_probability_and_with_signs() -> None:
    watch = Watch(vote=1.0, signs=3.0, bias=0.0)
    none, some = np.array([False]), np.array([True])
    low = watch.risk(np.array([0.2]), none)
    assert watch.risk(np.array([0.4]), none) > low
    assert watch.risk(np.array([0.2]), some) > low
    assert np.isfinite(watch.risk(np.array([0.0, 1.0]), np.array([True, False]))).all()


@pytest.mark.parametrize("keep", [0, 10, 200, -1])
def test_a_damaged_file_counts_as_absent(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "m.npz"
    models.save(small_model(), path)
    path.write_bytes(path.read_bytes()[:keep])
    assert models.load(path) is None


def test_a_file_of_another_kind_counts_as_absent(tmp_path: Path) -> None:
    write_arrays(tmp_path / "m.npz", {"x": np.zeros(3)})
    assert models.load(tmp_path / "m.npz") is None


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    write_arrays(path, {"x": np.ones(2)})
    with pytest.raises(ValueError, match="Object arrays"):
        write_arrays(path, {"x": np.array([object()])})
    stored = read_arrays(path)
    assert stored is not None
    assert stored["x"].tolist() == [1.0, 1.0]
    assert list(tmp_path.iterdir()) == [path]


def test_serving_weighs_features_as_training_did() -> None:
    texts = ["een boete betalen", "boete boete bib", "de bib is open", "open de deur"]
    vectorizer = TfidfVectorizer(analyzer=grams, sublinear_tf=True, dtype=np.float32)
    trained = vectorizer.fit_transform(texts)
    positions = {gram: at for at, gram in enumerate(vectorizer.get_feature_names_out().tolist())}
    space = GramSpace(positions, vectorizer.idf_.astype(np.float32))
    for row, text in enumerate(texts):
        at, weights = space.weigh(text)
        np.testing.assert_allclose(trained[row].toarray()[0, at], weights, rtol=1e-5)


def test_a_text_of_unknown_features_weighs_nothing() -> None:
    at, weights = small_model().space.weigh("xyz")
    assert (at.size, weights.size) == (0, 0)


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=6))
def test_pooled_scores_are_probabilities(scores: list[float]) -> None:
    probabilities = pool([np.array(scores), np.array(scores)], (1.0, 3.0))
    assert probabilities.sum() == pytest.approx(1.0)
    assert (probabilities >= 0).all()


def test_thresholds_are_learnt_within_their_bounds() -> None:
    """A hundred sure messages on each of two topics and a hundred strangers that look like neither."""
    labels = ("emergency", "fine", OUT_OF_SCOPE)
    truth = np.repeat([0, 1, 2], 100)
    probabilities = np.vstack([
        np.tile([0.9, 0.05, 0.05], (100, 1)),
        np.tile([0.1, 0.8, 0.1], (100, 1)),
        np.tile([0.2, 0.2, 0.6], (100, 1)),
    ])  # fmt: skip
    risks = np.concatenate([np.full(100, 3.0), np.full(100, -2.0), np.linspace(-2.0, -1.0, 100)])[:, None]
    learnt = learn_thresholds(labels, truth, probabilities, risks)
    assert 0.2 < learnt.reject <= 0.8
    assert -2.0 < learnt.suspect < learnt.alarm <= -1.0
    assert learnt.clear <= 0.85


def test_without_strangers_nothing_is_rejected() -> None:
    truth = np.arange(100) % 2
    confident = np.linspace(0.5, 1.0, 100)
    probabilities = np.where(np.eye(2)[truth] == 1, confident[:, None], 1 - confident[:, None])
    assert learn_thresholds(("fine", "library"), truth, probabilities, np.zeros((100, 0))).reject == 0.0

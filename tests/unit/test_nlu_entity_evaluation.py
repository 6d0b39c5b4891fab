"""Held-out entities: read with file and line, counted by kind."""

from pathlib import Path

import pytest

from nlu.entity_evaluation import Marked, Score, read_marked, readable, score
from nlu.interpreter import LANGUAGES, Entity
from storage.errors import InvalidInput

HELD_OUT = Path(__file__).parents[2] / "nlu" / "heldout" / "entities"
MARKED = Marked("nl", "tot vrijdag in de bib", (
    Entity("date", "2026-11-27", "vrijdag", 4, 11), Entity("service", "bib", "bib", 18, 21),
))  # fmt: skip


@pytest.mark.parametrize(
    ("found", "right"),
    [
        (Entity("date", "2026-11-27", "vrijdag", 4, 11), 1),
        (Entity("date", "2026-11-27", "tot vrijdag", 0, 11), 1),
        (Entity("date", "2026-12-04", "vrijdag", 4, 11), 0),
        (Entity("street", "2026-11-27", "vrijdag", 4, 11), 0),
        (Entity("date", "2026-11-27", "bib", 18, 21), 0),
        (Entity("service", "library", "de bib", 15, 21), 1),
    ],
)
def test_right_is_the_kind_the_place_and_the_value_where_one_was_given(found: Entity, right: int) -> None:
    assert sum(one.right for one in score([(MARKED, [found])]).values()) == right


def test_precision_and_recall_are_of_each_kind() -> None:
    one = Score(marked=4, found=2, right=1)
    assert (one.precision, one.recall) == (0.5, 0.25)
    assert one.f1 == pytest.approx(1 / 3)
    assert Score(0, 0, 0).precision is None
    assert "50.0%" in readable({"date": one})


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_its_held_out_messages(language: str) -> None:
    messages = read_marked(HELD_OUT / f"{language}.tsv")
    assert len(messages) >= 40
    assert {message.language for message in messages} == {language}


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ("text\n", ":1: the header"),
        ("lang\ttext\nnl dag\n", ":2: expected a language"),
        ("lang\ttext\nxx\tdag\n", ":2: expected a language"),
        ('lang\ttext\nnl\t[dag]{"value": "x"}\n', ":2: broken entity"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, content: str, where: str) -> None:
    path = tmp_path / "marked.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput, match=f"marked.tsv{where}"):
        read_marked(path)

"""Reading Rasa YAML: what is understood, and what is refused with file and line."""

from pathlib import Path

import pytest

from nlu.interpreter import Entity
from nlu.training_data import Example, Term, parse_annotation, read_training_data
from storage.errors import InvalidInput

GOOD = """\
version: "3.1"

nlu:
- intent: deny
  examples: |
    - no
    - nee, [morgen](date) niet

- synonym: pmd
  examples: |
    - blauwe zak
"""


def write(folder: Path, text: str, language: str = "nl") -> Path:
    path = folder / language / "conversation.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_sentences_keep_topic_language_and_entities(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    data = read_training_data(tmp_path)
    assert data.examples == (
        Example("no", "deny", "nl"),
        Example("nee, morgen niet", "deny", "nl", (Entity("date", "morgen", "morgen", 5, 11),)),
    )
    assert data.terms == (Term("synonym", "pmd", "blauwe zak", "nl"),)


def test_the_language_is_the_folders(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "fr")
    assert {example.language for example in read_training_data(tmp_path).examples} == {"fr"}


@pytest.mark.parametrize(
    ("annotated", "plain", "entity"),
    [
        ("wanneer [pmd](waste_type)?", "wanneer pmd?", Entity("waste_type", "pmd", "pmd", 8, 11)),
        ("[bleu](waste_type:pmd) ?", "bleu ?", Entity("waste_type", "pmd", "bleu", 0, 4)),
        ('[x]{"entity": "street", "value": "Y"}', "x", Entity("street", "Y", "x", 0, 1)),
    ],
)
def test_every_way_of_annotating_is_read(annotated: str, plain: str, entity: Entity) -> None:
    assert parse_annotation(annotated) == (plain, (entity,))


@pytest.mark.parametrize(
    ("broken", "line", "reason"),
    [
        ("nlu:\n- intent: greet\n  examples: [", 3, "broken YAML"),
        ("nlu:\n- intent: no_such_topic\n  examples: |\n    - x\n", 2, "unknown topic 'no_such_topic'"),
        ("nlu:\n- intent: greet\n  examples: |\n    - dag\n    dag\n", 5, "must begin with '- '"),
        ("nlu:\n- intent: greet\n  examples: |\n    - ok\n    - [a]{oops}\n", 5, "broken entity annotation"),
        ('nlu:\n- intent: greet\n  examples: |\n    - ok\n    - [a]{"x": 1}\n', 5, "broken entity annotation"),
        ("nlu:\n- intent: 12\n  examples: |\n    - x\n", 2, "must be text"),
        ("nlu:\n- intent: greet\n", 2, "needs 'examples: |'"),
        ("nlu:\n- intent: greet\n  examples: |\n\n- intent: fine\n", 2, "needs 'examples: |'"),
        ("nlu:\n- story: greet\n", 2, "expected one of"),
        ("version: x\n", 1, "expected a list under 'nlu:'"),
        ("", 1, "expected a list under 'nlu:'"),
    ],
)
def test_what_cannot_be_used_is_refused_with_file_and_line(tmp_path: Path, broken: str, line: int, reason: str) -> None:
    path = write(tmp_path, broken)
    with pytest.raises(InvalidInput) as refused:
        read_training_data(tmp_path)
    assert str(refused.value).startswith(f"{path}:{line}: ")
    assert reason in str(refused.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "")
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidInput, match=r"conversation\.yml:1: "):
        read_training_data(tmp_path)


def test_a_folder_without_sentences_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="holds no training examples"):
        read_training_data(tmp_path)

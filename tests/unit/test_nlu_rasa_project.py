"""What the sentences must be for Rasa to learn from them without a warning; and smaller projects made of them."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from nlu.rasa_project import PROJECT, serving, write_project
from nlu.training_data import TrainingData, read_training_data
from storage.errors import ConfigurationError


def config(project: Path) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load((project / "config.yml").read_text(encoding="utf-8"))
    return found


@cache
def data() -> TrainingData:
    return read_training_data()


def normal_forms() -> Iterator[tuple[str, str]]:
    """Each name with what Rasa takes it for: its synonyms are those of all blocks and annotations together."""
    yield from ((term.text, term.kind) for term in data().terms if term.block == "synonym")
    for example in data().examples:
        yield from ((entity.text, entity.value) for entity in example.entities if entity.value != entity.text)


def test_a_name_has_one_normal_form() -> None:
    forms = defaultdict(set)
    for text, form in normal_forms():
        forms[text].add(form)
    assert {text: found for text, found in forms.items() if len(found) > 1} == {}


def test_a_name_begins_and_ends_where_rasa_parts_words() -> None:
    token = re.compile(config(PROJECT)["pipeline"][0]["token_pattern"])
    strays = []
    for example in data().examples:
        tokens = list(token.finditer(example.text))
        starts, ends = {one.start() for one in tokens}, {one.end() for one in tokens}
        strays += [
            f"{example.intent}: {example.text}"
            for entity in example.entities
            if entity.start not in starts or entity.end not in ends
        ]
    assert strays == []


def test_no_sentence_stands_for_two_topics() -> None:
    topics = defaultdict(set)
    for example in data().examples:
        topics[example.text].add(example.intent)
    assert {text: found for text, found in topics.items() if len(found) > 1} == {}


def test_a_smaller_project_holds_some_topics_and_few_sentences_of_each(tmp_path: Path) -> None:
    write_project(tmp_path / "small", epochs=2, topics={"fine", "library"}, each=3, encoder=False)
    small = read_training_data(tmp_path / "small" / "data")
    assert {example.intent for example in small.examples} == {"fine", "library"}
    assert len(small.examples) <= 3 * len(list((tmp_path / "small" / "data").glob("*/*.yml")))
    steps = {step["name"]: step for step in config(tmp_path / "small")["pipeline"]}
    assert steps["DIETClassifier"]["epochs"] == 2
    assert "sentence_encoder.SentenceEncoder" not in steps


def test_a_server_is_never_told_its_token_on_the_command_line_and_reports_nothing(tmp_path: Path) -> None:
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.touch()
    (tmp_path / "token").write_text("very-secret")
    command = serving(tmp_path, tmp_path / "model.tar.gz", tmp_path / "token", "127.0.0.1", 5005)
    assert "RASA_TELEMETRY_ENABLED=false" in command
    assert "127.0.0.1" in command
    assert not {"very-secret", "--debug", "-vv"} & set(command)


def test_without_rasas_environment_the_message_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="make rasa-environment"):
        serving(tmp_path, tmp_path / "model.tar.gz", tmp_path / "token", "127.0.0.1", 5005)

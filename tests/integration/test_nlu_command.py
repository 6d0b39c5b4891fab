"""`samenspraak nlu` from the command line: what it prints, whatever engine stands behind it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from nlu.interpreter import Candidate, Interpretation, Language
from samenspraak.commands import nlu as command
from storage.errors import ConfigurationError, Unavailable
from tests.ports import free_port


class Told:
    """Takes the first word of a message for its topic."""

    async def parse(self, text: str, seed: Language | None = None) -> Interpretation:
        topic = text.split(maxsplit=1)[0]
        return Interpretation(seed or "nl", 1.0, topic, 0.9, (Candidate(topic, 0.9),), (), None, False, "told")


@pytest.fixture(autouse=True)
def told_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    async def load_interpreter(*_: object) -> Told:
        return Told()

    monkeypatch.setattr(command, "load_interpreter", load_interpreter)


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    path = tmp_path / "messages.tsv"
    path.write_text("lang\tintent\tstyle\ttext\nnl\tfine\tplain\tfine betalen\nnl\tfine\tshort\tlibrary open\n")
    return path


def test_evaluate_prints_every_figure_as_json(messages: Path) -> None:
    done = CliRunner().invoke(command.nlu, ["evaluate", str(messages), "--json"])
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert set(report) == {
        "n", "accuracy", "accuracy_top2", "macro_f1", "by_language", "by_style", "by_intent", "out_of_scope", "safety",
        "suspicion", "language_accuracy", "latency_ms", "confusions", "engines",
    }  # fmt: skip
    assert (report["n"], report["accuracy"], report["engines"]) == (2, 0.5, {"told": 2})
    assert set(report["out_of_scope"]) == {"recall", "precision", "false_rejections"}
    assert set(report["safety"]) == {"recall", "false_alarms"}


def test_evaluate_writes_a_report_for_people_and_a_picture(messages: Path, tmp_path: Path) -> None:
    picture = tmp_path / "confusions.svg"
    done = CliRunner().invoke(command.nlu, ["evaluate", str(messages), "--picture", str(picture)])
    assert done.exit_code == 0, done.output
    assert "fine taken for library" in done.stdout
    assert picture.read_text(encoding="utf-8").startswith("<svg")


def test_parse_shows_the_topic_or_json() -> None:
    assert CliRunner().invoke(command.nlu, ["parse", "fine betalen"]).stdout.startswith("fine  90%")
    found = json.loads(CliRunner().invoke(command.nlu, ["parse", "fine betalen", "--json"]).stdout)
    assert (found["intent"], found["engine"]) == ("fine", "told")


def test_a_missing_file_is_wrong_use() -> None:
    assert CliRunner().invoke(command.nlu, ["evaluate", "nowhere.tsv"]).exit_code == 2


def test_a_rasa_server_that_does_not_answer_is_not_measured_in_the_guise_of_the_embedded_engine(
    messages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMENSPRAAK_RASA_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("SAMENSPRAAK_RASA_TOKEN", "token")
    done = CliRunner().invoke(command.nlu, ["evaluate", str(messages), "--engine", "rasa", "--json"])
    assert isinstance(done.exception, Unavailable)
    assert "cannot be reached" in str(done.exception)


def test_without_its_environment_rasa_does_not_train_and_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(command.nlu, ["train", "--engine", "rasa"])
    assert isinstance(done.exception, ConfigurationError)
    assert "make rasa-environment" in str(done.exception)

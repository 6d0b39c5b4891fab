"""`init` makes an installation once, and says what is wrong in a line."""

import json
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from broadcast.starters import starters
from samenspraak import cli
from samenspraak.commands import installation
from tests.ports import free_port


@pytest.fixture(autouse=True)
def _new_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder to install in, and no model to wait for."""

    async def no_model(_: object) -> None:
        """Training is tested elsewhere."""

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(installation, "load_interpreter", no_model)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str, **settings: str) -> int:
    """The exit code of the command."""
    monkeypatch.setattr("sys.argv", ["samenspraak", *arguments])
    for name, value in settings.items():
        monkeypatch.setenv(f"SAMENSPRAAK_{name}", value)
    return cli._run(cli.samenspraak)


def test_init_makes_key_database_and_administrator_and_changes_nothing_the_second_time(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "init", "--yes", "--json") == 0
    made = json.loads(capsys.readouterr().out)
    assert len(made["password"]) >= 20
    key = Path("var/secret.key")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_text()
    assert run(monkeypatch, "init", "--yes", "--json") == 0
    assert json.loads(capsys.readouterr().out)["password"] is None
    assert key.read_text() == before


def test_the_password_is_shown_before_the_training_for_whoever_stops_that(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = []

    async def training(_: object) -> None:
        shown.append(capsys.readouterr().out)

    monkeypatch.setattr(installation, "load_interpreter", training)
    assert run(monkeypatch, "init", "--yes") == 0
    assert "One-time password: " in shown[0]


def test_a_new_organisation_has_templates_to_begin_from(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "init", "--yes") == 0
    with closing(sqlite3.connect("var/samenspraak.db")) as database:
        names = {name for (name,) in database.execute("SELECT name FROM alert_template")}
    assert names == {one.name for one in starters()}


def test_init_takes_a_key_from_the_environment_and_makes_the_folder_of_the_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert run(monkeypatch, "init", "--yes", SECRET_KEY="a secret that is long enough for the tests") == 0
    assert Path("var/samenspraak.db").exists()
    assert not Path("var/secret.key").exists()


def test_a_short_secret_is_wrong_use(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "init", "--yes", SECRET_KEY="short") == 2
    assert "at least 32" in capsys.readouterr().err


def test_serve_without_init_says_to_run_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "serve") == 2
    assert "samenspraak init" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["mysql://x/y", "no address"])
def test_a_database_that_we_do_not_know_is_wrong_use(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    assert run(monkeypatch, "init", "--yes", DATABASE_URL=url) == 2
    assert "SAMENSPRAAK_DATABASE_URL" in capsys.readouterr().err


def test_a_database_that_is_away_is_a_failure_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"postgresql://somebody@127.0.0.1:{free_port()}/town"
    assert run(monkeypatch, "init", "--yes", DATABASE_URL=url) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "somebody" not in said

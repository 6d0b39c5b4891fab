"""Which Python Rasa gets: the first 3.10 that really runs, else a message that says how to get one."""

from pathlib import Path

import pytest

from nlu import rasa_environment
from nlu.rasa_environment import find_python


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH, and a uv that finds nothing."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    command(tmp_path / "python3.10", "exit 127  # pyenv's shim, not switched on")
    command(tmp_path / "pyenv", "exit 1")
    command(tmp_path / "uv", "exit 2")
    monkeypatch.setattr(rasa_environment, "_uv", lambda: "uv")
    return tmp_path


def command(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_the_one_on_the_path_is_taken(machine: Path) -> None:
    command(machine / "python3.10", "echo 3.10")
    assert find_python() == "python3.10"


def test_pyenvs_is_found_though_it_is_not_switched_on(machine: Path) -> None:
    command(machine / "3.10.13/bin/python", "echo 3.10")
    listed = f'case "$1" in versions) printf "3.9.1\\n3.10.13\\n";; prefix) echo "{machine}/$2";; esac'
    command(machine / "pyenv", listed)
    assert find_python() == str(machine / "3.10.13/bin/python")


def test_uv_may_have_one(machine: Path) -> None:
    command(machine / "fetched", "echo 3.10")
    command(machine / "uv", f'test "$2" = find && echo "{machine}/fetched"')
    assert find_python() == str(machine / "fetched")


def test_one_of_another_version_is_not_taken_for_it(machine: Path) -> None:
    command(machine / "python3.10", "echo 3.11")
    with pytest.raises(FileNotFoundError):
        find_python()


@pytest.mark.usefixtures("machine")
def test_where_there_is_none_the_message_says_how_to_get_one() -> None:
    with pytest.raises(FileNotFoundError, match=r"pyenv install 3\.10"):
        find_python()

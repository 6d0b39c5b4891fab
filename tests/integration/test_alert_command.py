"""`samenspraak alert`: written from a file, checked, offered, and approved by somebody else."""

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from messaging.incoming import ChannelKind
from samenspraak.commands.alert import alert
from storage.errors import Conflict, Forbidden, InvalidInput, NotFound
from tests.integration.broadcast_setting import SECRET, police_zone

FILE = """
kind = "gas_leak"
title = "Gaslek in de Kerkstraat"
audience = {{ networks = [{network}] }}
[texts]
nl = "Ga 100 m weg."
fr = "Éloignez-vous de 200 m."
"""
SEEN = ("--seen", "added:fr:200", "--seen", "missing:fr:100")
EDITOR, APPROVER = ("--by", "officer0@example.org"), ("--by", "officer1@example.org")


@pytest.fixture
def path(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The file of an alert to a zone in which two people can be reached."""

    async def fill() -> int:
        async with police_zone(sqlite_url) as zone:
            await zone.sender(ChannelKind.TELEGRAM)
            await zone.members(2)
            return zone.network

    file = tmp_path / "alert.toml"
    file.write_text(FILE.format(network=asyncio.run(fill())), "utf-8")
    monkeypatch.setenv("SAMENSPRAAK_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SAMENSPRAAK_SECRET_KEY", SECRET)
    return file


def run(*arguments: str) -> Result:
    return CliRunner().invoke(alert, arguments, catch_exceptions=False)


def told(*arguments: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(run(*arguments, "--json").output)
    return found


def test_an_alert_goes_from_a_file_to_its_approval_by_somebody_else(path: Path) -> None:
    assert told("draft", str(path), *EDITOR) == {"id": 1}
    with pytest.raises(InvalidInput, match="seen each warning"):
        run("submit", "1", *EDITOR)
    digest = str(told("submit", "1", *EDITOR, *SEEN)["digest"])
    with pytest.raises(Forbidden):
        run("approve", "1", "--digest", digest, *EDITOR, *SEEN)
    assert told("approve", "1", "--digest", digest, *APPROVER, *SEEN) == {"id": 1, "event": 1}
    shown = told("show", "1")
    assert (shown["state"], shown["kind"], shown["digest"]) == ("sending", "gas_leak", digest)


def test_who_was_not_reached_is_tried_again_by_who_may_steer_it(path: Path) -> None:
    run("draft", str(path), *EDITOR)
    digest = str(told("submit", "1", *EDITOR, *SEEN)["digest"])
    run("approve", "1", "--digest", digest, *APPROVER, *SEEN)
    with pytest.raises(Forbidden):
        run("retry", "1", *EDITOR)
    with pytest.raises(Conflict, match="nobody whom it may help"):
        run("retry", "1", *APPROVER)


def test_the_preflight_counts_and_warns(path: Path) -> None:
    run("draft", str(path), *EDITOR)
    found = told("preflight", "1")
    assert (found["people"], found["reachable"], found["price"]) == (2, 2, None)
    assert [one["code"] for one in found["warnings"]] == ["added:fr:200", "missing:fr:100"]  # type: ignore[attr-defined]
    shown = run("preflight", "1").output
    assert "2 of 2 people are sent it" in shown
    assert "warning [added:fr:200]: The text in fr holds “200”, which the Dutch does not" in shown


@pytest.mark.parametrize(("wrong", "said"), [("urgent = true", "knows nothing of: urgent"), ('kind = "x"', "no alert")])
def test_a_file_that_holds_no_alert_says_why(path: Path, tmp_path: Path, wrong: str, said: str) -> None:
    other = tmp_path / "other.toml"
    other.write_text(wrong)
    with pytest.raises(InvalidInput, match=said):
        run("draft", str(other), *EDITOR)


def test_nobody_writes_for_an_officer_who_is_none(path: Path) -> None:
    with pytest.raises(NotFound):
        run("draft", str(path), "--by", "niemand@example.org")

"""`samenspraak cap token`: made and shown once, listed without itself, taken back; each in the audit."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner

from samenspraak.commands.cap import cap
from storage.errors import InvalidInput, NotFound
from tests.integration.broadcast_setting import SECRET, police_zone

Run = Callable[..., str]


@pytest.fixture
async def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SAMENSPRAAK_DATABASE_URL", database_url)
    monkeypatch.setenv("SAMENSPRAAK_SECRET_KEY", SECRET)
    async with police_zone(database_url):
        pass

    def invoke(*arguments: str) -> str:
        done = CliRunner().invoke(cap, ["token", *arguments])
        if done.exception is not None:
            raise done.exception
        return done.output.strip()

    return invoke


def _listed(run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("list", "--json"))
    return found


def test_a_token_is_printed_once_and_listed_without_itself(run: Run) -> None:
    assert run("list") == "There are no tokens yet."
    token = run("create", "Meldkamer")
    assert token.startswith("sst_")
    assert _listed(run) == [{"id": 1, "organisation": "pz", "use": "never used", "name": "Meldkamer"}]
    assert token not in run("list")


def test_a_token_that_was_revoked_is_listed_as_such_and_cannot_be_again(run: Run) -> None:
    run("create", "Meldkamer")
    assert run("revoke", "1") == "Token 1 lets nobody in any more."
    assert _listed(run)[0]["use"] == "revoked"
    for unknown in ("1", "2"):
        with pytest.raises(NotFound, match=f"no token {unknown} in use"):
            run("revoke", unknown)


def test_a_token_needs_a_holder(run: Run) -> None:
    with pytest.raises(InvalidInput, match="needs the name"):
        run("create", " ")

"""`samenspraak members`: a list in, a list out, and in again."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from samenspraak.commands.members import members
from tests.integration.broadcast_setting import SECRET, police_zone

EVIDENCE = ("--consent-date=2026-01-31", "--consent-how=formulier", "--consent-wording=Ja", "--everybody-agreed")
Run = Callable[..., Result]


@pytest.fixture
async def run(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SAMENSPRAAK_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SAMENSPRAAK_SECRET_KEY", SECRET)
    async with police_zone(sqlite_url):
        pass
    return lambda *arguments: CliRunner().invoke(members, [str(one) for one in arguments])


def _list(folder: Path, text: str) -> Path:
    file = folder / "leden.csv"
    file.write_text(text)
    return file


def test_a_dry_run_counts_and_an_import_takes(run: Run, tmp_path: Path) -> None:
    file = _list(tmp_path, "naam;voornaam;gsm\nAn;Peeters;0470123401\nJan;De Smet;0470123402\n;;112\n")
    counted = run("import", file, "--network=centrum", "--dry-run", "--json", *EVIDENCE)
    assert counted.exit_code == 0, counted.output
    assert json.loads(counted.output) == {
        "state": "checked",
        "rows": 3,
        "new": 2,
        "agreed": 2,
        "refused": 1,
        "refused_rows": [{"row": 4, "reason": json.loads(counted.output)["refused_rows"][0]["reason"]}],
    }
    taken = run("import", file, "--network=centrum", *EVIDENCE)
    assert "each other's columns" in taken.output
    assert "2 new, 0 known already, 2 agreed" in taken.output


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_what_was_written_out_can_be_read_in_again(run: Run, tmp_path: Path, ending: str) -> None:
    file = _list(tmp_path, "voornaam;naam;gsm;straat;nr\n=HYPERLINK(1);X;0470123401;Kerkstraat;1\n")
    run("import", file, "--network=centrum", *EVIDENCE)
    out = tmp_path / f"uit{ending}"
    assert "Wrote 1 members" in run("export", f"--output={out}").output
    again = run("import", out, "--network=centrum", "--json", "--consent-how=formulier", "--consent-wording=Ja")
    assert json.loads(again.output)["known"] == 1
    if ending == ".csv":
        assert ";'=HYPERLINK(1) X;0470 12 34 01;" in out.read_text("utf-8-sig")


def test_an_unknown_network_or_column_is_said(run: Run, tmp_path: Path) -> None:
    file = _list(tmp_path, "gsm\n0470123401\n")
    assert "no such network" in str(run("import", file, "--network=elders").exception)
    assert "FIELD=HEADER" in str(run("import", file, "--network=centrum", "--column=gsm=x").exception)

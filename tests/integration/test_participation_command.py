"""`samenspraak metrics` shows the figures and counts them anew."""

import asyncio
import json
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result

from samenspraak.commands.metrics import metrics
from storage.clock import now
from storage.database import Database
from storage.errors import NotFound
from tests.integration.participation_setting import append, make_organisation
from tests.participation_log import MORNING, dialogue


@pytest.fixture
def installation(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Eight dialogues of today, the last of which somebody still waits in."""

    async def fill() -> None:
        database = Database(database_url)
        organisation_id = await make_organisation(database)
        start = now() - MORNING
        for number in range(8):
            facts = dialogue(organisation_id)[: 9 if number < 7 else 4]
            moved = [replace(one, conversation_id=number, resident_id=number, at=one.at + start) for one in facts]
            await append(database, moved)
        await make_organisation(database, "politiezone")
        await database.close()

    asyncio.run(fill())
    monkeypatch.setenv("SAMENSPRAAK_DATABASE_URL", database_url)
    return database_url


def run(*arguments: str) -> Result:
    return CliRunner().invoke(metrics, arguments, catch_exceptions=False)


def test_figures_are_brought_up_to_date_and_shown_for_every_organisation(installation: str) -> None:
    shown = run("show").output
    assert "Answered          87.5% (7 of 8 questions asked in the period)" in shown
    assert "Not answered yet  12.5% (1 of 8 questions asked in the period)" in shown
    assert "Mean reaction time: 19 h (on Twitter); here 0.17 h" in shown
    assert "politiezone" in shown
    assert "hidden: fewer than five questions asked in the period" in shown


def test_json_holds_the_same_for_one_organisation(installation: str) -> None:
    (found,) = json.loads(run("show", "--organisation", "lindebeke", "--days", "7", "--json").output)
    assert found["organisation"] == "lindebeke"
    assert found["answered"]["numerator"] == 7
    assert len(found["days"]) == 7


def test_counting_anew_changes_no_figure(installation: str) -> None:
    before = run("show", "--json").output
    assert json.loads(run("rebuild", "--json").output) == {"facts": 7 * 9 + 4}
    assert run("show", "--json").output == before


def test_an_organisation_that_does_not_exist_is_an_error(installation: str) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        run("show", "--organisation", "nowhere")


def test_no_days_at_all_are_wrong_use(installation: str) -> None:
    assert run("show", "--days", "0").exit_code == 2

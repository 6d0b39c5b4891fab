"""The JSON API gives what the pages show, under the same roles."""

from collections.abc import AsyncIterator

import pytest

from people.roles import Role
from tests.integration.console_setting import Setting, console_at


@pytest.fixture
async def setting(database_url: str) -> AsyncIterator[Setting]:
    async with console_at(database_url) as made:
        yield made


async def test_alerts_are_listed_and_read_one_by_one(setting: Setting) -> None:
    alert = await setting.alert(await setting.officer(Role.EDITOR))
    viewer = await setting.officer(Role.VIEWER)
    (listed,) = (await viewer.get("/api/v1/alerts")).json()
    assert (listed["id"], listed["state"], listed["texts"]) == (alert, "draft", {"nl": "Blijf binnen."})
    one = (await viewer.get(f"/api/v1/alerts/{alert}")).json()
    assert one == listed | {"events": []}


async def test_figures_name_their_denominators(setting: Setting) -> None:
    found = (await (await setting.officer(Role.VIEWER)).get("/api/v1/metrics?days=7")).json()
    assert found["reach"]["reachable"]["numerator"] == 2
    assert found["reach"]["reachable"]["denominator"] == 21_032
    assert len(found["days"]) == 7


async def test_refusals_are_json_with_the_same_statuses(setting: Setting) -> None:
    nobody = await setting.somebody().get("/api/v1/alerts")
    assert (nobody.status_code, nobody.json()) == (401, {"detail": "Log in to the console first"})
    viewer = await setting.officer(Role.VIEWER)
    assert (await viewer.get("/api/v1/alerts/999")).json() == {"detail": "There is no alert 999"}
    assert (await viewer.get("/api/v1/metrics?days=0")).status_code == 422


async def test_the_api_is_described(setting: Setting) -> None:
    described = (await setting.somebody().get("/openapi.json")).json()
    assert {"/api/v1/alerts", "/api/v1/alerts/{alert_id}", "/api/v1/metrics"} <= described["paths"].keys()

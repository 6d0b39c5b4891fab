"""An organisation never sees another's: their conversations, alerts, officers and networks do not exist for it."""

from collections.abc import AsyncIterator

import pytest

from people.roles import Role
from tests.integration.console_setting import Setting, console_at, fields


@pytest.fixture
async def setting(database_url: str) -> AsyncIterator[Setting]:
    async with console_at(database_url) as made:
        yield made


async def test_what_belongs_to_another_organisation_does_not_exist(setting: Setting) -> None:
    alert = await setting.alert(await setting.officer(Role.EDITOR))
    stranger = await setting.officer(Role.ADMINISTRATOR, "elders")
    talk = setting.town.conversation_ids[0]
    pages = [f"/conversations/{talk}", f"/conversations/{talk}/messages", f"/conversations/{talk}/desk"]
    pages += [
        f"/alerts/{alert}{part}"
        for part in (
            "",
            "/progress",
            "/answers",
            "/answers/safe",
            "/report",
            "/report.csv",
            "/report.pdf",
            "/replies",
            "/approval",
            "/edit",
        )
    ]
    pages += [f"/api/v1/alerts/{alert}"]
    assert {path: (await stranger.get(path)).status_code for path in pages} == dict.fromkeys(pages, 404)
    officer = setting.town.officers[Role.VIEWER]
    forms = [f"/conversations/{talk}/{step}" for step in ("take-over", "give-back", "close", "number")]
    forms += [f"/alerts/{alert}/{step}" for step in ("submit", "approve", "pause", "resume", "cancel")]
    forms += [f"/officers/{officer}/deactivate"]
    assert {path: (await stranger.post(path)).status_code for path in forms} == dict.fromkeys(forms, 404)
    assert (await stranger.post(f"/officers/{officer}/role", role="administrator")).status_code == 404
    assert (await stranger.post(f"/conversations/{talk}/reply", text="Dag")).status_code == 404


async def test_lists_hold_only_what_is_ones_own(setting: Setting) -> None:
    await setting.alert(await setting.officer(Role.EDITOR))
    stranger = await setting.officer(Role.ADMINISTRATOR, "elders")
    mine = f"/conversations/{setting.elsewhere.conversation_ids[0]}"
    theirs = f"/conversations/{setting.town.conversation_ids[0]}"
    inbox = (await stranger.get("/")).text
    assert f'"{mine}"' in inbox
    assert f'"{theirs}"' not in inbox
    assert "Gaslek" not in (await stranger.get("/alerts")).text
    assert (await stranger.get("/api/v1/alerts")).json() == []
    assert "@lindebeke.example" not in (await stranger.get("/officers")).text
    assert "1 persoon" in (await stranger.get("/inbox/count")).text


async def test_nobody_alerts_the_networks_of_another_organisation(setting: Setting) -> None:
    stranger = await setting.officer(Role.ADMINISTRATOR, "elders")
    network = setting.town.network_ids[0]
    assert (await stranger.post("/alerts/new", **fields(network))).status_code == 404
    reach = await stranger.post("/alerts/preview/checks", network=[str(network)])
    assert "0 van 0 mensen krijgen het" in reach.text
    assert "Telegram" not in reach.text

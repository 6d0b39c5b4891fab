"""A password that somebody else knows opens one page only: the one on which to choose another."""

from collections.abc import AsyncIterator

import pytest

from people.roles import Role
from tests.integration.console_setting import OfficerClient, Setting, console_at

OWN = "een zin van mij alleen"


@pytest.fixture
async def setting(database_url: str) -> AsyncIterator[Setting]:
    async with console_at(database_url) as made:
        yield made


async def _new(setting: Setting) -> tuple[OfficerClient, str]:
    """A new administrator who just logged in, with the password that was handed over."""
    administrator = await setting.officer(Role.ADMINISTRATOR)
    filled = {"name": "Nora Nieuw", "email": "nora@lindebeke.example", "role": "administrator"}
    page = (await administrator.post("/officers", **filled)).text
    password = page.split('class="password">')[1].split("<")[0]
    nora = setting.somebody()
    assert (await nora.log_in("nora@lindebeke.example", password)).status_code == 303
    return nora, password


async def _change(nora: OfficerClient, current: str, new: str) -> int:
    return (await nora.post("/account/password", current=current, new=new, again=new)).status_code


async def test_every_other_page_leads_to_the_one_on_which_to_choose(setting: Setting) -> None:
    nora, _ = await _new(setting)
    for path in ("/", "/alerts", "/alerts/new", "/officers", "/figures", "/conversations/1", "/members/export"):
        response = await nora.get(path)
        assert (response.status_code, response.headers["location"]) == (303, "/account")
    page = (await nora.get("/account")).text
    assert "Kies er zelf een" in page
    assert 'href="/officers"' not in page
    assert "Telegram" not in page


async def test_no_form_and_no_part_of_the_api_is_open_either(setting: Setting) -> None:
    nora, _ = await _new(setting)
    before = await setting.audit()
    for path in ("/officers", "/networks", "/alerts/1/approve", "/account/telegram", "/tokens"):
        assert (await nora.post(path, name="X", keyword="x")).headers["location"] == "/account"
    for path in ("/api/v1/alerts", "/api/v1/metrics"):
        response = await nora.get(path)
        assert (response.status_code, response.json()["detail"][:17]) == (403, "Choose a password")
    assert await setting.audit() == before


async def test_a_password_of_ones_own_opens_everything(setting: Setting) -> None:
    nora, password = await _new(setting)
    assert await _change(nora, password, password) == 422
    assert (await nora.get("/officers")).status_code == 303
    assert await _change(nora, password, OWN) == 303
    for path in ("/officers", "/api/v1/alerts"):
        assert (await nora.get(path)).status_code == 200


async def test_one_may_log_out_without_choosing(setting: Setting) -> None:
    nora, _ = await _new(setting)
    assert (await nora.post("/logout")).headers["location"] == "/login"
    assert (await nora.get("/account")).headers["location"].startswith("/login")

"""The stream behind live pages: one look at the database however many follow, and an end when the login ends."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing

import pytest

from console import live
from console.live import Live
from console.routes import events
from people.repository import officers
from people.roles import Role
from storage.database import Database
from storage.repository import mark_changed
from tests.integration.console_setting import Setting, console_at


@pytest.fixture
async def setting(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Setting]:
    monkeypatch.setattr(live, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(events, "_LOOKS_BETWEEN_CHECKS", 2)
    async with console_at(database_url) as made:
        yield made


async def _change(database: Database, organisation_id: int) -> None:
    async with database.write() as connection:
        await mark_changed(connection, organisation_id)


async def _until(following: AsyncIterator[int], wanted: Callable[[int], bool]) -> int:
    async with asyncio.timeout(30):
        async for counter in following:
            if wanted(counter):
                return counter
    raise AssertionError("the stream ended")


async def test_each_page_hears_of_a_change_in_its_own_organisation_only(setting: Setting) -> None:
    following = Live(setting.database, lambda: False)
    town, elsewhere = setting.town.organisation_id, setting.elsewhere.organisation_id
    async with aclosing(following.follow(town)) as one, aclosing(following.follow(elsewhere)) as other:
        before, untouched = await anext(one), await anext(other)
        await _change(setting.database, town)
        assert await _until(one, lambda counter: counter != before) == before + 1
        assert await anext(other) == untouched


async def test_pages_of_one_organisation_share_one_look_that_ends_with_the_last(setting: Setting) -> None:
    following = Live(setting.database, lambda: False)
    town = setting.town.organisation_id
    looks = [asyncio.create_task(_until(following.follow(town), lambda _: True)) for _ in range(5)]
    pages = [following.follow(town) for _ in range(3)]
    for page in pages:
        await anext(page)
    running = [task for task in asyncio.all_tasks() if task.get_coro().__qualname__ == "Live._look"]  # type: ignore[union-attr]
    assert len(running) == 1
    await asyncio.gather(*looks)
    for page in pages:
        await page.aclose()
    assert following.watched == frozenset()


async def test_the_stream_ends_with_the_process(setting: Setting) -> None:
    stopping = False
    following = Live(setting.database, lambda: stopping)
    async with asyncio.timeout(30):
        async for _ in following.follow(setting.town.organisation_id):
            stopping = True


async def test_the_stream_says_when_the_login_ended(setting: Setting) -> None:
    officer = await setting.officer(Role.OFFICER)
    reading = asyncio.create_task(officer.get("/events"))
    await asyncio.sleep(0)
    async with setting.database.write() as connection:
        await officers.log_out(connection, officer.http.cookies["samenspraak"])
    async with asyncio.timeout(30):
        response = await reading
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.text.endswith("event: ended\ndata: login\n\n")


async def test_a_page_whose_login_is_gone_is_told_so_at_once(setting: Setting) -> None:
    response = await setting.somebody().get("/events")
    assert response.text == "event: ended\ndata: login\n\n"


async def test_a_live_part_is_sent_only_when_it_is_not_there_already(setting: Setting) -> None:
    officer = await setting.officer(Role.OFFICER)
    page = (await officer.get("/conversations/1")).text
    address = page.split('id="desk" hx-get="')[1].split('"')[0]
    assert (await officer.get(address)).status_code == 204
    await officer.post("/conversations/1/take-over")
    assert (await officer.get(address)).status_code == 200


async def test_a_live_part_leads_to_the_login_when_that_is_gone(setting: Setting) -> None:
    response = await setting.somebody().get("/inbox/count", **{"HX-Request": "true"})
    assert (response.status_code, response.headers["hx-redirect"]) == (204, "/login")

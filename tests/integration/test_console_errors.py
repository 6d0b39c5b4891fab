"""Whatever goes wrong, the officer gets a page that says what, and the browser headers that protect."""

from collections.abc import AsyncIterator

import pytest

from people.roles import Role
from tests.integration.console_setting import Setting, console_at


@pytest.fixture
async def setting(sqlite_url: str) -> AsyncIterator[Setting]:
    async with console_at(sqlite_url) as made:
        yield made


@pytest.mark.parametrize(
    "path",
    [
        "/conversations/999",
        "/conversations/abc",
        "/conversations/-1",
        f"/conversations/{10**30}",
        "/alerts/999",
        "/nowhere",
        "/assets/0/console.css",
        "/assets/../app.py",
    ],
)
async def test_what_is_not_there_is_said_so(setting: Setting, path: str) -> None:
    response = await (await setting.officer(Role.OFFICER)).get(path)
    assert response.status_code == 404
    assert "<h1>Deze pagina bestaat niet</h1>" in response.text


async def test_a_page_that_is_not_there_keeps_the_language_and_the_menu_of_the_officer(setting: Setting) -> None:
    officer = await setting.officer(Role.OFFICER)
    await officer.post("/account/language", language="en")
    page = (await officer.get("/nowhere")).text
    assert "<h1>This page does not exist</h1>" in page
    assert 'href="/alerts"' in page


@pytest.mark.parametrize("query", ["before=x", "before=1-2-3", "before=-", f"before={10**40}-1"])
async def test_a_forged_list_is_refused(setting: Setting, query: str) -> None:
    assert (await (await setting.officer(Role.OFFICER)).get(f"/?{query}")).status_code == 422


async def test_a_number_beyond_the_database_in_a_list_is_harmless(setting: Setting) -> None:
    assert (await (await setting.officer(Role.OFFICER)).get(f"/?before=1-{10**30}")).status_code == 200


async def test_unknown_filters_are_left_out(setting: Setting) -> None:
    page = await (await setting.officer(Role.OFFICER)).get("/?state=none&owner=x&channel=fax")
    assert page.status_code == 200
    assert "Emma De Smet" in page.text


async def test_a_database_that_is_away_is_said_so(setting: Setting) -> None:
    officer = await setting.officer(Role.OFFICER)
    await setting.database.close()
    setting.database.engine.url  # noqa: B018 - the address stays, the file does not
    path = setting.database.engine.url.database
    assert path is not None
    with open(path, "wb") as file:  # noqa: ASYNC230, PTH123
        file.write(b"no database at all" * 100)
    response = await officer.get("/")
    assert response.status_code == 503
    assert "De databank antwoordt niet" in response.text


async def test_every_answer_forbids_what_is_not_ours(setting: Setting) -> None:
    officer = await setting.officer(Role.OFFICER)
    for path in ("/", "/nowhere", "/conversations/1", "/login"):
        headers = (await officer.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"


async def test_styles_and_scripts_may_be_kept_for_good(setting: Setting) -> None:
    somebody = setting.somebody()
    page = (await somebody.get("/login")).text
    found = [part.split('"')[0] for part in page.split('"/assets/')[1:]]
    assert len(found) == 6
    for path in found:
        response = await somebody.get(f"/assets/{path}")
        assert response.status_code == 200
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_no_page_holds_script_or_style_of_its_own(setting: Setting) -> None:
    officer = await setting.officer(Role.ADMINISTRATOR)
    for path in ("/", "/conversations/1", "/alerts/new", "/figures", "/officers", "/audit"):
        page = (await officer.get(path)).text
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page
        assert "<script>" not in page

"""Logging in: by password only, the same answer to every refusal, and a cookie that scripts cannot read."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from people.repository import officers
from people.roles import Role
from storage.clock import now
from tests.browser.seed import PASSWORD, email
from tests.integration.console_setting import Setting, console_at, token


@pytest.fixture
async def setting(database_url: str) -> AsyncIterator[Setting]:
    async with console_at(database_url) as made:
        yield made


async def test_the_right_password_leads_to_the_page_that_was_asked_for(setting: Setting) -> None:
    somebody = setting.somebody()
    sent_away = await somebody.get("/alerts")
    assert (sent_away.status_code, sent_away.headers["location"]) == (303, "/login?after=%2Falerts")
    csrf = token(await somebody.get("/login?after=/alerts"))
    fields = {"csrf": csrf, "email": email(Role.VIEWER), "password": PASSWORD, "after": "/alerts"}
    response = await somebody.http.post("/login", data=fields)
    assert (response.status_code, response.headers["location"]) == (303, "/alerts")
    assert (await somebody.get("/alerts")).status_code == 200


async def test_the_cookie_is_kept_from_scripts_and_other_sites(setting: Setting) -> None:
    response = await setting.somebody().log_in(email(Role.VIEWER))
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


async def test_over_https_the_cookie_is_kept_to_https_and_this_host(sqlite_url: str) -> None:
    async with console_at(sqlite_url, secure=True) as setting:
        somebody = setting.somebody()
        somebody.http.base_url = "https://console.test"
        response = await somebody.log_in(email(Role.VIEWER))
        cookie = response.headers["set-cookie"]
        assert cookie.startswith("__Host-samenspraak=")
        assert "secure" in cookie.lower()


async def test_nobody_learns_whether_an_address_exists(setting: Setting) -> None:
    wrong = await setting.somebody().log_in(email(Role.VIEWER), "a wrong password")
    unknown = await setting.somebody().log_in("niemand@lindebeke.example", "a wrong password")
    assert wrong.status_code == unknown.status_code == 401
    plain = [
        response.text.replace(token(response), "").replace(address, "")
        for response, address in ((wrong, email(Role.VIEWER)), (unknown, "niemand@lindebeke.example"))
    ]
    assert plain[0] == plain[1]


async def test_five_wrong_passwords_lock_the_account_for_a_while(setting: Setting) -> None:
    for _ in range(5):
        await setting.somebody().log_in(email(Role.VIEWER), "a wrong password")
    assert (await setting.somebody().log_in(email(Role.VIEWER))).status_code == 401
    assert [line.allowed for line in await setting.audit() if line.action == "login"] == [False] * 5


@pytest.mark.parametrize("elsewhere", ["//evil.example", "/\\evil.example", "https://evil.example", "/\nevil"])
async def test_the_way_after_the_login_never_leads_to_another_site(setting: Setting, elsewhere: str) -> None:
    somebody = setting.somebody()
    csrf = token(await somebody.get("/login"))
    fields = {"csrf": csrf, "email": email(Role.VIEWER), "password": PASSWORD, "after": elsewhere}
    assert (await somebody.http.post("/login", data=fields)).headers["location"] == "/"


async def test_logging_out_ends_the_login_itself_and_not_only_the_cookie(setting: Setting) -> None:
    officer = await setting.officer(Role.VIEWER)
    kept = dict(officer.http.cookies)
    assert (await officer.post("/logout")).headers["location"] == "/login"
    officer.http.cookies.update(kept)
    assert (await officer.get("/alerts")).status_code == 303


async def test_an_officer_who_left_is_logged_out_where_they_are(setting: Setting) -> None:
    officer = await setting.officer(Role.VIEWER)
    async with setting.database.write() as connection:
        await officers.deactivate(connection, setting.town.organisation_id, setting.town.officers[Role.VIEWER])
    assert (await officer.get("/alerts")).headers["location"].startswith("/login")
    assert (await setting.somebody().log_in(email(Role.VIEWER))).status_code == 401


async def test_a_live_page_does_not_keep_a_login_alive(setting: Setting) -> None:
    officer = await setting.officer(Role.OFFICER)
    held = officer.http.cookies["samenspraak"]
    long_ago = now() - officers.IDLE_LOGIN_LASTS / 2
    async with setting.database.write() as connection:
        await officers.touch_login(connection, held, long_ago)
    await officer.get("/inbox/count", **{"HX-Request": "true"})
    assert await _last_seen(setting, held) == long_ago
    await officer.get("/")
    assert await _last_seen(setting, held) > long_ago


async def _last_seen(setting: Setting, held: str) -> datetime:
    async with setting.database.read() as connection:
        found = await officers.logged_in(connection, held, now())
    assert found is not None
    return found[2]

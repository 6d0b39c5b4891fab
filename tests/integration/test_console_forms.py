"""No form works that our own page did not give out to this very officer."""

from collections.abc import AsyncIterator

import pytest

from people.roles import Role
from tests.browser.seed import PASSWORD, email
from tests.integration.console_setting import Setting, console_at

FORMS = (
    "/logout",
    "/account/language",
    "/account/password",
    "/account/telegram",
    "/account/telegram/end",
    "/conversations/1/take-over",
    "/conversations/1/reply",
    "/conversations/1/number",
    "/alerts/new",
    "/alerts/1/approve",
    "/alerts/1/cancel",
    "/networks",
    "/officers",
    "/officers/1/deactivate",
)


@pytest.fixture
async def setting(sqlite_url: str) -> AsyncIterator[Setting]:
    async with console_at(sqlite_url) as made:
        yield made


@pytest.mark.parametrize("csrf", [None, "", "x" * 32, "é"])
async def test_a_form_without_the_right_token_is_refused(setting: Setting, csrf: str | None) -> None:
    officer = await setting.officer(Role.ADMINISTRATOR)
    data = {} if csrf is None else {"csrf": csrf}
    answers = {path: (await officer.http.post(path, data=data)).status_code for path in FORMS}
    assert answers == dict.fromkeys(FORMS, 403)


async def test_the_token_of_one_officer_is_worth_nothing_to_another(setting: Setting) -> None:
    one, other = await setting.officer(Role.OFFICER), await setting.officer(Role.EDITOR)
    other.csrf = one.csrf
    assert (await other.post("/conversations/1/take-over")).status_code == 403


async def test_the_login_form_is_bound_to_the_browser_that_asked_for_it(setting: Setting) -> None:
    fields = {"csrf": "guessed", "email": email(Role.OFFICER), "password": PASSWORD}
    assert (await setting.somebody().http.post("/login", data=fields)).status_code == 403


async def test_a_form_larger_than_any_of_ours_is_not_read(setting: Setting) -> None:
    response = await setting.somebody().http.post("/login", data={"password": "x" * 300_000})
    assert response.status_code == 413

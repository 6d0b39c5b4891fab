"""Administrators give out tokens, shown once, and take them back; the audit holds both."""

from collections.abc import AsyncIterator

import pytest

from people.roles import Role
from tests.cap_documents import alert, info
from tests.integration.console_setting import OfficerClient, Setting, console_at


@pytest.fixture
async def setting(database_url: str) -> AsyncIterator[Setting]:
    async with console_at(database_url) as made:
        yield made


async def _made(administrator: OfficerClient) -> str:
    page = (await administrator.post("/tokens", name="Meldkamer")).text
    return page.split('class="password">')[1].split("<")[0]


async def _push(setting: Setting, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    response = await setting.somebody().http.post("/api/v1/cap", content=alert(info()), headers=headers)
    return response.status_code


async def test_a_token_is_shown_once_and_lets_its_holder_in(setting: Setting) -> None:
    administrator = await setting.officer(Role.ADMINISTRATOR)
    token = await _made(administrator)
    again = await administrator.get("/tokens")
    assert "Meldkamer" in again.text
    assert "Nooit" in again.text
    assert token not in again.text
    assert again.headers["cache-control"] == "no-store"
    assert await _push(setting, token) == 201
    assert "Nooit" not in (await administrator.get("/tokens")).text


async def test_a_token_that_was_taken_back_lets_nobody_in(setting: Setting) -> None:
    administrator = await setting.officer(Role.ADMINISTRATOR)
    token = await _made(administrator)
    assert (await administrator.post("/tokens/1/revoke")).status_code == 303
    assert await _push(setting, token) == 401
    assert "Ingetrokken op" in (await administrator.get("/tokens")).text
    assert (await administrator.post("/tokens/1/revoke")).status_code == 404
    lines = [(one.action, one.subject) for one in await setting.audit() if "token" in one.action]
    assert lines == [("token_revoke", "token 1"), ("token_create", "token 1")]
    assert token not in str(await setting.audit())


async def test_another_organisation_neither_sees_nor_takes_back_a_token(setting: Setting) -> None:
    token = await _made(await setting.officer(Role.ADMINISTRATOR))
    other = await setting.officer(Role.ADMINISTRATOR, "elders")
    assert "Meldkamer" not in (await other.get("/tokens")).text
    assert (await other.post("/tokens/1/revoke")).status_code == 404
    assert await _push(setting, token) == 201


async def test_a_token_without_a_holder_is_not_made(setting: Setting) -> None:
    administrator = await setting.officer(Role.ADMINISTRATOR)
    response = await administrator.post("/tokens", name=" ")
    assert response.status_code == 422
    assert "Een token heeft de naam nodig van wie het krijgt, hoogstens 120 tekens" in response.text

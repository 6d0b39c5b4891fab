"""A list of members through the console: columns, a look at what would come of it, the members, what was refused."""

from collections.abc import AsyncIterator

import pytest

from broadcast.members.importing import Imports
from people.roles import Role
from tests.integration.console_setting import OfficerClient, Setting, console_at

LIST = b"naam;voornaam;gsm\nAn;Peeters;0470 99 34 01\nJan;De Smet;0470993402\nOnbekend;X;112\n"
EVIDENCE = {"consent_how": "formulier", "consent_wording": "Ja", "consent_on": "2026-01-31", "consent_everybody": "1"}


@pytest.fixture
async def setting(sqlite_url: str) -> AsyncIterator[Setting]:
    async with console_at(sqlite_url) as made:
        yield made


async def _upload(editor: OfficerClient) -> str:
    response = await editor.send("/imports", "leden.csv", LIST)
    assert response.status_code == 303, response.text
    return response.headers["location"]


def _columns(setting: Setting) -> dict[str, str]:
    chosen = {"column_first_name": "0", "column_last_name": "1", "column_mobile": "2"}
    return {**chosen, **EVIDENCE, "network": str(setting.town.network_ids[1])}


async def _work(setting: Setting) -> None:
    while await Imports(setting.database, setting.vault).work():
        pass


async def test_a_list_is_looked_at_checked_and_brought_in(setting: Setting) -> None:
    editor = await setting.officer(Role.EDITOR)
    where = await _upload(editor)
    page = (await editor.get(where)).text
    assert "elkaars kolom" in page
    assert "0470 99 34 01" in page
    assert (await editor.post(f"{where}/check", **_columns(setting))).status_code == 303
    assert "Wordt doorgenomen" in (await editor.get(where)).text
    await _work(setting)
    assert "Er is nog niets gewijzigd." in (await editor.get(where)).text
    assert (await editor.post(f"{where}/start")).status_code == 303
    assert (await editor.post(f"{where}/start")).status_code == 409
    await _work(setting)
    assert "Ingelezen" in (await editor.get(f"{where}/progress")).text
    assert "An Peeters" in (await editor.get(f"/members?network={setting.town.network_ids[1]}")).text
    refused = (await editor.get(f"{where}/refused.csv")).text
    assert "4;" in refused
    assert "Onbekend;X;112" in refused
    assert [line.action for line in await setting.audit()][:2] == ["members_importing", "members_checking"]


async def test_what_is_missing_is_said_and_what_was_chosen_stays(setting: Setting) -> None:
    editor = await setting.officer(Role.EDITOR)
    where = await _upload(editor)
    response = await editor.post(f"{where}/check", column_first_name="1", consent_how="formulier")
    assert response.status_code == 422
    for said in ("gsm-nummer staat", "Kies een netwerk", "Toestemming vraagt bewijs"):
        assert said in response.text
    assert '<option value="1" selected>voornaam' in response.text


async def test_the_columns_of_the_last_list_with_these_headers_are_remembered(setting: Setting) -> None:
    editor = await setting.officer(Role.EDITOR)
    await editor.post(f"{await _upload(editor)}/check", **_columns(setting))
    assert "zoals u ze koos" in (await editor.get(await _upload(editor))).text


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"a\0"])
async def test_what_is_no_list_is_refused_at_once(setting: Setting, content: bytes) -> None:
    editor = await setting.officer(Role.EDITOR)
    assert (await editor.send("/imports", "leden.xlsx", content)).status_code == 422
    assert (await editor.post("/imports")).status_code == 422


async def test_lists_of_another_organisation_do_not_exist(setting: Setting) -> None:
    where = await _upload(await setting.officer(Role.EDITOR))
    stranger = await setting.officer(Role.ADMINISTRATOR, "elders")
    for path in ("", "/columns", "/progress", "/refused.csv"):
        assert (await stranger.get(f"{where}{path}")).status_code == 404
    assert (await stranger.post(f"{where}/check", **_columns(setting))).status_code == 404
    assert (await stranger.post(f"{where}/start")).status_code == 404

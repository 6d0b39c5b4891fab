"""Whom an alert is for, looked at in the console: counts, a sample by pseudonym, nothing of another organisation."""

from collections.abc import AsyncIterator

import pytest

from people.home import Home
from people.repository import homes, networks, residents
from people.roles import Role
from storage.clock import now
from tests.integration.console_setting import Setting, console_at


@pytest.fixture
async def setting(database_url: str) -> AsyncIterator[Setting]:
    async with console_at(database_url) as made:
        yield made


async def _settle(setting: Setting, number: int, street: str) -> None:
    organisation_id, network_id = setting.town.organisation_id, setting.town.network_ids[1]
    async with setting.database.write() as connection:
        for house in range(1, number + 1):
            made = await residents.create(connection, setting.vault, organisation_id, now(), name="Geheime Naam")
            person = await residents.get(connection, organisation_id, made)
            home = Home(street=street, number=str(house))
            await homes.put(connection, setting.vault, organisation_id, [(person, home)], now())
            await networks.join(connection, network_id, made, now())


async def test_an_audience_is_counted_by_network_and_street_without_names(setting: Setting) -> None:
    await _settle(setting, 6, "Kerkstraat")
    await _settle(setting, 3, "Geheimstraat")
    editor = await setting.officer(Role.EDITOR)
    page = (await editor.post("/alerts/preview/people", network=[str(one) for one in setting.town.network_ids])).text
    assert '<th scope="row">Kerkstraat</th><td class="figure">6</td>' in page
    assert '<th scope="row">BIN Molenwijk</th><td class="figure">minder dan 5</td>' in page
    assert "Geheim" not in page
    odd = (await editor.post("/alerts/preview/people", streets="Kerkstraat oneven\nonzin 9-1")).text
    assert "Mensen voor wie het is: <strong>0</strong>" in odd
    odd = (await editor.post("/alerts/preview/people", streets="Kerkstraat oneven")).text
    assert "Mensen voor wie het is: <strong>3</strong>" in odd


async def test_nobody_of_another_organisation_is_counted(setting: Setting) -> None:
    await _settle(setting, 6, "Kerkstraat")
    stranger = await setting.officer(Role.ADMINISTRATOR, "elders")
    network = str(setting.town.network_ids[1])
    for form in ({"network": network}, {"streets": "Kerkstraat"}):
        page = (await stranger.post("/alerts/preview/people", **form)).text
        assert "Mensen voor wie het is: <strong>0</strong>" in page

"""Members in the console: shown masked, found by the whole number, changed, and out as a file by who may."""

from collections.abc import AsyncIterator

import pytest

from people.home import Home
from people.repository import homes, residents
from people.roles import Role
from storage.clock import now
from tests.integration.console_setting import Setting, console_at


@pytest.fixture
async def setting(database_url: str) -> AsyncIterator[Setting]:
    async with console_at(database_url) as made:
        yield made


async def test_members_are_listed_with_masked_numbers(setting: Setting) -> None:
    editor = await setting.officer(Role.EDITOR)
    page = (await editor.get("/members")).text
    assert "Emma De Smet" in page
    assert "+32470120001" not in page
    assert "WhatsApp +32 4" in page
    assert "Emma De Smet" not in (await editor.get(f"/members?network={setting.town.network_ids[1]}")).text
    assert "Niemand." in (await editor.get("/members?role=coordinator")).text


async def test_somebody_is_found_by_the_whole_number_in_any_writing(setting: Setting) -> None:
    editor = await setting.officer(Role.EDITOR)
    found = (await editor.post("/members", number="0470 12 00 01")).text
    assert "Emma De Smet" in found
    assert "Lucas Peeters" not in found
    assert "Niemand." in (await editor.post("/members", number="0470 12 00 99")).text
    assert (await editor.post("/members", number="Emma")).status_code == 422


async def test_a_member_becomes_coordinator_and_leaves_a_network(setting: Setting) -> None:
    editor, (emma, *_) = await setting.officer(Role.EDITOR), setting.town.resident_ids
    first, second = setting.town.network_ids
    await editor.post(f"/members/{emma}/networks", **{f"network_{first}": "coordinator", f"network_{second}": "member"})
    assert "BIN Molenwijk (coördinator)" in (await editor.get("/members")).text
    await editor.post(f"/members/{emma}/networks", **{f"network_{first}": "", f"network_{second}": "member"})
    assert "Emma" not in (await editor.get(f"/members?network={first}")).text
    assert "Emma" in (await editor.get(f"/members?network={second}")).text
    assert [line.action for line in await setting.audit()][:2] == ["member_networks", "member_networks"]


async def test_the_kinds_that_somebody_wants_are_kept(setting: Setting) -> None:
    editor, (emma, *_) = await setting.officer(Role.EDITOR), setting.town.resident_ids
    await editor.post(f"/members/{emma}/kinds", kind=["crime", "missing"])
    page = (await editor.get(f"/members/{emma}")).text
    assert 'value="crime" checked' in page
    assert 'value="news">' in page


async def test_all_numbers_go_out_to_an_administrator_only_and_on_the_record(setting: Setting) -> None:
    async with setting.database.write() as connection:
        emma = await residents.get(connection, setting.town.organisation_id, setting.town.resident_ids[0])
        home = Home(street="=cmd|' /C calc'!A0", number="1", post_code="9999")
        await homes.put(connection, setting.vault, setting.town.organisation_id, [(emma, home)], now())
    administrator = await setting.officer(Role.ADMINISTRATOR)
    out = await administrator.get("/members/export?form=csv")
    assert "0470 12 00 01" in out.text
    assert "'=cmd|" in out.text
    assert (await setting.audit())[0].action == "members_export"
    book = await administrator.get("/members/export?form=xlsx")
    assert book.content[:2] == b"PK"


async def test_members_of_another_organisation_do_not_exist(setting: Setting) -> None:
    stranger = await setting.officer(Role.ADMINISTRATOR, "elders")
    emma, network = setting.town.resident_ids[0], setting.town.network_ids[0]
    assert (await stranger.get(f"/members/{emma}")).status_code == 404
    assert (await stranger.post(f"/members/{emma}/kinds")).status_code == 404
    assert (await stranger.post(f"/members/{emma}/networks")).status_code == 404
    assert "Niemand." in (await stranger.get(f"/members?network={network}")).text
    assert "Emma" not in (await stranger.get(f"/members/export?network={network}")).text
    assert "Niemand." in (await stranger.post("/members", number="0470 12 00 01")).text

"""Officers, networks, one's own account, and the audit."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from people.roles import Role
from tests.browser.seed import PASSWORD, email
from tests.integration.console_setting import Setting, console_at


@pytest.fixture
async def setting(database_url: str) -> AsyncIterator[Setting]:
    async with console_at(database_url) as made:
        yield made


async def test_a_new_officer_logs_in_with_the_password_that_is_shown_once(setting: Setting) -> None:
    administrator = await setting.officer(Role.ADMINISTRATOR)
    filled = {"name": "Nora Nieuw", "email": "Nora@lindebeke.example", "role": "editor"}
    page = (await administrator.post("/officers", **filled)).text
    password = page.split('class="password">')[1].split("<")[0]
    assert (await setting.somebody().log_in("nora@lindebeke.example", password)).status_code == 303
    assert password not in (await administrator.get("/officers")).text
    assert password not in str(await setting.audit())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "Een naam heeft 1 tot 120 tekens"),
        ({"email": "geen adres"}, "Dit is geen e-mailadres"),
        ({"email": "OFFICER@lindebeke.example"}, "Iemand meldt zich al met dit adres aan"),
        ({"role": "emperor"}, "Kies een van de rollen"),
    ],
)
async def test_an_officer_that_cannot_be_is_not_made(setting: Setting, wrong: dict[str, str], said: str) -> None:
    administrator = await setting.officer(Role.ADMINISTRATOR)
    filled = {"name": "Nora", "email": "nora@lindebeke.example", "role": "editor"} | wrong
    response = await administrator.post("/officers", **filled)
    assert response.status_code == 422
    assert said in response.text


async def test_a_role_can_be_changed_but_the_last_administrator_stays(setting: Setting) -> None:
    administrator = await setting.officer(Role.ADMINISTRATOR)
    viewer, mine = setting.town.officers[Role.VIEWER], setting.town.officers[Role.ADMINISTRATOR]
    await administrator.post(f"/officers/{viewer}/role", role="officer")
    assert (await (await setting.officer(Role.VIEWER)).get("/")).status_code == 200
    response = await administrator.post(f"/officers/{mine}/role", role="viewer")
    assert response.status_code == 409
    assert "minstens één beheerder" in response.text
    assert (await administrator.post(f"/officers/{mine}/deactivate")).status_code == 409
    assert (await administrator.get("/officers")).status_code == 200


async def test_a_network_is_made_once_per_word(setting: Setting) -> None:
    administrator = await setting.officer(Role.ADMINISTRATOR)
    assert (await administrator.post("/networks", name="BIN Heide", keyword="Heide")).status_code == 303
    assert "BIN Heide" in (await administrator.get("/networks")).text
    again = await administrator.post("/networks", name="BIN Heide 2", keyword="heide")
    assert again.status_code == 422
    assert "al met dit woord" in again.text
    assert (await administrator.post("/networks", name="BIN X", keyword="twee woorden")).status_code == 422


async def test_networks_show_how_many_members_agreed_to_alerts(setting: Setting) -> None:
    page = (await (await setting.officer(Role.VIEWER)).get("/networks")).text
    row = page.split("BIN Molenwijk")[1].split("</tr>")[0]
    assert '<td class="figure">3</td>' in row
    assert '<td class="figure">2 (66,7%)</td>' in row


async def test_the_language_of_the_pages_is_each_officers_own(setting: Setting) -> None:
    one, other = await setting.officer(Role.OFFICER), await setting.officer(Role.EDITOR)
    assert 'lang="nl"' in (await one.get("/")).text
    await one.post("/account/language", language="en")
    assert "<h1>Inbox</h1>" in (await one.get("/")).text
    assert "<h1>Postvak</h1>" in (await other.get("/")).text
    assert (await one.post("/account/language", language="fr")).status_code == 422


async def test_a_new_password_replaces_the_old_and_logs_out_elsewhere(setting: Setting) -> None:
    here, elsewhere = await setting.officer(Role.OFFICER), await setting.officer(Role.OFFICER)
    new = "een heel ander wachtwoord"
    wrong = await here.post("/account/password", current="fout", new=new, again="iets anders")
    assert wrong.status_code == 422
    assert "Dit is uw wachtwoord niet" in wrong.text
    assert "niet gelijk" in wrong.text
    short = await here.post("/account/password", current=PASSWORD, new="kort", again="kort")
    assert "Een wachtwoord heeft minstens 12 tekens nodig" in short.text
    assert (await here.post("/account/password", current=PASSWORD, new=new, again=new)).status_code == 303
    assert (await here.get("/account")).status_code == 200
    assert (await elsewhere.get("/account")).status_code == 303
    assert (await setting.somebody().log_in(email(Role.OFFICER))).status_code == 401
    assert (await setting.somebody().log_in(email(Role.OFFICER), new)).status_code == 303


async def test_the_audit_says_whether_its_chain_is_whole(setting: Setting) -> None:
    administrator = await setting.officer(Role.ADMINISTRATOR)
    await (await setting.officer(Role.VIEWER)).get("/officers")
    page = (await administrator.get("/audit")).text
    assert "De ketting van regels is heel" in page
    assert "geweigerd" in page
    assert "Vera Volgt" in page
    async with setting.database.write() as connection:
        await connection.execute(text("UPDATE audit SET subject = 'officer 0' WHERE id = 2"))
    assert "gebroken bij regel 2" in (await administrator.get("/audit")).text

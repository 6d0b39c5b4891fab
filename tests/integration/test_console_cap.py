"""What came in by CAP stands in the console: seen, its words used or set aside, and what we sent given out."""

from collections.abc import AsyncIterator

import pytest

from broadcast.cap.reading import read
from people.repository import tokens
from people.roles import Role
from storage.clock import now
from tests.cap_documents import alert, info, reference
from tests.integration.console_setting import OfficerClient, Setting, console_at

FIRE = info("<headline>Brand in de kerk</headline><description>Blijf binnen.</description>")
NEWS = info("<description>De brand is onder controle.</description>")


@pytest.fixture
async def setting(database_url: str) -> AsyncIterator[Setting]:
    async with console_at(database_url) as made:
        yield made


async def _came(setting: Setting, *documents: str) -> list[int | None]:
    """Documents that a dispatch room handed in; gives the alert of each."""
    async with setting.database.write() as connection:
        _, token = await tokens.create(connection, setting.town.organisation_id, "Meldkamer", now())
    headers = {"Authorization": f"Bearer {token}"}
    answers = [
        await setting.somebody().http.post("/api/v1/cap", content=document, headers=headers) for document in documents
    ]
    return [one.json()["messages"][0]["alert_id"] for one in answers]


async def _sent(setting: Setting, editor: OfficerClient, approver: OfficerClient) -> int:
    """An alert that has left."""
    alert_id = await setting.alert(editor)
    await editor.post(f"/alerts/{alert_id}/submit", seen=["no_instruction"])
    page = (await approver.get(f"/alerts/{alert_id}/approval")).text
    digest = page.split('name="digest" value="')[1].split('"')[0]
    seen = [part.split('"')[0] for part in page.split('name="seen" value="')[1:]]
    response = await approver.post(f"/alerts/{alert_id}/approve", digest=digest, seen=seen)
    assert response.status_code == 303, response.text
    return alert_id


async def test_messages_are_listed_with_their_signature_and_what_became_of_them(setting: Setting) -> None:
    alert_id, _ = await _came(setting, alert(FIRE), alert(NEWS, kind="Update", identifier="LB-2", more=reference()))
    editor = await setting.officer(Role.EDITOR)
    page = (await editor.get("/alerts/cap")).text
    for said in ("LB-1", "LB-2", "meldkamer@example.be", "Meldkamer", "Niet ondertekend", "Wacht op iemand"):
        assert said in page
    assert f'href="/alerts/{alert_id}"' in page
    assert '<span class="number">2</span>' in (await editor.get("/alerts")).text
    assert "Update van meldkamer@example.be" in (await editor.get(f"/alerts/{alert_id}")).text


async def test_another_organisation_sees_no_message_of_ours(setting: Setting) -> None:
    await _came(setting, alert(FIRE))
    other = await setting.officer(Role.ADMINISTRATOR, "elders")
    assert "LB-1" not in (await other.get("/alerts/cap")).text
    for path in ("/alerts/cap/1", "/alerts/cap/1/document"):
        assert (await other.get(path)).status_code == 404
    assert (await other.post("/alerts/cap/1/set-aside")).status_code == 404


async def test_a_document_is_given_out_to_the_byte(setting: Setting) -> None:
    await _came(setting, alert(FIRE))
    response = await (await setting.officer(Role.VIEWER)).get("/alerts/cap/1/document")
    assert response.text == alert(FIRE)
    assert response.headers["content-disposition"] == 'attachment; filename="cap-1.xml"'


async def test_news_for_a_draft_is_put_in_its_form_and_nothing_is_kept_before_it_is_sent(setting: Setting) -> None:
    alert_id, _ = await _came(setting, alert(FIRE), alert(NEWS, kind="Update", identifier="LB-2", more=reference()))
    approver = await setting.officer(Role.APPROVER)
    use = f"/alerts/{alert_id}/edit?proposal=2"
    assert f'href="{use}"' in (await approver.get("/alerts/cap/2")).text
    assert "De brand is onder controle." in (await approver.get(use)).text
    assert "De brand is onder controle." not in (await approver.get(f"/alerts/{alert_id}/edit")).text


async def test_an_all_clear_under_what_we_sent_fills_its_form_and_is_dealt_with_once_told(setting: Setting) -> None:
    editor, approver = await setting.officer(Role.EDITOR), await setting.officer(Role.APPROVER)
    alert_id = await _sent(setting, editor, approver)
    over = NEWS.replace("<urgency>", "<responseType>AllClear</responseType><urgency>")
    refers = reference("lindebeke-1", "lindebeke@samenspraak.invalid")
    assert await _came(setting, alert(over, kind="Update", more=refers)) == [alert_id]
    use = f"/alerts/{alert_id}/use/1"
    assert f'href="{use}#all_clear-text_nl"' in (await approver.get("/alerts/cap/1")).text
    assert "De brand is onder controle.</textarea>" in (await approver.get(use)).text
    told = {"text_nl": "De brand is onder controle. Alles is veilig."}
    assert (await approver.post(f"/alerts/{alert_id}/follow-up/all_clear", **told)).status_code == 303
    assert "Wacht op iemand" not in (await approver.get("/alerts/cap")).text
    assert (await approver.post("/alerts/cap/1/set-aside")).status_code == 409


async def test_what_is_set_aside_does_not_wait_any_more_and_is_in_the_audit(setting: Setting) -> None:
    await _came(setting, alert(FIRE), alert(NEWS, kind="Update", identifier="LB-2", more=reference()))
    approver = await setting.officer(Role.APPROVER)
    assert (await approver.post("/alerts/cap/2/set-aside")).status_code == 303
    assert (await approver.post("/alerts/cap/2/set-aside")).status_code == 409
    page = (await approver.get("/alerts/cap/2?done=aside")).text
    assert "Over dit bericht wordt niets verteld." in page
    assert "Deze tekst gebruiken" not in page
    assert "cap_set_aside" in {one.action for one in await setting.audit()}


async def test_news_becomes_an_alert_of_its_own_once_with_the_officer_as_its_author(setting: Setting) -> None:
    await _came(setting, alert(FIRE), alert(NEWS, kind="Update", identifier="LB-2", more=reference()))
    approver = await setting.officer(Role.APPROVER)
    response = await approver.post("/alerts/cap/2/draft")
    assert response.headers["location"] == "/alerts/2?done=drafted"
    page = (await approver.get("/alerts/2")).text
    assert "De brand is onder controle." in page
    assert "An Akkoord" in page
    assert (await approver.post("/alerts/cap/2/draft")).status_code == 409
    assert (await approver.post("/alerts/cap/1/draft")).status_code == 409


async def test_what_we_sent_is_given_out_as_cap_each_message_by_itself(setting: Setting) -> None:
    editor, approver = await setting.officer(Role.EDITOR), await setting.officer(Role.APPROVER)
    alert_id = await _sent(setting, editor, approver)
    await approver.post(f"/alerts/{alert_id}/follow-up/all_clear", text_nl="Voorbij.")
    page = (await approver.get(f"/alerts/{alert_id}")).text
    for number, kind in ((1, "Alert"), (2, "Update")):
        path = f"/alerts/{alert_id}/cap/{number}"
        assert path in page
        (message,) = read((await approver.get(path)).content).messages
        assert message.type == kind
    assert [one.identifier for one in message.references] == ["lindebeke-1"]
    assert (await approver.get(f"/alerts/{alert_id}/cap/9")).status_code == 404


async def test_a_draft_is_given_out_as_a_draft(setting: Setting) -> None:
    editor = await setting.officer(Role.EDITOR)
    alert_id = await setting.alert(editor)
    (message,) = read((await editor.get(f"/alerts/{alert_id}/cap")).content).messages
    assert message.status == "Draft"

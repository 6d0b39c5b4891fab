"""Writing an alert: from a template, in a hurry, with warnings that must be seen, and never twice."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from broadcast.alert import Alert, AlertState
from broadcast.repository import alerts
from broadcast.vocabulary import Severity, Status
from people.roles import Role
from storage.clock import now
from tests.integration.console_setting import OfficerClient, Setting, console_at

TEMPLATE = {
    "name": "Gaslek",
    "kind": "gas_leak",
    "title": "Gaslek in de [straat]",
    "text_nl": "Gaslek in de [straat]. Ga weg.",
    "text_fr": "Fuite de gaz dans la [straat]. Partez.",
    "template_sid": "HX123",
}


@pytest.fixture
async def setting(database_url: str) -> AsyncIterator[Setting]:
    async with console_at(database_url) as made:
        yield made


def _hurried(setting: Setting, **more: str | list[str]) -> dict[str, str | list[str]]:
    """The four fields of somebody in a hurry."""
    network = [str(setting.town.network_ids[0])]
    return {"kind": "gas_leak", "title": "Gaslek", "text_nl": "Ga weg.", "network": network, **more}


async def _alert(setting: Setting, number: int) -> Alert:
    async with setting.database.read() as connection:
        return await alerts.get(connection, setting.town.organisation_id, number)


async def _count(setting: Setting) -> int:
    async with setting.database.read() as connection:
        return len(await alerts.recent(connection, setting.town.organisation_id))


def _field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found.group(1)


async def test_four_fields_and_one_button_offer_an_alert(setting: Setting) -> None:
    editor = await setting.officer(Role.EDITOR)
    await editor.post("/alerts/new", **_hurried(setting, do="submit"))
    one = await _alert(setting, 1)
    assert one.state is AlertState.SUBMITTED
    assert one.content.severity is Severity.EXTREME
    assert one.content.expires_at - now() < timedelta(hours=2)


async def test_a_form_that_is_sent_twice_makes_one_alert_and_changes_it_once(setting: Setting) -> None:
    editor, approver = await setting.officer(Role.EDITOR), await setting.officer(Role.APPROVER)
    key = _field((await editor.get("/alerts/new")).text, "key")
    for _ in range(2):
        response = await editor.post("/alerts/new", **_hurried(setting, key=key, do="submit"))
        assert response.headers["location"] == "/alerts/1?done=submitted"
    assert await _count(setting) == 1
    key = _field((await editor.get("/alerts/1/edit")).text, "key")
    await editor.post("/alerts/1/edit", **_hurried(setting, key=key, title="Gaslek!", do="submit"))
    submitted = await _alert(setting, 1)
    await editor.post("/alerts/1/edit", **_hurried(setting, key=key, title="Gaslek!", do="submit"))
    assert await _alert(setting, 1) == submitted
    assert (await approver.get("/alerts/1/approval")).status_code == 200


async def test_a_second_press_of_any_button_does_nothing(setting: Setting) -> None:
    editor, approver = await setting.officer(Role.EDITOR), await setting.officer(Role.APPROVER)
    await editor.post("/alerts/new", **_hurried(setting))
    presses = [(editor, "submit", {}), (approver, "reject", {"reason": "Te vaag"}), (approver, "cancel", {})]
    for officer, button, filled in presses:
        first = await officer.post(f"/alerts/1/{button}", **filled)
        after = await _alert(setting, 1)
        again = await officer.post(f"/alerts/1/{button}", **filled)
        assert (again.status_code, again.headers["location"]) == (303, first.headers["location"])
        assert await _alert(setting, 1) == after


async def test_a_warning_must_be_seen_by_the_author_and_by_the_approver(setting: Setting) -> None:
    editor, approver = await setting.officer(Role.EDITOR), await setting.officer(Role.APPROVER)
    filled = _hurried(setting, text_nl="Ga 100 m weg.", text_fr="Éloignez-vous de 200 m.", do="submit")
    refused = await editor.post("/alerts/new", **filled)
    assert refused.status_code == 422
    assert "bevat “200”, de Nederlandse niet" in refused.text
    assert await _count(setting) == 0
    seen = ["added:fr:200", "missing:fr:100"]
    assert (await editor.post("/alerts/new", **filled, seen=seen)).status_code == 303
    assert (await _alert(setting, 1)).acknowledged == tuple(seen)
    digest = _field((await approver.get("/alerts/1/approval")).text, "digest")
    assert (await approver.post("/alerts/1/approve", digest=digest)).status_code == 422
    assert (await _alert(setting, 1)).state is AlertState.SUBMITTED
    assert (await approver.post("/alerts/1/approve", digest=digest, seen=seen)).status_code == 303
    assert (await _alert(setting, 1)).state is AlertState.SENDING


async def test_a_template_is_kept_begun_from_and_bound_to_its_text(setting: Setting) -> None:
    editor = await setting.officer(Role.EDITOR)
    assert (await editor.post("/alerts/templates/new", **TEMPLATE)).status_code == 303
    assert (await editor.post("/alerts/templates/new", **TEMPLATE)).status_code == 422
    page = (await editor.get("/alerts/new?template=1")).text
    assert 'name="blank_straat"' in page
    filled = _hurried(setting, title="Gaslek in de [straat]", text_nl=TEMPLATE["text_nl"], template="1")
    empty = await editor.post("/alerts/new", **filled)
    assert empty.status_code == 422
    assert "Vul in: straat" in empty.text
    await editor.post("/alerts/new", **filled, blank_straat="Kerkstraat")
    one = (await _alert(setting, 1)).content
    assert (one.title, one.texts["nl"]) == ("Gaslek in de Kerkstraat", "Gaslek in de Kerkstraat. Ga weg.")
    assert (one.template_sid, one.template_values) == ("HX123", ("Kerkstraat",))
    await editor.post("/alerts/1/edit", **_hurried(setting, text_nl="Gaslek in de Kerkstraat. Ga nu weg."))
    assert (await _alert(setting, 1)).content.template_sid == ""
    await editor.post("/alerts/templates/1/remove")
    assert "Er is nog geen sjabloon" in (await editor.get("/alerts/templates")).text


async def test_another_organisation_has_templates_of_its_own(setting: Setting) -> None:
    editor = await setting.officer(Role.EDITOR)
    elsewhere = await setting.officer(Role.ADMINISTRATOR, "elders")
    await editor.post("/alerts/templates/new", **TEMPLATE)
    assert (await elsewhere.get("/alerts/templates/1")).status_code == 404
    assert "blank_straat" not in (await elsewhere.get("/alerts/new?template=1")).text
    await elsewhere.post("/alerts/templates/1/remove")
    assert (await editor.get("/alerts/templates/1")).status_code == 200


async def test_an_exercise_is_marked_in_the_list_and_on_its_page(setting: Setting) -> None:
    editor = await setting.officer(Role.EDITOR)
    await editor.post("/alerts/new", **_hurried(setting, status="Exercise"))
    assert (await _alert(setting, 1)).content.status is Status.EXERCISE
    for path in ("/alerts", "/alerts/1"):
        assert '<span class="tag exercise">OEFENING</span>' in (await editor.get(path)).text


async def _preview(officer: OfficerClient, setting: Setting, part: str, **more: str) -> str:
    return (await officer.post(f"/alerts/preview/{part}", **_hurried(setting, **more))).text


async def test_the_preview_shows_what_is_usual_and_what_is_missing(setting: Setting) -> None:
    editor = await setting.officer(Role.EDITOR)
    assert "WAARSCHUWING - Lindebeke" in await _preview(editor, setting, "text")
    checked = await _preview(editor, setting, "checks")
    assert "Extreem" in checked
    assert "2 van 3 mensen krijgen het" in checked

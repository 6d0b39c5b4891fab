"""An alert through the pages: written, approved by somebody else exactly as seen, sent, steered, closed."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bots.repository import conversations, messages
from broadcast.repository import alerts, events
from people.organisation import BRUSSELS
from people.repository import residents
from people.roles import Role
from storage.clock import now
from tests.integration.console_setting import Setting, console_at, digest_of, fields


@pytest.fixture
async def setting(database_url: str) -> AsyncIterator[Setting]:
    async with console_at(database_url) as made:
        yield made


async def _state(setting: Setting, alert: int) -> str:
    async with setting.database.read() as connection:
        return (await alerts.get(connection, setting.town.organisation_id, alert)).state


async def test_an_alert_is_approved_by_somebody_else_and_leaves(setting: Setting) -> None:
    approver, alert = await setting.sent()
    assert await _state(setting, alert) == "sending"
    page = (await approver.get(f"/alerts/{alert}")).text
    assert "0 van 2 mensen bereikt" in page
    assert "Geen toestemming 1" in page


async def test_an_author_who_approves_their_own_alert_is_refused_and_that_is_written_down(setting: Setting) -> None:
    approver = await setting.officer(Role.APPROVER)
    alert = await setting.alert(approver)
    await approver.post(f"/alerts/{alert}/submit")
    response = await approver.post(f"/alerts/{alert}/approve", digest="0" * 64)
    assert response.status_code == 409
    async with setting.database.read() as connection:
        digest = (await alerts.get(connection, setting.town.organisation_id, alert)).digest
    assert digest is not None
    response = await approver.post(f"/alerts/{alert}/approve", digest=digest)
    assert response.status_code == 403
    assert "Iemand anders moet een waarschuwing goedkeuren" in response.text
    line = (await setting.audit())[0]
    assert (line.action, line.subject, line.allowed) == ("approve", f"POST /alerts/{alert}/approve", False)
    assert await _state(setting, alert) == "submitted"


async def test_an_approval_of_what_was_changed_meanwhile_sends_nothing(setting: Setting) -> None:
    editor, approver = await setting.officer(Role.EDITOR), await setting.officer(Role.APPROVER)
    alert = await setting.alert(editor)
    await editor.post(f"/alerts/{alert}/submit")
    seen = await digest_of(approver, alert)
    changed = fields(setting.town.network_ids[0]) | {"text_nl": "Alles is veilig."}
    await editor.post(f"/alerts/{alert}/edit", **changed)
    await editor.post(f"/alerts/{alert}/submit")
    assert (await approver.post(f"/alerts/{alert}/approve", digest=seen)).status_code == 409
    assert await _state(setting, alert) == "submitted"


async def test_pressing_approve_twice_sends_once(setting: Setting) -> None:
    approver, alert = await setting.sent()
    async with setting.database.read() as connection:
        (event,) = await events.of_alert(connection, setting.town.organisation_id, alert)
        digest = (await alerts.get(connection, setting.town.organisation_id, alert)).digest
    assert (await approver.post(f"/alerts/{alert}/approve", digest=str(digest))).status_code == 303
    async with setting.database.read() as connection:
        assert [one.id for one in await events.of_alert(connection, setting.town.organisation_id, alert)] == [event.id]


async def test_in_an_emergency_an_author_approves_alone_with_a_reason(setting: Setting) -> None:
    approver = await setting.officer(Role.APPROVER)
    in_an_hour = (now() + timedelta(hours=1)).astimezone(BRUSSELS).strftime("%Y-%m-%dT%H:%M")
    alert = await setting.alert(approver, severity="Severe", expires=in_an_hour)
    await approver.post(f"/alerts/{alert}/submit")
    digest = await digest_of(approver, alert)
    silent = await approver.post(f"/alerts/{alert}/approve", digest=digest, override="yes", reason=" ")
    assert silent.status_code == 422
    assert "Zelf goedkeuren in nood vraagt een reden" in silent.text
    await approver.post(f"/alerts/{alert}/approve", digest=digest, override="yes", reason="Niemand bereikbaar")
    assert await _state(setting, alert) == "sending"
    assert (await setting.audit())[0].action == "alert_approve_by_override"


async def test_a_rejection_needs_a_reason_and_gives_it_back(setting: Setting) -> None:
    editor, approver = await setting.officer(Role.EDITOR), await setting.officer(Role.APPROVER)
    alert = await setting.alert(editor)
    await editor.post(f"/alerts/{alert}/submit")
    assert (await approver.post(f"/alerts/{alert}/reject", reason="")).status_code == 422
    await approver.post(f"/alerts/{alert}/reject", reason="Te vaag")
    assert await _state(setting, alert) == "rejected"
    assert (await editor.get(f"/alerts/{alert}/edit")).status_code == 200


async def test_a_sent_alert_is_paused_followed_up_and_closed_with_feedback(setting: Setting) -> None:
    approver, alert = await setting.sent()
    await approver.post(f"/alerts/{alert}/pause")
    assert await _state(setting, alert) == "paused"
    await approver.post(f"/alerts/{alert}/resume")
    missing = await approver.post(f"/alerts/{alert}/follow-up/all_clear", text_nl="", text_fr="C'est fini")
    assert missing.status_code == 422
    assert "De Nederlandse tekst ontbreekt" in missing.text
    await approver.post(f"/alerts/{alert}/follow-up/all_clear", text_nl="Het is voorbij.")
    assert await _state(setting, alert) == "sent"
    assert (await approver.post(f"/alerts/{alert}/close")).status_code == 409
    assert "Gaslek" in (await approver.get("/")).text
    await approver.post(f"/alerts/{alert}/follow-up/feedback", text_nl="Dank u.")
    await approver.post(f"/alerts/{alert}/close")
    assert await _state(setting, alert) == "closed"


async def test_what_the_network_answers_stands_under_the_alert_and_links_both_ways(setting: Setting) -> None:
    approver, alert = await setting.sent()
    talk = setting.town.conversation_ids[0]
    async with setting.database.write() as connection:
        (event,) = await events.of_alert(connection, setting.town.organisation_id, alert)
        one = await conversations.get(connection, setting.town.organisation_id, talk)
        person = await residents.get(connection, one.organisation_id, one.resident_id)
        key = setting.vault.person(person.wrapped_key)
        said = {"author": messages.Author.RESIDENT, "text": "Ik heb iets gezien", "at": now(), "event_id": event.id}
        await messages.add(connection, key, one, **said)  # type: ignore[arg-type]
    page = (await approver.get(f"/alerts/{alert}")).text
    assert "Ik heb iets gezien" in page
    assert f'href="/conversations/{talk}"' in page
    assert "Antwoord op de waarschuwing: Gaslek" in (await approver.get(f"/conversations/{talk}")).text
    viewer = await setting.officer(Role.VIEWER)
    assert "Ik heb iets gezien" not in (await viewer.get(f"/alerts/{alert}")).text

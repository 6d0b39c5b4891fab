"""An officer takes a conversation over, answers, gives it back and closes it, through the pages."""

from collections.abc import AsyncIterator

import pytest

from bots.repository import conversations, messages
from messaging import content
from messaging.channel import Outgoing
from messaging.delivery import Purpose
from messaging.repository import attempts, ledger
from messaging.repository.ledger import NewDelivery
from people.repository import residents
from people.roles import Role
from storage.clock import now
from tests.integration.console_setting import Setting, console_at


@pytest.fixture
async def setting(database_url: str) -> AsyncIterator[Setting]:
    async with console_at(database_url) as made:
        yield made


async def test_an_answer_reaches_the_ledger_and_the_page(setting: Setting) -> None:
    officer = await setting.officer(Role.OFFICER)
    talk = f"/conversations/{setting.town.conversation_ids[0]}"
    taken = await officer.post(f"{talk}/take-over")
    assert taken.headers["location"] == f"{talk}?done=taken&leaving=0#reply"
    await officer.post(f"{talk}/reply", text="Dag Emma, dinsdag.")
    page = (await officer.get(talk)).text
    assert "Dag Emma, dinsdag." in page
    assert "Jan Janssens" in page
    assert "Wacht op vertrek" in page
    assert len(setting.queued) == 2
    await officer.post(f"{talk}/give-back")
    assert "De chatbot antwoordt hier." in (await officer.get(talk)).text
    await officer.post(f"{talk}/close")
    assert "Dit gesprek is afgesloten." in (await officer.get(talk)).text


async def test_who_waits_is_listed_with_what_they_wrote_and_not_with_what_the_bot_said_of_it(setting: Setting) -> None:
    async with setting.database.write() as connection:
        organisation_id, talk_id = setting.town.organisation_id, setting.town.conversation_ids[0]
        talk = await conversations.get(connection, organisation_id, talk_id)
        key = setting.vault.person((await residents.get(connection, organisation_id, talk.resident_id)).wrapped_key)
        told = "Een medewerker is verwittigd en antwoordt u hier."
        await messages.add(connection, key, talk, author=messages.Author.BOT, text=told, at=now())
    page = (await (await setting.officer(Role.OFFICER)).get("/inbox/waiting")).text
    assert "Kan ik een medewerker spreken?" in page
    assert told not in page


async def test_a_bot_message_that_is_just_leaving_is_announced(setting: Setting) -> None:
    talk = setting.town.conversation_ids[0]
    await _let_leave(setting, talk)
    officer = await setting.officer(Role.OFFICER)
    taken = await officer.post(f"/conversations/{talk}/take-over")
    page = await officer.get(taken.headers["location"])
    assert "Eén bericht van de chatbot vertrekt net" in page.text


async def _let_leave(setting: Setting, talk: int) -> None:
    """A reply of the bot whose attempt is committed."""
    async with setting.database.write() as connection:
        one = await conversations.get(connection, setting.town.organisation_id, talk)
        person = await residents.get(connection, one.organisation_id, one.resident_id)
        new = NewDelivery(
            organisation_id=one.organisation_id,
            sender_id=one.sender_id,
            address_id=one.address_id,
            resident_id=one.resident_id,
            purpose=Purpose.REPLY,
            content=setting.vault.person(person.wrapped_key).seal(content.to_json(Outgoing("Dag"))),
            conversation_id=one.id,
        )
        await attempts.start(connection, [await ledger.queue(connection, new, now())], "lease", now())


async def test_who_answers_without_having_taken_over_is_told_to(setting: Setting) -> None:
    officer = await setting.officer(Role.OFFICER)
    response = await officer.post(f"/conversations/{setting.town.conversation_ids[0]}/reply", text="Dag")
    assert response.status_code == 409
    assert "Neem het gesprek eerst over" in response.text


async def test_a_colleague_takes_over_and_the_first_can_answer_no_more(setting: Setting) -> None:
    one, other = await setting.officer(Role.OFFICER), await setting.officer(Role.EDITOR)
    talk = f"/conversations/{setting.town.conversation_ids[0]}"
    await one.post(f"{talk}/take-over")
    assert "Overnemen van Jan Janssens" in (await other.get(talk)).text
    await other.post(f"{talk}/take-over")
    assert (await one.post(f"{talk}/reply", text="Dag")).status_code == 409


@pytest.mark.parametrize("text", ["", "   ", "x" * 1501])
async def test_an_answer_that_cannot_be_sent_stays_in_the_form_with_the_reason(setting: Setting, text: str) -> None:
    officer = await setting.officer(Role.OFFICER)
    talk = f"/conversations/{setting.town.conversation_ids[0]}"
    await officer.post(f"{talk}/take-over")
    response = await officer.post(f"{talk}/reply", text=text)
    assert response.status_code == 422
    assert "Een antwoord heeft 1 tot 1500 tekens" in response.text
    assert f">{text}</textarea>" in response.text


async def test_what_a_resident_writes_is_shown_and_never_run(setting: Setting) -> None:
    talk = setting.town.conversation_ids[0]
    async with setting.database.write() as connection:
        one = await conversations.get(connection, setting.town.organisation_id, talk)
        person = await residents.get(connection, one.organisation_id, one.resident_id)
        key = setting.vault.person(person.wrapped_key)
        attack = "<script>alert(1)</script>\u202e{{ 7 * 7 }}"
        await messages.add(connection, key, one, author=messages.Author.RESIDENT, text=attack, at=now())
    page = (await (await setting.officer(Role.OFFICER)).get(f"/conversations/{talk}")).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


async def test_a_number_is_shown_whole_only_on_purpose_and_that_is_written_down(setting: Setting) -> None:
    officer = await setting.officer(Role.OFFICER)
    talk = f"/conversations/{setting.town.conversation_ids[0]}"
    number = "+32470120001"
    for path in (talk, "/", f"{talk}/messages"):
        assert number not in (await officer.get(path)).text
    assert number in (await officer.post(f"{talk}/number")).text
    line = (await setting.audit())[0]
    assert (line.action, line.officer_id) == ("number_shown", setting.town.officers[Role.OFFICER])
    assert number not in str(await setting.audit())
    assert number not in (await officer.get(talk)).text

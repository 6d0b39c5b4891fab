"""Open pages renew themselves, without taking anything out of the hands of whoever works there."""

from collections.abc import Callable

from playwright.sync_api import expect

from bots.conversation import State
from bots.repository import conversations, messages
from bots.repository.messages import Author
from people.repository import residents
from people.roles import Role
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault
from storage.repository import mark_changed
from tests.browser.officer import OfficerAtWork
from tests.browser.served import Served


def test_whoever_asks_for_a_person_appears_in_the_inbox_and_is_announced(
    at_work: Callable[..., OfficerAtWork], console: Served
) -> None:
    page = at_work(Role.OFFICER).page
    status = page.get_by_role("status")
    expect(status).to_have_text("1 persoon wacht")
    talk = console.town.conversation_ids[1]

    async def ask(database: Database, _vault: Vault) -> None:
        async with database.write() as connection:
            seen = await conversations.get(connection, console.town.organisation_id, talk)
            await conversations.change(connection, seen, state=State.WAITING, waiting_since=now(), urgent=True)
            await mark_changed(connection, console.town.organisation_id)

    console.call(ask)
    expect(status).to_contain_text("2 mensen wachten")
    first = page.locator("#waiting .row").first
    expect(first).to_contain_text("Lucas Peeters")
    expect(first).to_contain_text("Dringend")


def test_a_new_message_appears_while_an_answer_is_being_written(
    at_work: Callable[..., OfficerAtWork], console: Served
) -> None:
    officer = at_work(Role.OFFICER)
    talk = console.town.conversation_ids[0]
    officer.page.goto(f"/conversations/{talk}")
    officer.press("Overnemen")
    officer.sees("U antwoordt van nu af.")
    answer = officer.page.get_by_label("Uw antwoord")
    answer.fill("Ik kijk het na")

    async def write(database: Database, vault: Vault) -> None:
        async with database.write() as connection:
            seen = await conversations.get(connection, console.town.organisation_id, talk)
            person = await residents.get(connection, seen.organisation_id, seen.resident_id)
            key = vault.person(person.wrapped_key)
            await messages.add(connection, key, seen, author=Author.RESIDENT, text="Bent u daar nog?", at=now())
            await mark_changed(connection, seen.organisation_id)

    console.call(write)
    expect(officer.page.get_by_role("log")).to_contain_text("Bent u daar nog?")
    expect(answer).to_have_value("Ik kijk het na")
    expect(answer).to_be_focused()

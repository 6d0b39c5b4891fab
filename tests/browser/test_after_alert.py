"""What an officer does after an alert was sent: the pages hold no barrier, and work by keyboard and without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from bots.repository import conversations, messages
from bots.repository.messages import Author
from broadcast.repository import events
from messaging.tables import delivery
from people.repository import residents
from people.roles import Role
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault
from tests.browser.axe import findings
from tests.browser.officer import OfficerAtWork
from tests.browser.served import Served

WIDTHS = (1280, 390)
AFTER = ("", "/report", "/replies/all", "/replies/all?which=open")


async def answered(database: Database, vault: Vault) -> None:
    """Two answers came in, and nobody could be reached."""
    async with database.write() as connection:
        queued = update(delivery).where(delivery.c.state == "queued")
        await connection.execute(queued.values(state="failed", error="30008"))
        (talk,) = [one for one in await conversations.waiting(connection, 1) if one.channel == "whatsapp"]
        person = await residents.get(connection, talk.organisation_id, talk.resident_id)
        (event,) = await events.of_alert(connection, talk.organisation_id, 1)
        for text, intent in (("Ik zag een witte bestelwagen", None), ("Ik heb hulp nodig", "emergency")):
            said = {"author": Author.RESIDENT, "text": text, "at": now(), "event_id": event.id, "intent": intent}
            await messages.add(connection, vault.person(person.wrapped_key), talk, **said)  # type: ignore[arg-type]


def sent(at_work: Callable[..., OfficerAtWork], console: Served, **how: int) -> tuple[OfficerAtWork, str]:
    """An approver at an alert that reached nobody, and that was answered twice all the same."""
    editor, approver = at_work(Role.EDITOR, **how), at_work(Role.APPROVER, **how)
    alert = editor.draft_alert()
    editor.press("Ter goedkeuring voorleggen")
    approver.approve(alert)
    console.call(answered)
    approver.page.goto(alert)
    return approver, alert


@pytest.mark.parametrize("width", WIDTHS)
def test_they_hold_no_barrier(at_work: Callable[..., OfficerAtWork], console: Served, width: int) -> None:
    approver, alert = sent(at_work, console, width=width)
    wrong = {}
    for path in AFTER:
        approver.page.goto(alert + path)
        wide = approver.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        wrong[path] = findings(approver.page) + (["scrolls sideways"] if wide else [])
    assert {path: found for path, found in wrong.items() if found} == {}


def test_an_answer_is_marked_by_keyboard_as_seen_and_as_handled(
    at_work: Callable[..., OfficerAtWork], console: Served
) -> None:
    approver, _ = sent(at_work, console)
    approver.page.get_by_role("link", name="Alle antwoorden, om ze aan te merken").click()
    seen = approver.page.get_by_role("listitem").filter(has_text="Ik zag een witte bestelwagen")
    seen.get_by_role("button", name="Waarneming").focus()
    approver.page.keyboard.press("Enter")
    expect(seen.locator(".tag", has_text="Waarneming")).to_be_visible()
    seen.get_by_role("button", name="Afgehandeld").focus()
    approver.page.keyboard.press("Enter")
    expect(seen).to_contain_text("Afgehandeld door An Akkoord")
    approver.page.get_by_role("link", name="Open (1)").click()
    expect(approver.page.get_by_role("listitem").filter(has_text="witte bestelwagen")).to_have_count(0)
    approver.page.get_by_role("link", name="Waarnemingen (1)").click()
    expect(approver.page.get_by_role("listitem").filter(has_text="witte bestelwagen")).to_be_visible()


def test_those_who_were_not_reached_are_tried_again_without_script(
    at_work: Callable[..., OfficerAtWork], console: Served
) -> None:
    _, alert = sent(at_work, console)
    approver = at_work(Role.APPROVER, script=False)
    approver.page.goto(alert)
    approver.press("Probeer 2 mensen opnieuw")
    approver.sees("Wie niet bereikt werd, wordt nu opnieuw geprobeerd")
    expect(approver.page.get_by_role("button", name="Probeer")).to_have_count(0)

"""CAP messages and tokens in a real browser: without barriers, and from what came in to the form that tells it."""

from collections.abc import Callable

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.cap.importing import open_document, take_in
from people.repository import organisations
from people.roles import Role
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault
from tests.browser.axe import findings
from tests.browser.officer import OfficerAtWork
from tests.browser.served import Served
from tests.cap_documents import alert, info, reference

FIRE = alert(info("<headline>Brand in de kerk</headline><description>Blijf binnen.</description>"))
NEWS = info("<description>De brand is onder controle. Openen mag weer.</description>")


async def _take(connection: AsyncConnection, document: str) -> None:
    (organisation, *_) = await organisations.every(connection)
    await take_in(connection, organisation, open_document(document.encode()), "Meldkamer", now())


async def _hand_in(database: Database, vault: Vault) -> None:
    async with database.write() as connection:
        await _take(connection, FIRE)
        await _take(connection, alert(NEWS, kind="Update", identifier="LB-2", more=reference()))


@pytest.mark.parametrize("width", [1280, 390])
def test_messages_that_came_in_hold_no_barrier(
    at_work: Callable[..., OfficerAtWork], console: Served, width: int
) -> None:
    console.call(_hand_in)
    officer = at_work(Role.ADMINISTRATOR, width=width)
    wrong = {}
    for path in ("/alerts", "/alerts/cap", "/alerts/cap/2", "/alerts/1", "/tokens"):
        officer.page.goto(path)
        wide = officer.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        wrong[path] = findings(officer.page) + (["scrolls sideways"] if wide else [])
    assert {path: found for path, found in wrong.items() if found} == {}


def test_the_words_of_a_message_are_found_and_put_in_the_draft(
    at_work: Callable[..., OfficerAtWork], console: Served
) -> None:
    console.call(_hand_in)
    officer = at_work(Role.APPROVER)
    officer.page.goto("/alerts")
    officer.page.get_by_role("link", name="CAP-berichten").click()
    officer.page.get_by_role("link", name="LB-2").click()
    officer.page.get_by_role("link", name="Deze tekst gebruiken").click()
    assert officer.page.get_by_label("Tekst in het Nederlands").input_value().startswith("De brand is onder controle")


def test_a_token_is_made_shown_and_taken_back(at_work: Callable[..., OfficerAtWork]) -> None:
    officer = at_work(Role.ADMINISTRATOR)
    officer.page.goto("/officers")
    officer.page.get_by_role("link", name="Tokens van andere systemen").click()
    officer.page.get_by_label("Wie het krijgt").fill("Meldkamer")
    officer.press("Token maken")
    assert officer.page.get_by_role("status").locator("code").inner_text().startswith("sst_")
    assert findings(officer.page) == []
    officer.press("Het token van Meldkamer intrekken")
    officer.sees("Met dit token komt niemand nog binnen.")

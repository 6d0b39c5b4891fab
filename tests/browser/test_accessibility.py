"""Every page can be used with a disability: axe finds nothing serious or critical, at a desk and on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from people.roles import Role
from tests.browser.axe import findings
from tests.browser.officer import OfficerAtWork
from tests.browser.served import Served

WIDTHS = (1280, 390)
PAGES = (
    "/",
    "/?state=waiting&channel=sms",
    "/conversations/1",
    "/alerts",
    "/alerts/new",
    "/alerts/templates",
    "/alerts/templates/new",
    "/networks",
    "/places",
    "/members",
    "/members/1",
    "/imports",
    "/figures",
    "/officers",
    "/tokens",
    "/audit",
    "/account",
)


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_hold_no_barrier_and_never_scroll_sideways(at_work: Callable[..., OfficerAtWork], width: int) -> None:
    officer = at_work(Role.ADMINISTRATOR, width=width)
    officer.page.goto("/alerts/templates/new")
    officer.page.get_by_label("Naam").fill("Gaslek bij de school")
    officer.page.get_by_label("Tekst: Nederlands").fill("Er is een gaslek in [straat] en in [omgeving].")
    officer.press("Sjabloon bewaren")
    officer.sees("Het sjabloon is bewaard")
    wrong = {}
    for path in PAGES:
        officer.page.goto(path)
        officer.page.locator("#count").get_by_text("1 persoon wacht").wait_for()
        wide = officer.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        wrong[path] = findings(officer.page) + (["scrolls sideways"] if wide else [])
    assert {path: found for path, found in wrong.items() if found} == {}


def test_the_login_page_its_refusal_and_an_error_hold_no_barrier(page: Page) -> None:
    page.goto("/nowhere")
    assert findings(page) == []
    page.goto("/login")
    assert findings(page) == []
    page.get_by_label("E-mailadres").fill("niemand@lindebeke.example")
    page.get_by_label("Wachtwoord").fill("fout wachtwoord")
    page.get_by_role("button", name="Aanmelden").click()
    page.get_by_role("alert").wait_for()
    assert findings(page) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_an_alert_holds_no_barrier_in_any_state(at_work: Callable[..., OfficerAtWork], width: int) -> None:
    editor, approver = at_work(Role.EDITOR, width=width), at_work(Role.APPROVER, width=width)
    alert = editor.draft_alert()
    assert findings(editor.page) == []
    editor.press("Ter goedkeuring voorleggen")
    approver.page.goto(f"{alert}/approval")
    approver.page.locator("summary").first.click()
    assert findings(approver.page) == []
    approver.approve(alert)
    for summary in approver.page.locator("aside summary").all():
        summary.click()
    assert findings(approver.page) == []


def test_a_form_with_mistakes_holds_no_barrier_and_says_what_to_correct(
    at_work: Callable[..., OfficerAtWork], console: Served
) -> None:
    officer = at_work(Role.EDITOR)
    officer.page.goto("/alerts/new")
    officer.press("Ontwerp bewaren")
    summary = officer.page.get_by_role("alert")
    summary.get_by_role("link", name="Kies minstens één netwerk").wait_for()
    assert findings(officer.page) == []
    summary.get_by_role("link", name="Een titel heeft 1 tot 120 tekens").click()
    assert officer.page.evaluate("document.activeElement.id") == "title"


def test_a_conversation_that_one_answers_holds_no_barrier(at_work: Callable[..., OfficerAtWork]) -> None:
    officer = at_work(Role.OFFICER)
    officer.page.goto("/conversations/1")
    officer.press("Overnemen")
    officer.sees("U antwoordt van nu af.")
    assert findings(officer.page) == []

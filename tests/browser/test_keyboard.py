"""The main job without a mouse: log in, find who waits, take over, answer, give back."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from people.roles import Role
from tests.browser.officer import OfficerAtWork
from tests.browser.seed import PASSWORD, email

_MOST_STEPS = 60


def tab_to(page: Page, name: str) -> None:
    """Go on with the tab key until something with this name has the focus; it must then be visible."""
    for _ in range(_MOST_STEPS):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and name in (focused.get_attribute("aria-label") or focused.inner_text() or ""):
            outline = focused.evaluate("element => getComputedStyle(element).outlineStyle")
            shadow = focused.evaluate("element => getComputedStyle(element).boxShadow")
            assert outline != "none" or shadow != "none", f"nothing shows that {name} has the focus"
            return
    raise AssertionError(f"the tab key never comes to {name}")


def test_an_officer_works_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/login")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    while page.evaluate("document.activeElement.id") != "email":
        page.keyboard.press("Tab")
    page.keyboard.type(email(Role.OFFICER))
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    tab_to(page, "Emma De Smet")
    page.keyboard.press("Enter")
    page.wait_for_url("**/conversations/*")
    tab_to(page, "Overnemen")
    page.keyboard.press("Enter")
    page.get_by_text("U antwoordt van nu af.").wait_for()
    while page.evaluate("document.activeElement.id") != "text":
        page.keyboard.press("Tab")
    page.keyboard.type("Dag Emma, waarmee kan ik u helpen?")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("log")).to_contain_text("Dag Emma, waarmee kan ik u helpen?")
    tab_to(page, "Teruggeven aan de chatbot")
    page.keyboard.press("Enter")
    page.get_by_text("De chatbot antwoordt opnieuw en heeft dat gezegd.").wait_for()


def test_the_skip_link_leads_past_the_menu(at_work: Callable[..., OfficerAtWork]) -> None:
    page = at_work(Role.OFFICER).page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

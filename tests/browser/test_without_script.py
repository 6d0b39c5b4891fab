"""Where no script runs, everything can still be done: plain forms and links."""

from collections.abc import Callable

from playwright.sync_api import expect

from people.roles import Role
from tests.browser.officer import OfficerAtWork


def test_a_conversation_is_answered_without_script(at_work: Callable[..., OfficerAtWork]) -> None:
    officer = at_work(Role.OFFICER, script=False)
    officer.page.get_by_role("link", name="Emma De Smet").first.click()
    officer.press("Overnemen")
    officer.page.get_by_label("Uw antwoord").fill("Dag Emma")
    officer.press("Antwoord versturen")
    expect(officer.page.get_by_role("log")).to_contain_text("Dag Emma")
    officer.press("Teruggeven aan de chatbot")
    officer.sees("De chatbot antwoordt hier.")


def test_an_alert_is_written_previewed_and_approved_without_script(at_work: Callable[..., OfficerAtWork]) -> None:
    editor, approver = at_work(Role.EDITOR, script=False), at_work(Role.APPROVER, script=False)
    editor.page.goto("/alerts/new")
    editor.page.get_by_label("Titel").fill("Wateronderbreking")
    editor.page.get_by_label("Tekst in het Nederlands").fill("Geen water tot 16 uur.")
    editor.page.get_by_label("BIN Molenwijk").check()
    editor.press("Voorbeeld vernieuwen")
    expect(editor.page.get_by_role("region", name="Voorbeeld")).to_contain_text("Geen water tot 16 uur.")
    expect(editor.page.locator("#checks")).to_contain_text("2 van 3 mensen krijgen het")
    editor.press("Ontwerp bewaren")
    alert = editor.page.url.split("?")[0]
    editor.press("Ter goedkeuring voorleggen")
    approver.approve(alert)
    approver.sees("0 van 2 mensen bereikt")


def test_the_inbox_is_filtered_without_script(at_work: Callable[..., OfficerAtWork]) -> None:
    page = at_work(Role.OFFICER, script=False).page
    page.get_by_label("Kanaal").select_option("telegram")
    page.get_by_role("button", name="Filteren").click()
    expect(page.locator("#recent .row")).to_have_count(1)
    expect(page.locator("#recent")).to_contain_text("Lucas Peeters")

"""An alert from draft to feedback, by two officers in two browsers."""

from collections.abc import Callable

from playwright.sync_api import expect

from people.roles import Role
from tests.browser.officer import TEXT, OfficerAtWork


def test_two_officers_send_an_alert_and_tell_how_it_ended(at_work: Callable[..., OfficerAtWork]) -> None:
    editor, approver = at_work(Role.EDITOR), at_work(Role.APPROVER)
    alert = editor.draft_alert()
    editor.press("Ter goedkeuring voorleggen")
    editor.sees("De waarschuwing wacht op goedkeuring door iemand anders.")
    approver.page.goto("/")
    approver.page.get_by_role("link", name="Gaslek in de Molenstraat").click()
    approver.page.get_by_role("link", name="Nakijken en goedkeuren").click()
    received = approver.page.get_by_role("region", name="Precies zoals het aankomt")
    expect(received).to_contain_text("WAARSCHUWING - Lindebeke")
    expect(received).to_contain_text(TEXT)
    reach = approver.page.get_by_role("region", name="Wie het krijgt")
    expect(reach.get_by_role("row", name="Telegram")).to_contain_text("1")
    expect(reach).to_contain_text("Stemden niet toe")
    approver.page.locator("summary", has_text="Goedkeuren").click()
    expect(approver.page.get_by_text("naar 2 mensen")).to_be_visible()
    approver.press("Goedkeuren en nu versturen")
    approver.sees("De waarschuwing is goedgekeurd en vertrekt nu.")
    approver.sees("0 van 2 mensen bereikt")
    editor.page.goto(alert)
    editor.sees("Wordt verstuurd")
    approver.press("Pauzeren")
    expect(editor.page.get_by_text("Gepauzeerd").first).to_be_visible()
    approver.press("Hervatten")
    approver.page.locator("summary", has_text="Einde waarschuwing").click()
    approver.page.locator("#all_clear-text_nl").fill("Het gaslek is hersteld.")
    approver.press("Einde waarschuwing versturen")
    approver.sees("Wie de waarschuwing kreeg, wordt nu ingelicht.")
    approver.page.goto("/")
    expect(approver.page.get_by_text("Waarschuwingen zonder terugkoppeling")).to_be_visible()
    approver.page.goto(alert)
    approver.page.locator("summary", has_text="Terugkoppeling").click()
    approver.page.locator("#feedback-text_nl").fill("Dank voor uw meldingen.")
    approver.press("Terugkoppeling aan het netwerk")
    approver.sees("Wie de waarschuwing kreeg, wordt nu ingelicht.")
    approver.page.goto("/")
    expect(approver.page.get_by_text("Waarschuwingen zonder terugkoppeling")).to_have_count(0)


def test_the_preview_follows_what_is_written(at_work: Callable[..., OfficerAtWork]) -> None:
    page = at_work(Role.EDITOR).page
    page.goto("/alerts/new")
    page.get_by_label("Titel").fill("Rookontwikkeling")
    page.get_by_label("Tekst in het Nederlands").fill("Sluit ramen en deuren – en blijf binnen.")
    preview = page.get_by_role("region", name="Voorbeeld")
    expect(preview).to_contain_text("Rookontwikkeling")
    preview.get_by_role("radio", name="SMS").check()
    expect(preview.get_by_text("UCS-2")).to_be_visible()
    page.get_by_label("BIN Molenwijk").check()
    expect(page.locator("#checks")).to_contain_text("2 van 3 mensen krijgen het")


def test_warnings_are_ticked_and_the_alert_is_offered_from_the_same_page(at_work: Callable[..., OfficerAtWork]) -> None:
    editor = at_work(Role.EDITOR)
    page = editor.page
    page.goto("/alerts/new")
    page.get_by_label("Soort bericht").select_option("gas_leak")
    page.get_by_label("Titel").fill("Gaslek")
    page.get_by_label("BIN Molenwijk").check()
    page.get_by_label("Tekst in het Nederlands").fill("Ga 100 m weg.")
    page.locator("summary", has_text="Vertaling: Frans").click()
    page.get_by_label("Tekst: Frans").fill("Éloignez-vous de 200 m.")
    page.get_by_label("Tekst: Frans").blur()
    expect(page.get_by_role("group", name="2 aandachtspunten")).to_be_visible()
    for box in page.locator('#checks [name="seen"]').all():
        box.check()
    page.get_by_label("Waar, in woorden").evaluate("field => field.dispatchEvent(new Event('change', {bubbles: true}))")
    page.wait_for_timeout(600)
    expect(page.locator('#checks [name="seen"]:checked')).to_have_count(2)
    editor.press("Bewaren en ter goedkeuring voorleggen")
    editor.sees("De waarschuwing wacht op goedkeuring door iemand anders.")


def test_an_author_is_told_that_somebody_else_must_approve(at_work: Callable[..., OfficerAtWork]) -> None:
    approver = at_work(Role.APPROVER)
    alert = approver.draft_alert(severity="Moderate")
    approver.press("Ter goedkeuring voorleggen")
    approver.page.goto(f"{alert}/approval")
    approver.sees("dus iemand anders moet ze goedkeuren")
    expect(approver.page.get_by_role("button", name="Goedkeuren en nu versturen")).to_have_count(0)

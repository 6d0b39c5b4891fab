"""An officer at the console, as the page tests speak of one."""

from dataclasses import dataclass

from playwright.sync_api import Page

from people.roles import Role
from tests.browser.seed import PASSWORD, email

TEXT = "Er is een gaslek in de Molenstraat. Blijf binnen en sluit de ramen."


@dataclass(frozen=True, slots=True)
class OfficerAtWork:
    """Somebody logged in. The pages speak Dutch, as they do by default."""

    page: Page

    @classmethod
    def log_in(cls, page: Page, role: Role) -> "OfficerAtWork":
        """Through the form, as people do."""
        page.goto("/login")
        page.get_by_label("E-mailadres").fill(email(role))
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        page.get_by_role("button", name="Aanmelden").click()
        page.wait_for_url(lambda url: "/login" not in url)
        return cls(page)

    def press(self, name: str) -> None:
        """Press the button with this name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def sees(self, text: str) -> None:
        """Wait until the page shows this text."""
        self.page.get_by_text(text).first.wait_for()

    def draft_alert(self, title: str = "Gaslek in de Molenstraat", severity: str = "Severe") -> str:
        """Write an alert to the network that has members; gives the address of its page."""
        self.page.goto("/alerts/new")
        self.page.get_by_label("Titel").fill(title)
        self.page.get_by_label("Ernst").select_option(severity)
        self.page.get_by_label("BIN Molenwijk").check()
        self.page.get_by_label("Tekst in het Nederlands").fill(TEXT)
        self.press("Ontwerp bewaren")
        self.sees("Het ontwerp is bewaard")
        return self.page.url.split("?")[0]

    def approve(self, alert: str) -> None:
        """Approve and send an alert that somebody else wrote."""
        self.page.goto(f"{alert}/approval")
        self.page.locator("summary", has_text="Goedkeuren").click()
        self.press("Goedkeuren en nu versturen")
        self.sees("De waarschuwing is goedgekeurd")

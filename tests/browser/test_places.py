"""Places in a browser: drawn on the map or typed, and the steps of a list of members, without barrier."""

from collections.abc import Callable

from playwright.sync_api import FilePayload

from people.roles import Role
from tests.browser.axe import findings
from tests.browser.officer import OfficerAtWork

LIST = b"naam;voornaam;gsm\nAn;Peeters;0470 99 34 01\n"


def test_what_is_drawn_on_the_map_stands_in_the_field_and_is_kept(at_work: Callable[..., OfficerAtWork]) -> None:
    page = at_work(Role.EDITOR).page
    page.goto("/places")
    page.locator(".leaflet-container").wait_for()
    page.get_by_role("button", name="Een cirkel tekenen").click()
    plan = page.locator(".leaflet-container")
    plan.click(position={"x": 200, "y": 150})
    plan.click(position={"x": 260, "y": 150})
    assert page.get_by_label("Gebied", exact=True).input_value().endswith(" m")
    page.get_by_label("Naam").fill("Rond de kerk")
    assert findings(page) == []
    page.get_by_role("button", name="De plaats bewaren").click()
    page.get_by_role("row", name="Rond de kerk").wait_for()


def test_a_place_is_typed_without_script(at_work: Callable[..., OfficerAtWork]) -> None:
    page = at_work(Role.EDITOR, script=False).page
    page.goto("/places")
    page.get_by_label("Naam").fill("Rond de kerk")
    page.get_by_label("Gebied", exact=True).fill("51.05 3.72 300 m")
    page.get_by_role("button", name="De plaats bewaren").click()
    page.get_by_role("row", name="Rond de kerk").wait_for()
    page.goto("/alerts/new")
    page.locator("#narrow summary").click()
    page.get_by_label("Een bewaarde plaats").select_option("Rond de kerk")
    page.get_by_role("button", name="Toevoegen").click()
    assert page.get_by_label("Gebied", exact=True).input_value() == "51.05 3.72 300 m"


def test_the_columns_of_a_list_hold_no_barrier(at_work: Callable[..., OfficerAtWork]) -> None:
    page = at_work(Role.EDITOR, width=390).page
    page.goto("/imports")
    page.set_input_files("#file", files=FilePayload(name="leden.csv", mimeType="text/csv", buffer=LIST))
    page.get_by_role("button", name="De kolommen bekijken").click()
    page.get_by_text("elkaars kolom").wait_for()
    assert findings(page) == []

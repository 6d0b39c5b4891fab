"""A list from BE-Alert is brought in on the pages: names put right, progress without loading again, an error file."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from broadcast.members import importing
from broadcast.members.importing import Imports
from broadcast.tables import member_import
from people.roles import Role
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault
from tests.browser.axe import findings
from tests.browser.officer import OfficerAtWork
from tests.browser.served import Served
from tests.unit.test_members_columns import BE_ALERT

PEOPLE = [("An", "Peeters"), ("Jan", "De Smet"), ("Fatima", "Benali"), ("Marie-Claire", "Dubois"), ("Thomas", "Claes")]
ROWS = 40


def _list(folder: Path) -> Path:
    """First and last names in each other's columns, as the provider mixes them up; every tenth row holds no number."""
    lines = [";".join(BE_ALERT)]
    for number in range(ROWS):
        first, last = PEOPLE[number % len(PEOPLE)]
        gsm = "geen" if number % 10 == 0 else f"+32470{number:06}"
        told = {"voornaam": last, "naam": first, "gsm-1": gsm, "straat": "Kerkstraat", "huisnummer": str(number + 1)}
        lines.append(";".join(told.get(column, "") for column in BE_ALERT))
    file = folder / "BIN Molenwijk.csv"
    file.write_text("\n".join(lines))
    return file


async def _work(database: Database, vault: Vault) -> None:
    await Imports(database, vault).work()


async def _one_batch(database: Database, vault: Vault) -> None:
    """A worker that stops after its first batch, as one does that is killed."""
    took, work = 0, Imports(database, vault)
    take = work._take

    async def once(*given: object) -> object:
        nonlocal took
        took += 1
        if took > 1:
            raise ConnectionAbortedError
        return await take(*given)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(work, "_take", once)
        with pytest.raises(ConnectionAbortedError):
            await work.work()


async def _free(database: Database, vault: Vault) -> None:
    """As if the minute were over for which a dead worker holds a list."""
    async with database.write() as connection:
        await connection.execute(update(member_import).values(lease_until=now() - timedelta(seconds=1)))


def test_a_list_of_a_neighbourhood_network_is_brought_in_with_its_names_put_right(
    at_work: Callable[..., OfficerAtWork], console: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_BATCH", 10)
    officer = at_work(Role.EDITOR)
    page = officer.page
    page.goto("/imports")
    page.get_by_label("Bestand").set_input_files(_list(tmp_path))
    officer.press("De kolommen bekijken")
    officer.sees("Dit lijkt een lijst van een buurtinformatienetwerk uit BE-Alert.")
    officer.sees("Voornamen en familienamen staan in elkaars kolom")
    assert page.get_by_label("Voornaam").locator("option:checked").inner_text() == "naam"
    assert findings(page) == []
    page.get_by_label("Ze worden lid van").select_option(label="BIN Dorpskern")
    officer.press("Zien wat ervan zou komen")
    page.get_by_role("progressbar").wait_for()
    console.call(_work)
    officer.sees("Er is nog niets gewijzigd.")  # by itself: nobody loads the page again
    officer.press("Inlezen")
    console.call(_one_batch)
    officer.sees(f"10 van {ROWS} rijen")
    assert findings(page) == []
    console.call(_free)
    console.call(_work)
    page.get_by_role("heading", name="Ingelezen").wait_for()
    expect(page.locator("dl.counts dd").first).to_have_text("36")
    with page.expect_download() as download:
        page.get_by_role("link", name="De geweigerde rijen met hun reden (CSV)").click()
    header, first, *others = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert header.split(";") == ["rij", "reden", *BE_ALERT]
    assert (first.split(";")[0], len(others)) == ("2", 3)
    page.goto("/members")
    officer.sees("An Peeters")

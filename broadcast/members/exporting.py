"""Members out to a file that the import takes back; nothing in it is a formula to a spreadsheet."""

import csv
import io
from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from messaging.phone import national
from people.repository import members
from people.repository.members import Member
from storage.encryption import Vault

HEADER = (
    *("voornaam", "naam", "gsm", "whatsapp", "taal", "straat", "huisnummer", "bus", "postcode", "gemeente"),
    *("latitude", "longitude", "netwerk", "rol", "toestemming", "toestemming op"),
)
_PAGE = 500
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")

Row = tuple[str, ...]


async def rows(
    connection: AsyncConnection, vault: Vault, organisation_id: int, networks: Mapping[int, str]
) -> list[Row]:
    """A row for each membership of these networks (their names by id), a network after the other."""
    found: list[Row] = []
    for network_id, name in networks.items():
        after = 0
        while page := await members.page(
            connection, vault, organisation_id, network_id=network_id, after=after, limit=_PAGE
        ):
            found += [_row(one, name, one.roles[network_id]) for one in page]
            after = page[-1].id
    return found


def _row(one: Member, network: str, role: str) -> Row:
    number = {way.channel: national(way.value) for way in one.ways}
    agreed = [way.agreed_at for way in one.ways if way.agreed_at is not None]
    home = one.home
    point = ("", "") if home is None or home.point is None else (str(home.latitude), str(home.longitude))
    where = ("",) * 5 if home is None else (home.street, home.number, home.box, home.post_code, home.place)
    return (
        *("", one.name or "", number.get("sms", ""), number.get("whatsapp", ""), one.language or ""),
        *(*where, *point, network, role),
        *("ja" if agreed else "nee", min(agreed).date().isoformat() if agreed else ""),
    )


def _plain(cell: str) -> str:
    """What a spreadsheet would take for a formula, it shows as it is."""
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell


def as_csv(found: list[Row]) -> bytes:
    """With semicolons and a byte order mark, as a spreadsheet in Belgium opens it."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";")
    writer.writerows([HEADER, *(map(_plain, row) for row in found)])
    return file.getvalue().encode("utf-8-sig")


def as_xlsx(found: list[Row]) -> bytes:
    """As a workbook of one sheet, every cell text."""
    from openpyxl import Workbook  # noqa: PLC0415  # 5 MB that most servers never need

    book = Workbook(write_only=True)
    sheet = book.create_sheet("leden")
    for row in (HEADER, *found):
        sheet.append([_plain(cell) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def refused_csv(names: tuple[str, str], header: Row, refused: list[tuple[int, Row, str]]) -> bytes:
    """Rows that were not taken, to be mended and brought in again. names: of the columns for number and reason."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";")
    writer.writerow([*names, *header])
    writer.writerows([number, _plain(reason), *map(_plain, row)] for number, row, reason in refused)
    return file.getvalue().encode("utf-8-sig")

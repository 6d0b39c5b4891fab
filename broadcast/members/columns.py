"""Which column of a file holds what: guessed from the headers, chosen by a person, remembered for the next file."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from broadcast.members.wording import plain, wording

BE_ALERT_COLUMNS = 33
"""So many columns has the list of a neighbourhood network that BE-Alert gives out."""


class Field(StrEnum):
    """What we can take from a column."""

    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    MOBILE = "mobile"
    WHATSAPP = "whatsapp"
    LANGUAGE = "language"
    STREET = "street"
    NUMBER = "number"
    BOX = "box"
    POST_CODE = "post_code"
    PLACE = "place"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    ROLE = "role"
    CONSENT = "consent"
    CONSENT_DATE = "consent_date"


Columns = Mapping[Field, int]
"""The column of each field, counted from 0."""


def guess(header: Sequence[str]) -> dict[Field, int]:
    """Which column seems to hold what: of each field the first that is called so, the more telling names first."""
    called = [plain(one) for one in header]
    found: dict[Field, int] = {}
    for field in Field:
        place = next((called.index(name) for name in wording().headers[field] if name in called), None)
        if place is not None and place not in found.values():
            found[field] = place
    return found


def is_be_alert(header: Sequence[str]) -> bool:
    """Whether this looks like the list of a neighbourhood network from BE-Alert: 33 columns, names and a mobile."""
    needed = {Field.FIRST_NAME, Field.LAST_NAME, Field.MOBILE}
    return len(header) == BE_ALERT_COLUMNS and needed <= guess(header).keys()


def names_are_swapped(rows: Iterable[Sequence[str]], columns: Columns) -> bool:
    """Whether the column of first names holds the last ones, as some lists have it: what more names tell, holds."""
    if not {Field.FIRST_NAME, Field.LAST_NAME} <= columns.keys():
        return False
    said = sum(_likeness(row[columns[Field.FIRST_NAME]]) - _likeness(row[columns[Field.LAST_NAME]]) for row in rows)
    return said < 0


def _likeness(name: str) -> int:
    """1 for what people are called by, -1 for what families are called, 0 for what may be either."""
    word = plain(name.replace("-", " ").split(" ")[0])
    if word in wording().last_names:
        return -1
    return 1 if word in wording().first_names else 0

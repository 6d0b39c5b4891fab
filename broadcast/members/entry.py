"""One row of a file as a member: what can be read of it, or why it is refused."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from broadcast.members.columns import Columns, Field
from broadcast.members.wording import plain, wording
from messaging.phone import is_mobile, parse_number
from people.home import Home
from people.membership import MemberRole
from storage.errors import InvalidInput

_STREET_AND_NUMBER = re.compile(
    r"(?P<street>\D+?)\s*,?\s+(?P<number>\d+\s?[a-zA-Z]?)(?:\s*(?:bus|bte|/)\s*(?P<box>\w+))?"
)
_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A member as a file tells it. consent: None where the file has no such column; consent_on: the day, where told."""

    name: str | None
    mobile: str | None
    whatsapp: str | None
    language: str | None
    home: Home | None
    role: MemberRole | None
    consent: bool | None
    consent_on: date | None

    @property
    def addresses(self) -> list[tuple[str, str]]:
        """Channel and number of each way to reach them."""
        return [(channel, number) for channel, number in (("sms", self.mobile), ("whatsapp", self.whatsapp)) if number]


def read(row: Sequence[str], columns: Columns) -> Entry:
    """A row as a member. Raises InvalidInput with what is wrong in it."""
    told = {field: row[column].strip() for field, column in columns.items()}
    mobile, whatsapp = _number(told.get(Field.MOBILE, "")), _number(told.get(Field.WHATSAPP, ""))
    if mobile is None and whatsapp is None:
        raise InvalidInput("There is no mobile number in this row")
    name = " ".join(part for part in (told.get(Field.FIRST_NAME), told.get(Field.LAST_NAME)) if part)
    return Entry(
        name=name[:120] or None,
        mobile=mobile,
        whatsapp=whatsapp,
        language=_language(told.get(Field.LANGUAGE, "")),
        home=_home(told),
        role=_role(told.get(Field.ROLE, "")),
        consent=_consent(told[Field.CONSENT]) if Field.CONSENT in told else None,
        consent_on=_day(told.get(Field.CONSENT_DATE, "")),
    )


def _number(text: str) -> str | None:
    if not text:
        return None
    number = parse_number(_as_typed(text))
    if not is_mobile(number):
        raise InvalidInput("This is no mobile number: SMS and WhatsApp cannot reach it")
    return number


def _as_typed(text: str) -> str:
    """A spreadsheet takes the first zero, or the plus, from a number that it thinks to be one."""
    digits = re.sub(r"[^\d+]", "", text)
    if re.fullmatch(r"4\d{8}", digits):
        return f"0{digits}"
    return f"+{digits}" if re.fullmatch(r"32\d{8,9}", digits) else text


def _language(text: str) -> str | None:
    return wording().languages.get(plain(text.replace("-", " ").split(" ")[0]))


def _home(told: Mapping[Field, str]) -> Home | None:
    street, number, box = (told.get(field, "") for field in (Field.STREET, Field.NUMBER, Field.BOX))
    whole = _STREET_AND_NUMBER.fullmatch(street)
    if not number and whole is not None:
        street, number, box = whole["street"], whole["number"], whole["box"] or box
    home = Home(
        street=street[:120],
        number=number[:20],
        box=box[:20],
        post_code=told.get(Field.POST_CODE, "")[:10],
        place=told.get(Field.PLACE, "")[:80],
        **_point(told),
    )
    return home if home.street or home.post_code or home.point else None


def _point(told: Mapping[Field, str]) -> dict[str, float]:
    try:
        latitude, longitude = (
            float(told.get(field, "").replace(",", ".")) for field in (Field.LATITUDE, Field.LONGITUDE)
        )
    except ValueError:
        return {}
    on_earth = abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude, longitude) != (0, 0)  # noqa: PLR2004
    return {"latitude": round(latitude, 6), "longitude": round(longitude, 6)} if on_earth else {}


def _role(text: str) -> MemberRole | None:
    if not text:
        return None
    return MemberRole.COORDINATOR if plain(text).startswith(wording().coordinator) else MemberRole.MEMBER


def _consent(text: str) -> bool:
    said = text.casefold()
    if said in wording().yes:
        return True
    if said in wording().no or not said:
        return False
    raise InvalidInput("Whether this person agreed must be yes or no")


def _day(text: str) -> date | None:
    if not text:
        return None
    for form in _DATES:
        try:
            return datetime.strptime(text[:10], form).date()  # noqa: DTZ007 - a day without an hour
        except ValueError:
            continue
    raise InvalidInput("This is no date")

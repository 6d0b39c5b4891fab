"""An organisation, and when somebody answers in it."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from storage.errors import InvalidInput

BRUSSELS = ZoneInfo("Europe/Brussels")

# Municipalities with language facilities: notices in Dutch and French, Dutch first
# (the six around Brussels, and six along the language border; legislation on the use of languages of 1966).
FACILITY_MUNICIPALITIES = frozenset(
    "23098 23099 23100 23101 23102 23103 23009 33016 34043 45041 73028 73109".split()  # noqa: SIM905
)


class OrganisationKind(StrEnum):
    """The kinds of organisation in the study of 2016."""

    MUNICIPALITY = "municipality"
    OCMW = "ocmw"
    POLICE_ZONE = "police_zone"
    EMERGENCY_ZONE = "emergency_zone"
    PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When officers answer: per weekday (Monday is 0) a list of (from, until) in local time."""

    week: tuple[tuple[tuple[time, time], ...], ...]

    @classmethod
    def read(cls, value: Any) -> "OfficeHours":
        """From seven lists of "09:00-12:00"; raises InvalidInput when it is anything else."""
        try:
            week = tuple(tuple(sorted(_span(span) for span in day)) for day in value)
        except (TypeError, ValueError, AttributeError) as error:
            raise InvalidInput('Office hours are seven lists such as ["09:00-12:00", "13:00-16:00"]') from error
        if len(week) != 7:  # noqa: PLR2004 - days
            raise InvalidInput("Office hours need seven days, Monday first")
        return cls(week)

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is there at this moment."""
        local = at.astimezone(BRUSSELS)
        return any(start <= local.time() < end for start, end in self.week[local.weekday()])

    def next_opening(self, at: datetime) -> datetime | None:
        """The next moment at which somebody comes in, in local time; None when nobody ever does."""
        local = at.astimezone(BRUSSELS)
        for days in range(8):
            day = local.date() + timedelta(days=days)
            for start, _ in self.week[day.weekday()]:
                opening = datetime.combine(day, start, BRUSSELS)
                if opening > local:
                    return opening
        return None


def _span(text: str) -> tuple[time, time]:
    start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
    if start >= end:
        raise ValueError(text)
    return start, end


@dataclass(frozen=True, slots=True)
class Organisation:
    """A municipality, police zone or other local government."""

    id: int
    kind: OrganisationKind
    name: str
    slug: str
    nis_code: str | None
    inhabitants: int | None
    address_form: str  # u | je
    office_hours: OfficeHours
    demonstration: bool

    @property
    def has_facilities(self) -> bool:
        """Whether notices go out in French too."""
        return self.nis_code in FACILITY_MUNICIPALITIES

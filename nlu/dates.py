"""Dates as residents write them, in four languages, as calendar days. Pure: the reference day is given."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from nlu.interpreter import Entity, Language
from nlu.normalise import fold

_DAYS: Final = {
    "vandaag": 0, "vanavond": 0, "vanmorgen": 0, "vanmiddag": 0, "vannacht": 0, "morgen": 1, "overmorgen": 2,
    "morgenvroeg": 1, "gisteren": -1, "eergisteren": -2, "gisteravond": -1,
    "aujourd'hui": 0, "ce soir": 0, "ce matin": 0, "demain": 1, "apres-demain": 2, "apres demain": 2,
    "hier": -1, "avant-hier": -2,
    "heute": 0, "heute abend": 0, "ubermorgen": 2, "gestern": -1, "vorgestern": -2,
    "today": 0, "tonight": 0, "tomorrow": 1, "the day after tomorrow": 2,
    "yesterday": -1, "the day before yesterday": -2,
}  # fmt: skip

_WEEKDAYS: Final = {
    name: number
    for number, names in enumerate((
        "maandag lundi montag monday",
        "dinsdag mardi dienstag tuesday",
        "woensdag mercredi mittwoch wednesday",
        "donderdag jeudi donnerstag thursday",
        "vrijdag vendredi freitag friday",
        "zaterdag samedi samstag saturday",
        "zondag dimanche sonntag sunday",
    ))
    for name in names.split()
}  # fmt: skip

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "januari janvier januar january jan",
            "februari fevrier februar february feb",
            "maart mars marz maerz march",
            "april avril apr",
            "mei mai may",
            "juni juin june jun",
            "juli juillet july jul",
            "augustus aout august aug",
            "september septembre sept sep",
            "oktober octobre october okt oct",
            "november novembre nov",
            "december decembre dezember dec dez",
        ),
        start=1,
    )
    for name in names.split()
}

_NEXT: Final = "volgende|komende|aanstaande|prochain|prochaine|nachste|nachsten|nachster|kommenden|next|coming"
_LAST: Final = "vorige|verleden|afgelopen|dernier|derniere|letzte|letzten|vorigen|last"
_WEEK: Final = "week|semaine|woche"


def _any(names: object) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))  # type: ignore[call-overload]


_ISO: Final = re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b")
_NUMERIC: Final = re.compile(r"(?<![\d/.-])(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})(?:[/.-](?P<y>\d{4}|\d{2}))?(?![\d/-])")
_NAMED: Final = re.compile(
    rf"\b(?P<d>\d{{1,2}})(?:e|er|ste|de|st|nd|rd|th|\.)?\s+(?:of\s+)?(?P<m>{_any(_MONTHS)})\b(?:\s+(?P<y>\d{{4}})\b)?"
)
_MONTH_FIRST: Final = re.compile(
    rf"\b(?P<m>{_any(_MONTHS)})\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*(?:uur|h\b|heures|uhr|:))(?:,?\s+(?P<y>\d{{4}})\b)?"
)
_RELATIVE: Final = re.compile(rf"\b(?P<word>{_any(_DAYS)})\b")
_IN_DAYS: Final = re.compile(
    r"\b(?:over|dans|in)\s+(?P<n>\d{1,3})\s+(?P<unit>dagen|dag|jours?|tagen?|days?|weken|week|semaines?|wochen?|weeks?)\b"
)
_WEEKDAY: Final = re.compile(
    rf"\b(?:(?P<before>{_NEXT}|{_LAST})\s+)?(?P<day>{_any(_WEEKDAYS)})(?:\s+(?P<after>{_NEXT}|{_LAST}))?\b"
)
_WEEK_AWAY: Final = re.compile(
    rf"\b(?:(?P<before>{_NEXT}|{_LAST})\s+(?:{_WEEK})|(?:la\s+)?(?:{_WEEK})\s+(?P<after>{_NEXT}|{_LAST}))\b"
)


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    day: date


_NOT_YESTERDAY: Final = re.compile(r"(?<!avant-)\bhier\b")
"""Yesterday in French is here in Dutch and German."""


def find_dates(text: str, today: date, language: Language | None = None) -> tuple[Entity, ...]:
    """The dates in `text`, with their ISO day; of overlapping readings the longest. A month or week
    without a day is none; a day and month without a year is the next to come. `language`: the text's, if known."""
    plain = _same_length_fold(text)
    if language in {"nl", "de"}:
        plain = _NOT_YESTERDAY.sub("here", plain)
    readings = sorted(_readings(plain, today), key=lambda found: found.start - found.end)
    kept: list[_Found] = []
    for found in readings:
        if all(found.end <= other.start or found.start >= other.end for other in kept):
            kept.append(found)
    kept.sort(key=lambda found: found.start)
    return tuple(
        Entity("date", found.day.isoformat(), text[found.start : found.end], found.start, found.end) for found in kept
    )


def _same_length_fold(text: str) -> str:
    """Fold letter by letter, so that positions stay those of the text as written."""
    folded = (fold(letter) for letter in text)
    return "".join(plain if len(plain) == 1 else letter for letter, plain in zip(text, folded, strict=True))


def _readings(text: str, today: date) -> Iterator[_Found]:
    for pattern in (_ISO, _NUMERIC, _NAMED, _MONTH_FIRST):
        for match in pattern.finditer(text):
            day = _calendar_day(match["d"], match["m"], match["y"], today)
            if day:
                yield _Found(match.start(), match.end(), day)
    for match in _RELATIVE.finditer(text):
        yield _Found(match.start(), match.end(), today + timedelta(days=_DAYS[match["word"]]))
    for match in _IN_DAYS.finditer(text):
        unit = 7 if match["unit"].startswith(("we", "wo", "se")) else 1
        yield _Found(match.start(), match.end(), today + timedelta(days=unit * int(match["n"])))
    for match in _WEEKDAY.finditer(text):
        day = _weekday(_WEEKDAYS[match["day"]], match["before"] or match["after"], today)
        yield _Found(match.start(), match.end(), day)
    for match in _WEEK_AWAY.finditer(text):
        monday = today - timedelta(days=today.weekday())
        back = re.fullmatch(_LAST, match["before"] or match["after"])
        yield _Found(match.start(), match.end(), monday + timedelta(days=-7 if back else 7))


def _calendar_day(day: str, month: str, year: str | None, today: date) -> date | None:
    number = _MONTHS.get(month) or int(month) if month in _MONTHS or month.isdigit() else 0
    try:
        if year:
            return date(int(year) + (2000 if len(year) == 2 else 0), number, int(day))  # noqa: PLR2004
        this_year = date(today.year, number, int(day))
        return this_year if this_year >= today else date(today.year + 1, number, int(day))
    except ValueError:
        return None


def _weekday(number: int, qualifier: str | None, today: date) -> date:
    """Monday, next Monday: the first after today. Last Monday: the latest before today."""
    if qualifier and re.fullmatch(_LAST, qualifier):
        return today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)
    return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)

"""Dates as residents write them, in four languages, as calendar days. Pure: the reference day is given."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from nlu import date_words as say
from nlu.folded import Folded
from nlu.interpreter import Entity, Language
from nlu.numbers import NUMBER, small_number

_SHORTEST_MENDED: Final = 6
_A_WEEK: Final = 7
_SATURDAY: Final = 5

_MONTH: Final = say.any_of(say.MONTHS)
_ORD: Final = r"(?:\s?(?:ste|de|er|st|nd|rd|th|e)\b|\.)?"
_ON: Final = rf"(?:(?:{say.WEEKDAY}),?\s+)?(?:(?:de|den|der|le|the|am)\s+)?"
"""The weekday of a date belongs to it."""

_YEAR: Final = r"(?:,?\s*(?P<y>\d{4})\b(?!\s*(?:euro|eur|€)))?"
_NO_MEASURE: Final = rf"(?!\s*(?:(?:{say.MEASURED})\b|€|%|:\d))"

_DATED: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b",
        rf"(?<![\d/.,-]){_ON}(?P<d>\d{{1,2}})[/.-](?P<m>\d{{1,2}})[/.-](?P<y>\d{{4}}|\d{{2}})(?![\d/-]|\.\d)",
        rf"(?<![\d/.,-]){_ON}(?P<d>\d{{1,2}})/(?P<m>\d{{1,2}})(?![\d/-]|\.\d){_NO_MEASURE}",
        rf"(?<![\d/.,-]){_ON}(?P<d>\d{{1,2}})\.(?P<m>\d{{1,2}})\.(?!\d){_NO_MEASURE}",
        rf"\b(?:{say.AT}|{say.WEEKDAY})\s+(?P<d>\d{{1,2}})[.-](?P<m>\d{{1,2}})(?![\d/-]|\.\d){_NO_MEASURE}",
        rf"\b{_ON}(?P<d>\d{{1,2}}){_ORD}\s*(?:of\s+)?(?P<m>{_MONTH})\b\.?{_YEAR}",
        rf"\b{_ON}(?P<d>\d{{1,2}}){_ORD}(?=\s*(?:{say.UNTIL})\s*(?:(?:de|le|the|zum)\s+)?\d{{1,2}}{_ORD}"
        rf"\s*(?:of\s+)?(?P<m>{_MONTH})\b)",
        rf"\b{_ON}{say.NO_MAY}(?P<m>{say.ENGLISH_MONTH})\.?\s+(?:the\s+)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b"
        rf"(?![./]\d){_NO_MEASURE}{_YEAR}",
    )
)
"""Day and month, the year or the next to come."""

_DAY_ALONE: Final = re.compile(
    rf"\b(?:(?:de|den|the|{say.WEEKDAY})\s+(?P<a>\d{{1,2}})\s?(?:ste|de|st|nd|rd|th|e)\b(?!\s+(?:{say.COUNTED})\b)"
    rf"|(?:am|zum|vom|bis|den)\s+(?P<b>\d{{1,2}})\.(?!\d)(?!\s*(?:{say.COUNTED})\b)"
    r"|(?:le|du)\s+(?P<c>\d{1,2})(?:er)?(?=\s*(?:$|[,.?!;)]|a\s+\d|ou\s|au\s)))"
)
_RELATIVE: Final = re.compile(rf"\b(?P<word>{say.any_of(say.DAYS)})\b")
_COUNTED: Final = re.compile(
    rf"\b(?:(?P<ahead>{say.FROM_NOW})\s+|(?P<past>{say.AGO_BEFORE})\s+)?(?P<n>{NUMBER})\s+(?P<unit>{say.UNITS})\b"
    rf"(?:\s+(?P<ago>{say.AGO})\b)?"
)
_NEXT_WEEK: Final = rf"(?:{say.NEXT})\s+(?:{say.WEEK})|(?:(?:de\s+)?la\s+)?(?:{say.WEEK})\s+(?:{say.NEXT})"
_LAST_WEEK: Final = rf"(?:{say.LAST})\s+(?:{say.WEEK})|(?:(?:de\s+)?la\s+)?(?:{say.WEEK})\s+(?:{say.LAST})"
_OF_A_WEEK: Final = re.compile(
    rf"\b(?:(?P<before>{_NEXT_WEEK}|{_LAST_WEEK})\s+(?:(?:op|am|on)\s+)?(?P<day>{say.WEEKDAY})"
    rf"|(?P<day2>{say.WEEKDAY})\s+(?:van\s+(?:de\s+)?|of\s+)?(?P<after>{_NEXT_WEEK}|{_LAST_WEEK}))\b"
)
_WEEK_AWAY: Final = re.compile(rf"\b(?P<which>{_NEXT_WEEK}|{_LAST_WEEK})\b")
_WEEKEND: Final = re.compile(
    rf"\b(?:(?P<before>{say.NEXT}|{say.LAST}|{say.THIS}|am|im)\s+(?:{say.WEEKEND})|(?:{say.WEEKEND})\s+"
    rf"(?P<after>{say.NEXT}|{say.LAST}))\b"
)
_WEEKDAY: Final = re.compile(
    rf"\b(?:(?P<every>{say.EVERY})\s+|(?P<before>{say.NEXT}|{say.LAST}|{say.THIS})\s+)?(?P<day>{say.WEEKDAY})"
    rf"(?:\s+(?:(?P<after>{say.NEXT}|{say.LAST})|(?P<later>{say.A_WEEK_LATER})))?\b"
)
_BACK: Final = re.compile(rf"(?:.*\b)?(?:{say.LAST})\b.*")


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    day: date


def find_dates(text: str, today: date, language: Language | None = None) -> tuple[Entity, ...]:
    """The dates in `text`, with their ISO day; of overlapping readings the longest.

    A month alone is none; a day without month or year is the next to come, a week its Monday, a weekday the first after
    today, unless the text says "last" or "since". `language`: the text's, if known.
    """
    plain = Folded.of(text).mended(_mend).without(say.NO_DAY)
    readings = sorted(_readings(plain.text, today, language), key=lambda found: (found.start - found.end, found.start))
    kept: list[_Found] = []
    for found in readings:
        if all(found.end <= other.start or found.start >= other.end for other in kept):
            kept.append(found)
    return tuple(_entity(text, plain, found) for found in sorted(kept, key=lambda found: found.start))


def _entity(text: str, plain: Folded, found: _Found) -> Entity:
    start, end = plain.written(found.start, found.end)
    return Entity("date", found.day.isoformat(), text[start:end], start, end)


@lru_cache(maxsize=10_000)
def _mend(word: str) -> str:
    if len(word) < _SHORTEST_MENDED or any(word.startswith(known) for known in say.MENDABLE):
        return word
    near = process.extractOne(word, say.MENDABLE, scorer=OSA.distance, score_cutoff=1)
    return near[0] if near else word


def _readings(text: str, today: date, language: Language | None) -> Iterator[_Found]:
    for pattern, read in _READERS:
        for found in pattern.finditer(text):
            day = read(found, today)
            if day is not None and (language is None or say.ONLY_IN.get(found[0], language) == language):
                yield _Found(found.start(), found.end(), day)


def _dated(found: re.Match[str], today: date) -> date | None:
    month, day, year = found["m"], int(found["d"]), found.groupdict().get("y")
    number = say.MONTHS[month] if month in say.MONTHS else int(month)
    try:
        if year:
            return date(int(year) + (2000 if len(year) == 2 else 0), number, day)  # noqa: PLR2004
        this_year = date(today.year, number, day)
        return this_year if this_year >= today else date(today.year + 1, number, day)
    except ValueError:
        return None


def _day_alone(found: re.Match[str], today: date) -> date | None:
    """The next day with this number; a month too short for it is passed over."""
    day = int(found["a"] or found["b"] or found["c"])
    for months in range(3):
        first = _months_later(today.replace(day=1), months)
        if 1 <= day <= monthrange(first.year, first.month)[1] and first.replace(day=day) >= today:
            return first.replace(day=day)
    return None


def _relative(found: re.Match[str], today: date) -> date:
    return today + timedelta(days=say.DAYS[found["word"]])


def _counted(found: re.Match[str], today: date) -> date | None:
    if not (found["ahead"] or found["past"] or found["ago"]):
        return None
    number = small_number(found["n"]) * (1 if found["ahead"] and not found["ago"] else -1)
    if found["unit"].startswith(("ma", "mo")):
        return _months_later(today, number)
    return today + timedelta(days=number * (_A_WEEK if found["unit"].startswith(("we", "wo", "se")) else 1))


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _of_a_week(found: re.Match[str], today: date) -> date:
    number = say.weekday(found["day"] or found["day2"])
    return _monday(found["before"] or found["after"], today) + timedelta(days=number)


def _week_away(found: re.Match[str], today: date) -> date:
    return _monday(found["which"], today)


def _monday(which: str, today: date) -> date:
    return today + timedelta(days=(-_A_WEEK if _BACK.fullmatch(which) else _A_WEEK) - today.weekday())


def _weekend(found: re.Match[str], today: date) -> date:
    """Its Saturday; on a weekend "this" one is the day itself."""
    which = found["before"] or found["after"]
    coming = today + timedelta(days=max(0, _SATURDAY - today.weekday()))
    if re.fullmatch(say.NEXT, which):
        return coming + timedelta(days=_A_WEEK)
    return coming - timedelta(days=_A_WEEK) if _BACK.fullmatch(which) else coming


def _weekday(found: re.Match[str], today: date) -> date | None:
    """Monday, next Monday: the first after today. Last Monday, since Monday: the latest before today."""
    qualifier, number = found["before"] or found["after"], say.weekday(found["day"])
    if found["every"] and not qualifier:
        return None
    if qualifier and _BACK.fullmatch(qualifier):
        return today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)
    first = today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    return first + timedelta(days=_A_WEEK) if found["later"] else first


_READERS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]], ...]] = (
    *((pattern, _dated) for pattern in _DATED),
    (_DAY_ALONE, _day_alone),
    (_RELATIVE, _relative),
    (_COUNTED, _counted),
    (_OF_A_WEEK, _of_a_week),
    (_WEEK_AWAY, _week_away),
    (_WEEKEND, _weekend),
    (_WEEKDAY, _weekday),
)

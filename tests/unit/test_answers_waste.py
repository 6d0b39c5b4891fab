"""When the paper is collected: the next date, across months, years and public holidays."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bots.content
from bots.answers import LANGUAGES, Answers
from bots.content.waste import Fraction
from nlu.topics import topic_names

LINDEBEKE = Answers.load(Path(bots.content.__file__).with_name("lindebeke.yml"), topic_names())
PUBLIC_HOLIDAYS_2026 = [
    date(2026, month, day)
    for month, day in [(1, 1), (4, 6), (5, 1), (5, 14), (5, 25), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)]
]


def fraction(first: date, every_weeks: int, moved: dict[date, date] | None = None) -> Fraction:
    return Fraction({"nl": "papier"}, (), first, every_weeks, moved or {})


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2025, 6, 1), date(2026, 1, 6)),  # before the calendar begins
        (date(2026, 1, 6), date(2026, 1, 6)),  # on the day itself
        (date(2026, 1, 7), date(2026, 2, 3)),  # over the end of a month
        (date(2026, 2, 28), date(2026, 3, 3)),  # over the end of February
        (date(2028, 2, 2), date(2028, 2, 29)),  # on a 29 February
        (date(2032, 2, 25), date(2032, 3, 23)),  # over a 29 February
        (date(2026, 12, 9), date(2027, 1, 5)),  # over the end of a year
    ],
)
def test_every_four_weeks_runs_on_over_months_and_years(today: date, expected: date) -> None:
    assert fraction(date(2026, 1, 6), 4).next_collection(today) == expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 12, 19), date(2026, 12, 26)),
        (date(2026, 12, 25), date(2026, 12, 26)),  # the holiday itself has none
        (date(2026, 12, 26), date(2026, 12, 26)),
        (date(2026, 12, 27), date(2027, 1, 8)),
    ],
)
def test_a_collection_on_a_public_holiday_moves_to_its_substitute(today: date, expected: date) -> None:
    assert LINDEBEKE.next_collection("residual", today) == expected


@pytest.mark.parametrize("key", LINDEBEKE.fractions)
def test_nothing_is_collected_on_a_public_holiday(key: str) -> None:
    assert [day for day in PUBLIC_HOLIDAYS_2026 if LINDEBEKE.next_collection(key, day) == day] == []


@given(
    weeks=st.integers(1, 8),
    shift=st.integers(-6, 6),
    moved_round=st.integers(0, 30),
    today=st.dates(date(2025, 6, 1), date(2027, 6, 1)),
)
def test_the_answer_is_the_first_day_of_the_whole_calendar(
    weeks: int, shift: int, moved_round: int, today: date
) -> None:
    first = date(2026, 1, 6)
    regular = [first + timedelta(weeks=weeks * number) for number in range(120)]
    moved = {regular[moved_round]: regular[moved_round] + timedelta(days=shift)}
    calendar = [moved.get(day, day) for day in regular]
    assert fraction(first, weeks, moved).next_collection(today) == min(day for day in calendar if day >= today)


@pytest.mark.parametrize(
    ("message", "key"),
    [
        ("wanneer word het papeir opgehaald?", "paper"),
        ("PAPIEROPHALING Kerkstraat", "paper"),
        ("is het deze week pmd-zakken?", "pmd"),
        ("les cartons à boissons, c'est quand", "pmd"),  # not the carton of paper
        ("quand ramasse-t-on les ordures ménagères", "residual"),
        ("Wann kommt die Biomüll Tonne", "organic"),
        ("when is the blue bag collected", "pmd"),
        ("in welk restaurant kan ik eten", None),
        ("wanneer halen jullie glas op", None),
        ("", None),
    ],
)
def test_the_fraction_is_found_in_a_residents_words(message: str, key: str | None) -> None:
    assert LINDEBEKE.fraction_in(message) == key


@pytest.mark.parametrize("key", LINDEBEKE.fractions)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_fraction_is_found_by_its_own_name_in_every_language(key: str, language: str) -> None:
    assert LINDEBEKE.fraction_in(LINDEBEKE.fractions[key].label[language]) == key


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", "papier en karton: dinsdag 5 januari."),
        ("fr", "(papier et carton) : mardi 5 janvier."),
        ("de", "(Papier und Pappe): Dienstag, 5. Januar."),
        ("en", "paper and cardboard: Tuesday 5 January."),
    ],
)
def test_the_date_is_told_in_the_words_of_the_language(language: str, words: str) -> None:
    assert words in LINDEBEKE.collection_text("paper", language, date(2026, 12, 20))

"""Days are understood in four languages, reckoned from the day of writing; a greeting is no day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.dates import find_dates
from nlu.interpreter import LANGUAGES, Language

WEDNESDAY = date(2025, 5, 14)
TODAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
}


def days(text: str, today: date = WEDNESDAY, language: Language | None = None) -> list[str]:
    return [entity.value for entity in find_dates(text, today, language)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("kan het overmorgen", "2025-05-16"),
        ("vandaag nog", "2025-05-14"),
        ("vanavond", "2025-05-14"),
        ("morgenvroeg", "2025-05-15"),
        ("lundi prochain", "2025-05-19"),
        ("nächsten Montag", "2025-05-19"),
        ("next Friday", "2025-05-16"),
        ("deze vrijdag", "2025-05-16"),
        ("vorige maandag", "2025-05-12"),
        ("sinds maandag", "2025-05-12"),
        ("depuis samedi", "2025-05-10"),
        ("maandag", "2025-05-19"),
        ("woensdag", "2025-05-21"),
        ("maandagavond", "2025-05-19"),
        ("Freitagmorgen", "2025-05-16"),
        ("zaterdag over een week", "2025-05-24"),
        ("vrijdag volgende week", "2025-05-23"),
        ("jeudi de la semaine prochaine", "2025-05-22"),
        ("nächste Woche Donnerstag", "2025-05-22"),
        ("monday last week", "2025-05-05"),
        ("après-demain", "2025-05-16"),
        ("aujourd’hui", "2025-05-14"),
        ("übermorgen", "2025-05-16"),
        ("morgen früh", "2025-05-15"),
        ("heute Morgen", "2025-05-14"),
        ("the day after tomorrow", "2025-05-16"),
        ("last night", "2025-05-13"),
        ("op 20 mei", "2025-05-20"),
        ("le 1er mai", "2026-05-01"),
        ("am 3. Juni 2026", "2026-06-03"),
        ("May 20th", "2025-05-20"),
        ("the 20th of May", "2025-05-20"),
        ("vrijdag 16 mei", "2025-05-16"),
        ("20/05", "2025-05-20"),
        ("20.5.26", "2026-05-20"),
        ("am 3.6.", "2025-06-03"),
        ("2025-12-01", "2025-12-01"),
        ("de 3e", "2025-06-03"),
        ("the 3rd", "2025-06-03"),
        ("am 31.", "2025-05-31"),
        ("avant le 15", "2025-05-15"),
        ("dans 3 jours", "2025-05-17"),
        ("over 2 weken", "2025-05-28"),
        ("in einer Woche", "2025-05-21"),
        ("over drie maanden", "2025-08-14"),
        ("three days ago", "2025-05-11"),
        ("il y a deux semaines", "2025-04-30"),
        ("vor drei Tagen", "2025-05-11"),
        ("volgende week", "2025-05-19"),
        ("la semaine dernière", "2025-05-05"),
        ("dit weekend", "2025-05-17"),
        ("next weekend", "2025-05-24"),
        ("goensdag", "2025-05-21"),
        ("donderag", "2025-05-15"),
        ("mecredi", "2025-05-21"),
        ("overmogen", "2025-05-16"),
        ("5 septmber", "2025-09-05"),
    ],
)
def test_a_day_is_understood_from_the_reference_day(text: str, day: str) -> None:
    assert days(text) == [day]


@pytest.mark.parametrize(
    "text",
    [
        "Guten Morgen", "goedemorgen", "goede morgen", "goeiemorgen allemaal", "good morning", "bon matin",
        "Morgen, ik heb een vraag", "elke morgen", "jeden Morgen", "am Morgen",
        "may I ask something", "may 5 people come", "mars ou avril", "im März", "in de maand", "juni",
        "elke maandag", "chaque lundi", "le samedi", "on a Saturday", "every Friday", "maandags",
        "31/02", "99/99/2025", "nummer 12", "1/2/3/4", "24/7", "van 9-12u", "om 8.30 uur", "12.50 euro", "2-3 jaar",
        "de 3e verdieping", "the 3rd floor", "le 3 pièces", "der 3. Anlauf", "zonder", "016/12.34.56",
    ],
)  # fmt: skip
def test_what_is_no_day_is_not_made_one(text: str) -> None:
    assert days(text) == []


@pytest.mark.parametrize(("language", "found"), [("fr", 1), (None, 1), ("nl", 0), ("de", 0)])
def test_hier_is_yesterday_in_french_and_here_in_dutch_and_german(language: Language | None, found: int) -> None:
    assert len(days("het ruikt hier", WEDNESDAY, language)) == found


def test_two_days_of_one_month_are_both_told() -> None:
    assert days("van 15 tot 22 juli") == ["2025-07-15", "2025-07-22"]


def test_an_entity_knows_where_it_stood() -> None:
    (entity,) = find_dates("Straße: vóór 20 mei graag", WEDNESDAY)
    assert (entity.text, entity.start, entity.end) == ("20 mei", 13, 19)


@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)), today=TODAYS, language=st.sampled_from(LANGUAGES))
def test_any_day_that_is_written_out_comes_back(day: date, today: date, language: Language) -> None:
    month = MONTHS[language].split()[day.month - 1]
    for written in (
        f"{day.day} {month} {day.year}",
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day.day}.{day.month}.{day.year}",
    ):
        assert days(f"ab {written} bitte", today, language) == [day.isoformat()]


@given(today=TODAYS, ahead=st.integers(0, 364), language=st.sampled_from(LANGUAGES))
def test_a_day_without_its_year_is_the_next_to_come(today: date, ahead: int, language: Language) -> None:
    day = today + timedelta(days=ahead)
    month = MONTHS[language].split()[day.month - 1]
    if (day.month, day.day) != (2, 29):
        assert days(f"{day.day} {month}", today, language) == [day.isoformat()]
        assert days(f"op {day.day}/{day.month}", today, language) == [day.isoformat()]


@given(today=TODAYS, number=st.integers(1, 400))
def test_so_many_days_on_or_back_are_counted(today: date, number: int) -> None:
    on, back = (today + timedelta(days=number)).isoformat(), (today - timedelta(days=number)).isoformat()
    assert days(f"over {number} dagen", today) == days(f"in {number} Tagen", today) == [on]
    assert days(f"{number} dagen geleden", today) == days(f"il y a {number} jours", today) == [back]


@given(today=TODAYS, name=st.sampled_from(["maandag", "dinsdag", "mercredi", "jeudi", "Freitag", "Samstag", "Sunday"]))
def test_a_weekday_lies_within_the_next_seven_days(today: date, name: str) -> None:
    (coming,), (past,) = days(name, today), days(f"since {name}", today)
    assert timedelta(0) < date.fromisoformat(coming) - today <= timedelta(7)
    assert timedelta(0) < today - date.fromisoformat(past) <= timedelta(7)
    assert date.fromisoformat(coming).weekday() == date.fromisoformat(past).weekday()


@given(text=st.text(max_size=300), today=TODAYS, language=st.sampled_from([*LANGUAGES, None]))
def test_any_text_gives_days_that_stand_where_they_say(text: str, today: date, language: Language | None) -> None:
    for entity in find_dates(text, today, language):
        assert text[entity.start : entity.end] == entity.text
        assert date.fromisoformat(entity.value)

"""Small pure parts of the pages."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bots.answers import ANSWERED_BY_THE_SYSTEM
from broadcast.results.progress import progress
from console.errors import STATUS, explanation, status_of
from console.formats import filters
from console.labels import LABELS
from console.pages import Part
from console.parameters import LARGEST_ID
from console.progress import COLUMNS, missed, table
from console.routes.inbox import Filter
from messaging.delivery import DeliveryState
from messaging.repository.tallies import Count
from storage.errors import ConfigurationError, InvalidInput, NotFound, SamenspraakError


def test_topics_that_the_system_answers_itself_have_a_name_for_officers() -> None:
    assert set(LABELS["topic"]) == ANSWERED_BY_THE_SYSTEM


def test_every_state_of_a_delivery_has_its_column() -> None:
    assert frozenset[DeliveryState]().union(*COLUMNS.values()) == frozenset(DeliveryState)
    assert sum(map(len, COLUMNS.values())) == len(DeliveryState)


def test_the_table_adds_up_to_everybody() -> None:
    counts = [
        Count(DeliveryState.DELIVERED, "sms", None, False, 7),
        Count(DeliveryState.QUEUED, "telegram", None, False, 2),
        Count(DeliveryState.SENDING, "telegram", None, True, 1),
        Count(DeliveryState.SUPPRESSED, None, "no_consent", False, 4),
    ]
    rows = table(progress(counts))
    assert rows["telegram"][0] == 3
    assert sum(number or 0 for number in rows["total"]) == 14
    assert list(rows) == ["sms", "telegram", "total"]


def test_who_may_conclude_nothing_about_single_people_sees_no_small_group() -> None:
    counts = [
        Count(DeliveryState.DELIVERED, "sms", None, False, 40),
        Count(DeliveryState.FAILED, "telegram", "403", False, 1),
        Count(DeliveryState.SUPPRESSED, None, "no_consent", False, 7),
    ]
    done = progress(counts)
    shown = dict(zip(COLUMNS, table(done, hide_few=True)["total"], strict=True))
    assert (shown["delivered"], shown["failed"], shown["not_sent"], shown["waiting"]) == (40, None, None, 0)
    assert list(table(done, hide_few=True)) == ["total"]
    assert missed(done, hide_few=True) == {"blocked": None, "no_consent": None}


def test_a_part_that_the_page_holds_already_is_not_sent_again() -> None:
    part, changed = Part("x", "/x?a=b", Markup("<p>1</p>")), Part("x", "/x?a=b", Markup("<p>2</p>"))
    assert part.answer(part.seen).status_code == 204
    assert changed.answer(part.seen).status_code == 200
    assert f'hx-get="/x?a=b&amp;seen={part.seen}"' in part.__html__()


def test_an_errors_numbers_stay_in_its_translation() -> None:
    assert explanation(InvalidInput("A reply has 1 to 1500 characters"), "nl") == "Een antwoord heeft 1 tot 1500 tekens"
    assert explanation(NotFound("There is no alert 7"), "nl") == "Er is geen waarschuwing 7"


def test_an_error_without_translation_gets_the_general_words_of_its_status() -> None:
    assert explanation(InvalidInput("{unforeseen} %s"), "nl") == "Ga terug en verbeter het."
    assert explanation(InvalidInput("{unforeseen} %s"), "en") == "{unforeseen} %s"


def test_every_reason_has_its_status_and_the_rest_is_our_own_fault() -> None:
    subclasses = {one for one in SamenspraakError.__subclasses__() if one.__module__ == "storage.errors"}
    assert subclasses - STATUS.keys() == {ConfigurationError}
    assert status_of(ConfigurationError("x")) == 500


@given(st.integers(min_value=0, max_value=2**53), st.integers(min_value=1, max_value=LARGEST_ID))
def test_the_address_of_the_next_page_leads_back_to_the_same_place(microseconds: int, row: int) -> None:
    read = Filter.read("waiting", "", "sms", f"{microseconds}-{row}")
    assert read.older is not None
    assert (read.older.id, read.older.at - datetime(1970, 1, 1, tzinfo=UTC)) == (
        row,
        timedelta(microseconds=microseconds),
    )
    assert read.query() == "?state=waiting&channel=sms"


@pytest.mark.parametrize(("value", "written"), [(1.0, "100%"), (0.256, "25,6%"), (0.0021, "0,21%"), (0.0, "0%")])
def test_shares_are_written_as_people_here_write_them(value: float, written: str) -> None:
    assert filters("nl")["percent"](value) == written


def test_a_moment_of_another_day_carries_its_day() -> None:
    shown = filters("nl")["moment"](datetime(2020, 7, 1, 12, 30, tzinfo=UTC))
    assert str(shown) == '<time datetime="2020-07-01T12:30:00+00:00">wo 1 jul 2020 14:30</time>'

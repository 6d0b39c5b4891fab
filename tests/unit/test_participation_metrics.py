"""Honest figures: what a rate says, and what is not said of small groups."""

from dataclasses import fields

import pytest

from participation.counting import Cell, Metric
from participation.durations import rounded
from participation.metrics import (
    SMALLEST_GROUP,
    Cohort,
    Rate,
    Share,
    Times,
    breakdown,
    conversations,
    rate,
    response,
    times,
)

SECOND = 1_000_000


def cells(**counts: int) -> dict[str, Cell]:
    return {name: Cell(count) for name, count in counts.items()}


def measured(*seconds: float) -> dict[str, Cell]:
    kept: dict[str, Cell] = {}
    for one in seconds:
        microseconds = round(one * SECOND)
        cell = kept.setdefault(str(rounded(microseconds)), Cell())
        cell.count += 1
        cell.total += microseconds
    return kept


def test_a_rate_names_numerator_denominator_and_cohort() -> None:
    found = rate(3, 12, Cohort.QUESTIONS)
    assert found == Rate(3, 12, 0.25, Cohort.QUESTIONS, hidden=False)
    assert found.cohort == "questions asked in the period"


@pytest.mark.parametrize("denominator", range(SMALLEST_GROUP))
def test_nothing_is_said_of_a_group_smaller_than_five(denominator: int) -> None:
    assert rate(denominator, denominator, Cohort.WRITERS) == Rate(None, None, None, Cohort.WRITERS, hidden=True)


def test_without_the_number_of_inhabitants_there_is_a_count_and_no_share() -> None:
    assert rate(40, None, Cohort.INHABITANTS) == Rate(40, None, None, Cohort.INHABITANTS, hidden=False)


def test_times_of_fewer_than_five_answers_are_hidden() -> None:
    hidden = times(measured(1, 2, 3, 4))
    assert {getattr(hidden, field.name) for field in fields(Times)} == {None}


def test_times_of_bot_and_officer_together_are_those_of_all_answers() -> None:
    bot, officer = (1.0, 1.0, 2.0), (3_600.0, 86_400.0)
    assert times(measured(*bot), measured(*officer)) == times(measured(*bot, *officer))
    assert times(measured(*bot), measured(*officer)) == Times(answers=5, mean=18_000.8, median=2.0, p90=86_400.0)


def test_a_mean_is_exact_where_quantiles_are_rounded() -> None:
    found = times(measured(*[1.23456] * 5))
    assert (found.mean, found.median) == (1.23456, 1.23)


def test_questions_without_an_answer_are_in_no_time_but_their_share_is_shown() -> None:
    totals = {metric: dict[str, Cell]() for metric in Metric}
    totals[Metric.ASKED] = cells(waste_paper=10)
    totals[Metric.ANSWERED_BY_BOT] = measured(*[2.0] * 7)
    totals[Metric.OFFICE_BY_BOT] = measured(*[0.0] * 7)
    found = response(totals)
    assert found.both.clock.answers == 7
    assert found.unanswered == Rate(3, 10, 0.3, Cohort.QUESTIONS)


def test_conversations_are_shares_of_those_that_opened() -> None:
    totals = {metric: dict[str, Cell]() for metric in Metric}
    totals[Metric.CONVERSATION] = cells(opened=20, discussed=5)
    found = conversations(totals)
    assert found.discussed == Rate(5, 20, 0.25, Cohort.CONVERSATIONS)
    assert found.participated == Rate(0, 20, 0.0, Cohort.CONVERSATIONS)


def test_a_breakdown_shows_the_largest_first_and_sums_up_small_parts() -> None:
    found = breakdown(cells(de=4, fr=9, nl=30, en=4))
    assert found.shares == (Share("nl", 30), Share("fr", 9))
    assert (found.other, found.total) == (8, 47)


def test_a_breakdown_has_ten_parts_at_most_and_loses_nothing() -> None:
    found = breakdown(cells(**{f"topic_{number:02}": 5 + number for number in range(14)}))
    assert [one.name for one in found.shares] == [f"topic_{number:02}" for number in range(13, 3, -1)]
    assert found.other + sum(one.count for one in found.shares) == found.total

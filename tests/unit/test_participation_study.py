"""The study's figures stay the study's, and ours stand beside them with their own denominators."""

from dataclasses import replace

import pytest

from participation import study
from participation.metrics import Cohort, Conversations, Reach, Response, ResponseTime, Times, rate
from participation.study import Comparison, Unit, comparisons

INHABITANTS = 21_032
TIMES = Times(answers=80, mean=120.0, median=2.0, p90=600.0)
RESPONSE = Response(
    both=ResponseTime(TIMES, TIMES),
    bot=ResponseTime(TIMES, TIMES),
    officer=ResponseTime(TIMES, TIMES),
    unanswered=rate(20, 100, Cohort.QUESTIONS),
)
REACH = Reach(
    reachable=rate(2_000, INHABITANTS, Cohort.INHABITANTS),
    active_30=rate(300, INHABITANTS, Cohort.INHABITANTS),
    active_90=rate(500, INHABITANTS, Cohort.INHABITANTS),
)
TALKS = Conversations(
    opened=60,
    two_way=rate(58, 60, Cohort.CONVERSATIONS),
    handed_over=rate(12, 60, Cohort.CONVERSATIONS),
    participated=rate(0, 60, Cohort.CONVERSATIONS),
    discussed=rate(6, 60, Cohort.CONVERSATIONS),
)


def rows(talks: Conversations = TALKS, networks: int = 5) -> dict[str, Comparison]:
    answered, community = rate(80, 100, Cohort.QUESTIONS), rate(1, networks, Cohort.NETWORKS)
    return {one.name: one for one in comparisons(REACH, RESPONSE, answered, talks, community)}


def test_twitter_by_size_class_comes_to_the_studys_share_of_all_municipalities() -> None:
    """0.59 × 213 + 0.75 × 82 + 13 is about 200 of 308: the 65% that the study gives."""
    accounts = sum(study.TWITTER_BY_SIZE[size] * number for size, number in study.MUNICIPALITIES_BY_SIZE.items())
    assert round(accounts) == 200
    assert sum(study.MUNICIPALITIES_BY_SIZE.values()) == study.MUNICIPALITIES
    share = study.expected_share(study.TWITTER_BY_SIZE, study.MUNICIPALITIES_BY_SIZE)
    assert round(share, 2) == study.HAS_TWITTER


def test_reach_in_the_study_follows_from_its_mean_fans_and_followers() -> None:
    assert round(study.FACEBOOK_REACH, 3) == 0.107
    assert round(study.TWITTER_REACH, 3) == 0.061


def test_the_comparison_climbs_the_studys_ladder() -> None:
    assert list(rows()) == [
        "Reach",
        "Two-way contact",
        "Answers questions",
        "Mean reaction time",
        "Enters into discussion",
        "Lets residents participate",
        "Builds community",
    ]


def test_every_row_says_what_each_number_is_a_share_of() -> None:
    for row in rows().values():
        assert row.study_of
        assert row.here_of


def test_reaction_time_stands_in_seconds_beside_nineteen_hours() -> None:
    row = rows()["Mean reaction time"]
    assert (row.study, row.here, row.unit) == (68_400, 120.0, Unit.SECONDS)


@pytest.mark.parametrize(("times", "at_all"), [(0, False), (1, True)])
def test_once_is_enough_to_do_it_at_all(times: int, at_all: bool) -> None:
    talks = replace(TALKS, participated=rate(times, 60, Cohort.CONVERSATIONS))
    assert rows(talks)["Lets residents participate"].at_all is at_all


def test_a_hidden_rate_stays_hidden_in_the_comparison() -> None:
    row = rows(networks=4)["Builds community"]
    assert (row.here, row.at_all) == (None, None)
    assert row.study == study.BUILD_COMMUNITY

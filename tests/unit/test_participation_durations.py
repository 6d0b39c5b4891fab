"""How long answers take: what is kept of each time, and what counts as office hours."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.durations import office_time, quantile, rounded
from people.organisation import OfficeHours

TIMES = st.integers(0, 400 * 86_400 * 1_000_000)
HOURS = OfficeHours.read([["09:00-12:00", "13:00-17:00"]] * 5 + [[], []])


def brussels(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    """Winter time: an hour ahead of UTC. The second of March 2026 is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


@given(TIMES)
def test_a_time_is_kept_within_half_a_percent(microseconds: int) -> None:
    assert abs(rounded(microseconds) - microseconds) <= 0.005 * microseconds


@given(TIMES, TIMES)
def test_rounding_never_changes_an_order(one: int, other: int) -> None:
    assert rounded(min(one, other)) <= rounded(max(one, other))


@given(st.lists(TIMES, min_size=1), st.sampled_from([0.5, 0.9]))
def test_a_quantile_is_the_exact_one_by_nearest_rank_rounded(values: list[int], share: float) -> None:
    exact = sorted(values)[ceil(share * len(values)) - 1]
    assert quantile(Counter(rounded(value) for value in values), share) == rounded(exact)


def test_there_is_no_quantile_of_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        quantile({}, 0.5)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        pytest.param(brussels(2, 9, 30), brussels(2, 10), 0.5, id="within the morning"),
        pytest.param(brussels(2, 11), brussels(2, 14), 2, id="over noon"),
        pytest.param(brussels(6, 16), brussels(9, 10), 2, id="over a weekend"),
        pytest.param(brussels(2, 20), brussels(2, 23), 0, id="in the evening"),
        pytest.param(brussels(2, 8), brussels(9, 8), 35, id="a week"),
        pytest.param(brussels(2, 10), brussels(2, 10), 0, id="at once"),
        pytest.param(brussels(2, 10), brussels(2, 9), 0, id="backwards"),
    ],
)
def test_only_open_time_counts_as_office_time(start: datetime, end: datetime, hours: float) -> None:
    assert office_time(HOURS, start, end) == timedelta(hours=hours)


def test_an_hour_that_summer_time_skips_is_not_counted() -> None:
    night = OfficeHours.read([[]] * 6 + [["00:00-06:00"]])
    assert office_time(night, brussels(28, 12), brussels(29, 12)) == timedelta(hours=5)
    assert office_time(night, brussels(24, 12, month=10), brussels(25, 12, month=10)) == timedelta(hours=7)


@given(TIMES, TIMES)
def test_office_time_is_never_longer_than_the_clock(offset: int, length: int) -> None:
    start = brussels(1, 0) + timedelta(microseconds=offset)
    took = timedelta(microseconds=length)
    assert timedelta() <= office_time(HOURS, start, start + took) <= took

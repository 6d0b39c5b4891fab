"""A process that stood still does not make up for it all at once."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcast.tempo import Strides


def departures(moments: list[float], per_second: float) -> list[float]:
    """When messages leave that come to their turn at these moments."""
    strides, left = Strides(), []
    with pytest.MonkeyPatch.context() as patch:
        for moment in moments:
            patch.setattr("time.monotonic", lambda moment=moment: moment)
            left.append(moment + strides.take(1, per_second))
    return left


@given(
    moments=st.lists(st.floats(0, 3), min_size=1, max_size=120).map(sorted), per_second=st.sampled_from([1, 30, 1000])
)
def test_no_second_has_more_than_a_twentieth_above_the_limit(moments: list[float], per_second: int) -> None:
    left = departures(moments, per_second)
    for first in left:
        assert sum(first <= one < first + 1 for one in left) <= per_second * 1.05 + 1


@given(moments=st.lists(st.floats(0, 3), min_size=1, max_size=50).map(sorted))
def test_nobody_leaves_before_their_turn_or_out_of_it(moments: list[float]) -> None:
    left = departures(moments, 30)
    assert all(leaves >= moment for leaves, moment in zip(left, moments, strict=True))
    assert all(earlier <= later for earlier, later in pairwise(left))


def test_who_is_on_time_waits_for_nobody() -> None:
    moments = [number / 30 for number in range(60)]
    assert departures(moments, 30) == pytest.approx(moments)


def test_each_sender_has_strides_of_its_own() -> None:
    strides = Strides()
    strides.take(1, 0.001)
    assert strides.take(2, 30) == 0

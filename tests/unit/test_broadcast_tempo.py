"""A process that stood still does not make up for it all at once."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcast.tempo import Strides


class Clock:
    """Time that passes only while somebody sleeps, and always so much longer than they wished."""

    def __init__(self, late: float) -> None:
        self.now = 0.0
        self.late = late

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds + self.late


async def departures(moments: list[float], per_second: float, late: float = 0.0) -> list[float]:
    """When messages leave that come to their turn at these moments, with timers that are late by so many seconds."""
    strides, clock, left = Strides(), Clock(late), []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("broadcast.tempo.time.monotonic", clock.monotonic)
        patch.setattr("broadcast.tempo.asyncio.sleep", clock.sleep)
        for moment in moments:
            clock.now = max(clock.now, moment)
            await strides.take(1, per_second)
            left.append(clock.now)
    return left


@given(
    moments=st.lists(st.floats(0, 3), min_size=1, max_size=120).map(sorted),
    per_second=st.sampled_from([1, 30, 1000]),
    late=st.floats(0, 0.2),
)
async def test_no_second_has_more_than_a_twentieth_above_the_limit(
    moments: list[float], per_second: int, late: float
) -> None:
    left = await departures(moments, per_second, late)
    for first in left:
        assert sum(first <= one < first + 1 for one in left) <= per_second * 1.05 + 1


@given(moments=st.lists(st.floats(0, 3), min_size=1, max_size=50).map(sorted), late=st.floats(0, 0.2))
async def test_nobody_leaves_before_their_turn_or_out_of_it(moments: list[float], late: float) -> None:
    left = await departures(moments, 30, late)
    assert all(leaves >= moment for leaves, moment in zip(left, moments, strict=True))
    assert all(earlier <= later for earlier, later in pairwise(left))


async def test_who_is_on_time_waits_for_nobody() -> None:
    moments = [number / 30 for number in range(60)]
    assert await departures(moments, 30) == pytest.approx(moments)


async def test_a_timer_that_is_a_little_late_each_time_slows_nobody_down() -> None:
    left = await departures([0.0] * 900, 1000, late=0.002)
    assert left[-1] == pytest.approx(0.9, abs=0.03)


async def test_each_sender_has_strides_of_its_own() -> None:
    strides, clock = Strides(), Clock(0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("broadcast.tempo.asyncio.sleep", clock.sleep)
        await strides.take(1, 0.001)
        await strides.take(2, 30)
    assert clock.now == 0

"""When a server that does not answer is left alone, and when it is asked again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.breaker import FAILURES, PAUSE_SECONDS, Breaker, State

WAITED = PAUSE_SECONDS

# state, failures so far, what happens after how many seconds -> the state after it; None: the server is not asked
TABLE = [
    (State.CLOSED, 0, "ask", 0.0, State.CLOSED),
    (State.CLOSED, 2, "succeed", 0.0, State.CLOSED),
    (State.CLOSED, 0, "fail", 0.0, State.CLOSED),
    (State.CLOSED, FAILURES - 1, "fail", 0.0, State.OPEN),
    (State.OPEN, FAILURES, "ask", WAITED / 2, None),
    (State.OPEN, FAILURES, "ask", WAITED, State.TRYING),
    (State.OPEN, FAILURES, "fail", 1.0, State.OPEN),
    (State.OPEN, FAILURES, "succeed", 1.0, State.OPEN),  # asked before it opened: no news
    (State.TRYING, FAILURES, "ask", WAITED / 2, None),  # one trial at a time
    (State.TRYING, FAILURES, "ask", WAITED, State.TRYING),  # the trial before never told its outcome
    (State.TRYING, FAILURES, "succeed", 1.0, State.CLOSED),
    (State.TRYING, FAILURES, "fail", 1.0, State.OPEN),
]


def after(breaker: Breaker, event: str, now: float) -> Breaker | None:
    if event == "ask":
        return breaker.ask(now)
    return breaker.succeeded() if event == "succeed" else breaker.failed(now)


@pytest.mark.parametrize(("state", "failures", "event", "seconds", "then"), TABLE)
def test_each_state_has_one_way_on(state: State, failures: int, event: str, seconds: float, then: State | None) -> None:
    found = after(Breaker(state, failures, since=100.0), event, 100.0 + seconds)
    assert (found and found.state) == then


def test_a_success_in_between_begins_the_count_again() -> None:
    breaker = Breaker()
    for _ in range(FAILURES * 2):
        breaker = breaker.failed(0.0).succeeded()
    assert breaker == Breaker()


EVENTS = st.lists(st.tuples(st.sampled_from(["ask", "succeed", "fail"]), st.floats(0, 3 * PAUSE_SECONDS)))


@given(EVENTS)
def test_whatever_happened_a_server_that_is_back_is_used_again_after_one_pause(
    events: list[tuple[str, float]],
) -> None:
    breaker, now = Breaker(), 0.0
    for event, seconds in events:
        now += seconds
        breaker = after(breaker, event, now) or breaker
    asked = breaker.ask(now + PAUSE_SECONDS)
    assert asked is not None
    assert asked.succeeded() == Breaker()


@given(EVENTS)
def test_a_dead_server_is_asked_at_most_once_a_pause(events: list[tuple[str, float]]) -> None:
    breaker, now, asked_at = Breaker(State.OPEN, FAILURES, 0.0), 0.0, list[float]()
    for _, seconds in events:
        now += seconds
        asked = breaker.ask(now)
        if asked is not None:
            asked_at.append(now)
            breaker = asked.failed(now)
    assert all(later >= earlier + PAUSE_SECONDS for earlier, later in zip([0.0, *asked_at], asked_at, strict=False))

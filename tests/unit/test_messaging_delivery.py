"""The states of a message only move forward."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.delivery import REACHED, TRANSITIONS, WAITING, DeliveryState, provider_state, sources

S = DeliveryState
FINAL = frozenset(state for state, targets in TRANSITIONS.items() if not targets)


def test_every_state_is_in_the_table() -> None:
    assert set(TRANSITIONS) == set(DeliveryState)
    assert {S.READ, S.FAILED, S.SUPPRESSED, S.EXPIRED, S.CANCELLED} == FINAL


@given(st.lists(st.sampled_from(S), max_size=30))
def test_once_taken_by_the_provider_a_message_never_waits_again(wanted: list[S]) -> None:
    state, reached = S.QUEUED, False
    for target in wanted:
        if target in TRANSITIONS[state]:
            state = target
        reached = reached or state in REACHED
        assert not (reached and state in WAITING | {S.SENDING, S.UNKNOWN, S.CANCELLED, S.SUPPRESSED, S.EXPIRED})


@pytest.mark.parametrize("state", sorted(WAITING))
def test_what_waits_must_be_attempted_before_it_can_be_taken(state: S) -> None:
    assert not TRANSITIONS[state] & (REACHED | {S.UNKNOWN})


def test_the_sources_of_a_state_are_those_that_lead_to_it() -> None:
    for target in DeliveryState:
        assert all(target in TRANSITIONS[source] for source in sources(target))
    assert sources(S.READ) == {S.SENDING, S.UNKNOWN, S.ACCEPTED, S.DELIVERED}
    assert sources(S.QUEUED) == {S.UNKNOWN}


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("queued", S.ACCEPTED),
        ("delivered", S.DELIVERED),
        ("read", S.READ),
        ("undelivered", S.FAILED),
        ("dreaming", None),
    ],
)
def test_a_status_of_twilio_in_the_ledgers_words(status: str, state: S | None) -> None:
    assert provider_state(status) == state

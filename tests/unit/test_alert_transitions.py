"""An alert takes only the steps that its table allows."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from broadcast.alert import TRANSITIONS, AlertState, Step, after
from storage.errors import Conflict

SENT_STATES = {AlertState.SENDING, AlertState.PAUSED, AlertState.SENT}


class Life(RuleBasedStateMachine):
    """Any sequence of steps, taken in any state."""

    def __init__(self) -> None:
        super().__init__()
        self.state = AlertState.DRAFT
        self.approved = False

    @rule(step=st.sampled_from(Step))
    def try_a_step(self, step: Step) -> None:
        try:
            state = after(step, self.state)
        except Conflict:
            assert self.state not in TRANSITIONS[step]
            return
        if step is Step.APPROVE:
            self.approved = True
        if step is Step.CHANGE:
            self.approved = False
        self.state = state

    @invariant()
    def nothing_is_sent_that_was_not_approved_as_it_stands(self) -> None:
        assert self.approved or self.state not in SENT_STATES

    @precondition(lambda self: self.state is AlertState.CLOSED)
    @rule(step=st.sampled_from(Step))
    def closed_is_the_end(self, step: Step) -> None:
        with pytest.raises(Conflict):
            after(step, self.state)


TestLife = Life.TestCase


@pytest.mark.parametrize("state", sorted({*AlertState} - SENT_STATES - {AlertState.CANCELLED}))
def test_no_all_clear_where_nobody_was_warned(state: AlertState) -> None:
    with pytest.raises(Conflict):
        after(Step.ALL_CLEAR, state)


UNSENT = [AlertState.SUBMITTED, AlertState.APPROVED, AlertState.REJECTED, AlertState.SCHEDULED]


@pytest.mark.parametrize("state", UNSENT)
def test_any_change_makes_it_a_draft_again(state: AlertState) -> None:
    assert after(Step.CHANGE, state) is AlertState.DRAFT


@pytest.mark.parametrize("state", sorted(SENT_STATES))
def test_what_has_left_is_not_changed_any_more(state: AlertState) -> None:
    with pytest.raises(Conflict):
        after(Step.CHANGE, state)


def test_what_is_scheduled_leaves_or_is_taken_back_and_nothing_else() -> None:
    steps = {step for step, moves in TRANSITIONS.items() if AlertState.SCHEDULED in moves}
    assert steps == {Step.SEND, Step.CHANGE, Step.CANCEL, Step.EXPIRE, Step.GIVE_BACK}


def test_every_state_can_be_reached_and_every_one_but_closed_be_left() -> None:
    assert {state for moves in TRANSITIONS.values() for state in moves.values()} == {*AlertState}
    assert {state for moves in TRANSITIONS.values() for state in moves} == {*AlertState} - {AlertState.CLOSED}

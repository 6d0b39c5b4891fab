"""Who owns a conversation, and the table of what may happen to it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bots.conversation import SILENCE, TRANSITIONS, Conversation, Owner, State, Step, after
from storage.errors import Conflict

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@dataclass
class Reply:
    """A bot's reply that waits to leave, and whether an attempt was made."""

    epoch: int
    attempted: bool = False
    withdrawn: bool = False


@dataclass
class Model:
    state: State = State.OPEN
    owner: Owner = Owner.BOT
    epoch: int = 0
    replies: list[Reply] = field(default_factory=list)


class Ownership(RuleBasedStateMachine):
    """Whatever happens in whichever order, no bot message is attempted while an officer owns the conversation."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()

    def step(self, step: Step) -> bool:
        try:
            self.model.state, self.model.owner = after(step, self.model.state, self.model.owner)
        except Conflict:
            return False
        self.model.epoch += step is not Step.ASK_FOR_OFFICER
        return True

    @rule()
    def officer_takes_over(self) -> None:
        if self.step(Step.TAKE_OVER):
            for reply in self.model.replies:
                reply.withdrawn = True

    @rule()
    def officer_gives_back(self) -> None:
        self.step(Step.GIVE_BACK)

    @rule()
    def officer_closes(self) -> None:
        self.step(Step.CLOSE)

    @rule()
    def resident_asks_for_a_person(self) -> None:
        if self.model.owner is Owner.BOT:
            self.step(Step.ASK_FOR_OFFICER)

    @precondition(lambda self: self.model.owner is Owner.BOT and self.model.state is not State.CLOSED)
    @rule()
    def bot_replies(self) -> None:
        self.model.replies.append(Reply(self.model.epoch))

    @rule()
    def outbox_attempts(self) -> None:
        for reply in self.model.replies:
            if not reply.withdrawn and not reply.attempted:
                reply.attempted = True
                assert self.model.owner is Owner.BOT

    @invariant()
    def closed_is_the_bots(self) -> None:
        assert self.model.state is not State.CLOSED or self.model.owner is Owner.BOT

    @invariant()
    def an_officers_conversation_does_not_wait(self) -> None:
        assert not (self.model.owner is Owner.OFFICER and self.model.state is State.WAITING)


TestOwnership = Ownership.TestCase
TestOwnership.settings = settings(max_examples=100, stateful_step_count=25, deadline=None)


def test_every_step_not_in_the_table_is_a_conflict() -> None:
    for step in Step:
        for state in State:
            for owner in Owner:
                if (state, owner) in TRANSITIONS[step]:
                    assert after(step, state, owner) == TRANSITIONS[step][state, owner]
                else:
                    with pytest.raises(Conflict, match=step.replace("_", " ")):
                        after(step, state, owner)


def test_nothing_happens_to_a_closed_conversation() -> None:
    assert all(state is not State.CLOSED for table in TRANSITIONS.values() for state, _ in table)


def conversation(state: State, owner: Owner) -> Conversation:
    return Conversation(
        id=1,
        organisation_id=1,
        resident_id=1,
        address_id=1,
        sender_id=1,
        channel="sms",
        state=state,
        owner=owner,
        officer_id=None,
        epoch=0,
        language="nl",
        disclosed=True,
        dialogue={},
        urgent=False,
        waiting_since=None,
        unanswered_since=None,
        opened_at=NOON,
        last_message_at=NOON,
        closed_at=None,
    )


@pytest.mark.parametrize(
    ("state", "owner", "over"),
    [(State.OPEN, Owner.BOT, True), (State.WAITING, Owner.BOT, False), (State.OPEN, Owner.OFFICER, False)],
)
def test_after_a_day_of_silence_a_conversation_is_over_unless_somebody_waits_or_answers(
    state: State, owner: Owner, over: bool
) -> None:
    assert not conversation(state, owner).is_over(NOON + SILENCE)
    assert conversation(state, owner).is_over(NOON + SILENCE + timedelta(seconds=1)) is over

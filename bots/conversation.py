"""A conversation: who owns it, and the table of what may happen to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from storage.errors import Conflict

SILENCE = timedelta(hours=24)
"""After this long without a message the next one opens a new conversation."""


class State(StrEnum):
    """Where a conversation stands for the officers."""

    OPEN = "open"
    WAITING = "waiting"  # a person is asked for
    CLOSED = "closed"


class Owner(StrEnum):
    """Who answers."""

    BOT = "bot"
    OFFICER = "officer"


class Step(StrEnum):
    """What can happen to the ownership of a conversation."""

    ASK_FOR_OFFICER = "ask_for_officer"
    TAKE_OVER = "take_over"
    GIVE_BACK = "give_back"
    CLOSE = "close"


Standing = tuple[State, Owner]

TRANSITIONS: dict[Step, dict[Standing, Standing]] = {
    Step.ASK_FOR_OFFICER: {
        (State.OPEN, Owner.BOT): (State.WAITING, Owner.BOT),
        (State.WAITING, Owner.BOT): (State.WAITING, Owner.BOT),
    },
    Step.TAKE_OVER: {
        (State.OPEN, Owner.BOT): (State.OPEN, Owner.OFFICER),
        (State.WAITING, Owner.BOT): (State.OPEN, Owner.OFFICER),
        (State.OPEN, Owner.OFFICER): (State.OPEN, Owner.OFFICER),  # from a colleague
    },
    Step.GIVE_BACK: {(State.OPEN, Owner.OFFICER): (State.OPEN, Owner.BOT)},
    Step.CLOSE: {
        (State.OPEN, Owner.BOT): (State.CLOSED, Owner.BOT),
        (State.WAITING, Owner.BOT): (State.CLOSED, Owner.BOT),
        (State.OPEN, Owner.OFFICER): (State.CLOSED, Owner.BOT),
    },
}


def after(step: Step, state: State, owner: Owner) -> Standing:
    """Where a step leads; raises Conflict when it is not allowed from here."""
    try:
        return TRANSITIONS[step][state, owner]
    except KeyError:
        what = step.replace("_", " ")
        raise Conflict(f"Cannot {what}: the conversation is {state} and with the {owner}") from None


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation with one address of a resident.

    epoch: raised by every change of owner. dialogue: what the bot asked last. unanswered_since: the first message of
    the resident that no substantive answer followed yet.
    """

    id: int
    organisation_id: int
    resident_id: int
    address_id: int
    sender_id: int
    channel: str
    state: State
    owner: Owner
    officer_id: int | None
    epoch: int
    language: str
    disclosed: bool
    dialogue: dict[str, object]
    urgent: bool
    waiting_since: datetime | None
    unanswered_since: datetime | None
    opened_at: datetime
    last_message_at: datetime
    closed_at: datetime | None

    def is_over(self, at: datetime) -> bool:
        """Whether the next message opens a new one: nobody waits, and it has been silent for a day."""
        idle = self.state is State.OPEN and self.owner is Owner.BOT
        return idle and at - self.last_message_at > SILENCE

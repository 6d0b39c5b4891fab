"""Brings a person into the conversation."""

from bots.conversation import State
from bots.turn import Reply, Turn
from bots.voice import Voice
from people.organisation import Organisation

TOPICS = frozenset({"talk_to_human", "dissatisfied", "complaint"})


async def answer(turn: Turn) -> Reply | None:
    """Ask for an officer and say when one answers."""
    return ask_for_person(turn, turn.intent)


def ask_for_person(turn: Turn, reason: str) -> Reply:
    """The reply that hands over: now in office hours, else with the moment at which somebody comes in.

    Whoever waits already is told so, and no officer is told again.
    """
    if turn.conversation.state is State.WAITING:
        return Reply(turn.voice.say("A colleague has been told and will answer you here."), substantive=False)
    return Reply(promise(turn.voice, turn.organisation, turn), substantive=False, handover=reason)


def promise(voice: Voice, organisation: Organisation, turn: Turn) -> str:
    """When a person answers."""
    opening = organisation.office_hours.next_opening(turn.now)
    if organisation.office_hours.is_open(turn.now):
        return voice.say("I am asking a colleague to answer you here.")
    if opening is None:
        return voice.say("I have told a colleague. You will get an answer here.")
    return voice.say(
        "I have told a colleague. Our office is closed now; you will get an answer here from {moment}.",
        moment=voice.moment(opening),
    )

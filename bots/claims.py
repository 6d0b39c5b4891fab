"""Who answers a message: an ordered list of claimants, of which the first that claims it answers.

The application registers them: safety, STOP, the officer who owns the conversation, a running alert, the bot.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bots.conversation import Owner
from bots.policy import safety_languages
from bots.skills import alerts, preferences
from bots.turn import Reply, Turn
from bots.voice import say_in
from messaging.incoming import ChannelKind, IncomingKind
from people.consent import Way
from people.repository import residents

EMERGENCY = "Call 112 now (fire, ambulance). Police: 101."
SELF_HARM = "You are not alone. Call 1813 now, the suicide line (free, day and night), or 112 if you are in danger."
_CAUTION = {
    "emergency": "Is somebody in danger now? Call 112.",
    "self_harm": "Do you feel very bad? You can talk to somebody: call 1813 (free, day and night).",
}
_DISCLOSURE = "This is an automatic message of the chatbot of {organisation}. A colleague has been told."
_PICTURE = "I cannot look at pictures. Please describe in words what you see."
_WITHOUT_TEXT = {
    IncomingKind.PHOTO: _PICTURE,
    IncomingKind.VIDEO: _PICTURE,
    IncomingKind.VOICE: "I cannot listen to voice messages. Please write your question.",
    IncomingKind.LOCATION: "Thank you for the place. Write what it is about, so that I can help you.",
}
_SAFETY = {"emergency": EMERGENCY, "self_harm": SELF_HARM}


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that somebody answers. reply is None where an officer will; event_id: the alert that it answers."""

    by: str
    reply: Reply | None = None
    intent: str | None = None
    event_id: int | None = None


Claimant = Callable[[Turn], Awaitable[Claim | None]]


async def safety(turn: Turn) -> Claim | None:
    """Danger: the number to call, before anything else, in Dutch and the writer's language; an officer is told."""
    danger = turn.interpretation.safety
    if danger not in _SAFETY:
        return None
    return Claim("safety", whom_to_call(turn, _SAFETY[danger], danger), intent=danger)


def caution(turn: Turn) -> str | None:
    """Whom to call, for above the answer to a message in which danger cannot be ruled out, in Dutch and the writer's
    language. None where it can, or where the message was a button, a number or a command."""
    text = _CAUTION.get(turn.interpretation.suspected or "")
    if text is None or turn.choice is not None or turn.incoming.keyword is not None:
        return None
    languages = safety_languages(turn.interpretation.language, turn.resident.requested_language)
    return say_in(turn.organisation, languages, text)


def whom_to_call(turn: Turn, text: str, reason: str) -> Reply:
    """The number to call, in Dutch and the writer's language, and that an officer is told, for this reason."""
    languages = safety_languages(turn.interpretation.language, turn.resident.requested_language)
    said, disclosure = (say_in(turn.organisation, languages, one) for one in (text, _DISCLOSURE))
    return Reply(
        f"{said}\n\n{disclosure}",
        handover=reason,
        urgent=True,
        system=True,
        disclosed=True,
        translated=False,
        dialogue=turn.conversation.dialogue,
    )


async def confirmed_by_provider(turn: Turn) -> Claim | None:
    """A keyword over SMS that Twilio itself obeys and answers: a second answer would confuse, or be refused.

    "YES" is Twilio's word for START too, so it counts only for who had sent STOP.
    """
    keyword = turn.incoming.keyword
    if turn.incoming.channel is not ChannelKind.SMS or keyword is None:
        return None
    if keyword == "start" and turn.address.state != "blocked":
        return None
    if keyword == "stop":
        await alerts.withdraw(turn, Way.PROVIDER)
        await residents.set_address_state(turn.connection, turn.address.id, "blocked")
    return Claim("provider", intent=_KEYWORDS[keyword])


_KEYWORDS = {"stop": "alerts_unsubscribe", "start": "greet", "help": "help"}


async def stop(turn: Turn) -> Claim | None:
    """STOP, by the word alone or as a command: no more alerts, whoever owns the conversation."""
    if turn.incoming.keyword != "stop" and not is_stop(turn.incoming.text):
        return None
    return Claim("stop", await alerts.unsubscribe(turn), intent="alerts_unsubscribe")


def is_stop(text: str) -> bool:
    """Whether a text is nothing but the word that ends alerts, in one of the four languages."""
    return text.strip().strip(".!").casefold() in {"stop", "stop alerts", "stopzetten", "stoppen", "arrêt", "arret"}


async def officer(turn: Turn) -> Claim | None:
    """An officer owns the conversation: the bot is silent."""
    return Claim("officer") if turn.conversation.owner is Owner.OFFICER else None


async def kinds_chosen(turn: Turn) -> Claim | None:
    """The word by which residents choose what they get, also while an alert waits for answers."""
    reply = await preferences.by_its_word(turn) if turn.choice is None else None
    return None if reply is None else Claim("bot", reply, intent="alerts_subscribe")


async def unreadable(turn: Turn) -> Claim | None:
    """A photo, a voice note, a place: the bot says that it cannot read it, and what helps instead."""
    if turn.incoming.text.strip() or turn.choice is not None:
        return None
    text = _WITHOUT_TEXT.get(turn.incoming.kind, "I can only read text. Please write your question.")
    return Claim("bot", Reply(turn.voice.say(text), substantive=False, dialogue=turn.conversation.dialogue))

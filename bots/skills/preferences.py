"""Residents choose which kinds of message they get, in the chat; what may save lives comes to everybody."""

from bots.choices import KIND, asked
from bots.turn import Reply, Turn
from messaging.channel import Choice
from people.kinds import MessageKind
from people.repository import kinds
from storage.facts import Fact, FactKind
from storage.repository import append_facts

_WORDS = frozenset(
    {"keuze", "voorkeur", "voorkeuren", "choix", "préférences", "preferences", "auswahl", "choice", "choices"}
)
_NAMES = {
    MessageKind.CRIME: "Crime and scams",
    MessageKind.MISSING: "Missing persons",
    MessageKind.TRAFFIC: "Traffic and road works",
    MessageKind.WEATHER: "Weather and floods",
    MessageKind.SERVICES: "Water and electricity",
    MessageKind.NEWS: "News and activities",
}
QUESTION = (
    "What do you want messages about? Choose a kind to switch it on or off. "
    "Alerts on which lives may depend come to everybody, always."
)
_DONE = "done"


async def by_its_word(turn: Turn) -> Reply | None:
    """Nothing but the word that the confirmation of joining names."""
    said = turn.incoming.text.strip(" .!").casefold()
    return await ask(turn) if said in _WORDS else None


async def ask(turn: Turn) -> Reply:
    """All kinds, each with whether it is wanted."""
    declined = await kinds.declined(turn.connection, turn.resident.id)
    wanted = {one: turn.voice.say("No" if one in declined else "Yes").casefold() for one in MessageKind}
    choices = [Choice(f"{KIND}{one}", f"{turn.voice.say(_NAMES[one])}: {said}") for one, said in wanted.items()]
    choices.append(Choice(f"{KIND}{_DONE}", turn.voice.say("Done")))
    return Reply(turn.voice.say(QUESTION), tuple(choices), substantive=False, dialogue=asked("kinds", choices))


async def chosen(turn: Turn, choice: str) -> Reply:
    """Switch a kind on or off, write that down, and show how it stands now; or end with what comes and what not."""
    declined = await kinds.declined(turn.connection, turn.resident.id)
    if choice == _DONE:
        return Reply(_summary(turn, declined))
    kind = MessageKind(choice)
    declined ^= {kind}
    await kinds.choose(turn.connection, turn.resident.id, frozenset(MessageKind) - declined)
    await append_facts(turn.connection, [_fact(turn, kind, wanted=kind not in declined)])
    return await ask(turn)


def _summary(turn: Turn, declined: frozenset[MessageKind]) -> str:
    if not declined:
        return turn.voice.say("You get every kind of message. STOP stops them.")
    named = ", ".join(turn.voice.say(_NAMES[one]) for one in MessageKind if one in declined)
    return turn.voice.say("You get no messages about: {kinds}. STOP stops all of them.", kinds=named)


def _fact(turn: Turn, kind: MessageKind, *, wanted: bool) -> Fact:
    return Fact(
        kind=FactKind.KIND_CHOSEN,
        organisation_id=turn.organisation.id,
        at=turn.now,
        channel=turn.address.channel,
        resident_id=turn.resident.id,
        conversation_id=turn.conversation.id,
        data={"kind": kind, "wanted": wanted},
    )

"""Joining and leaving neighbourhood networks; consent is given in the chat, with the wording that was shown."""

from collections.abc import Sequence

from bots.choices import CONSENT, NETWORK, NO, asked
from bots.turn import Reply, Turn
from messaging.channel import Choice
from messaging.incoming import ChannelKind
from people.consent import Way
from people.repository import networks
from people.repository.networks import Network
from storage.facts import Fact, FactKind
from storage.repository import append_facts

_LONGEST_NAME = 120


async def subscribe(turn: Turn) -> Reply | None:
    """Offer the network that the message names, else a choice of all."""
    all_networks = await networks.every(turn.connection, turn.organisation.id)
    if not all_networks:
        return Reply(turn.answers.text("alerts_subscribe", turn.voice.language))
    named = [one for one in all_networks if _names(turn.incoming.text, one)]
    if len(named) == 1 or len(all_networks) == 1:
        return ask_consent(turn, (named or all_networks)[0])
    return _ask_network(turn, named or all_networks)


async def by_its_word(turn: Turn) -> Reply | None:
    """Nothing but the word or the name of a network, as on its leaflet: the wish to join it."""
    said = turn.incoming.text.strip(" .!").casefold()
    if not 0 < len(said) <= _LONGEST_NAME:
        return None
    for one in await networks.every(turn.connection, turn.organisation.id):
        if said in {one.keyword, one.name.casefold()}:
            return ask_consent(turn, one)
    return None


def _names(text: str, network: Network) -> bool:
    lowered = text.casefold()
    return network.keyword in lowered.split() or network.name.casefold() in lowered


def _ask_network(turn: Turn, offered: Sequence[Network]) -> Reply:
    choices = tuple(Choice(f"{NETWORK}{one.id}", one.name) for one in offered)
    text = turn.voice.say("Which neighbourhood network do you want to join?")
    return Reply(text, choices, substantive=False, dialogue=asked("network", choices))


async def chosen_network(turn: Turn, network_id: str) -> Reply:
    """A network was chosen: show what joining means."""
    return ask_consent(turn, await networks.get(turn.connection, turn.organisation.id, int(network_id)))


def ask_consent(turn: Turn, network: Network) -> Reply:
    """Show the wording, and keep it until the answer: consent is to these very words.

    The button carries the network, so that no other "Yes" that still stands on the screen can pass for it.
    """
    choices = (Choice(f"{CONSENT}{network.id}", turn.voice.say("Yes")), Choice(NO, turn.voice.say("No")))
    text = turn.voice.say(
        "Do you want alerts of the neighbourhood network {network} of {organisation} here? "
        "We keep your address for that alone. Send STOP to stop, at any time.",
        network=network.name,
    )
    dialogue = asked("consent", choices, network=network.id, wording=text)
    return Reply(text, choices, substantive=False, dialogue=dialogue)


async def consent(turn: Turn, *, agreed: bool) -> Reply:
    """Write down what the resident decided."""
    if not agreed:
        return Reply(turn.voice.say("All right, you will get no alerts."))
    network_id = int(str(turn.conversation.dialogue["network"]))
    wording = str(turn.conversation.dialogue["wording"])
    await networks.give_consent(turn.connection, turn.organisation.id, turn.address, turn.now, Way.CHAT, wording)
    await networks.join(turn.connection, network_id, turn.resident.id, turn.now)
    await append_facts(turn.connection, [_fact(turn, FactKind.CONSENT_GIVEN, network_id)])
    network = await networks.get(turn.connection, turn.organisation.id, network_id)
    text = "Done: you get the alerts of {network} here. CHOICE: choose about what. STOP stops them."
    return Reply(turn.voice.say(text, network=network.name))


async def unsubscribe(turn: Turn) -> Reply | None:
    """STOP: no more alerts on this channel. Confirmed; questions are answered as before."""
    await withdraw(turn, Way.CHAT)
    text = turn.voice.say(
        "You get no more alerts here. You can still ask questions. To get them again, send the word of your network."
    )
    return Reply(text, system=True, substantive=False)


async def withdraw(turn: Turn, way: Way) -> None:
    """Write down that the resident wants no alerts on this channel any more."""
    if await networks.withdraw_consent(turn.connection, turn.address.id, turn.now, way):
        await append_facts(turn.connection, [_fact(turn, FactKind.CONSENT_WITHDRAWN, None)])


def _fact(turn: Turn, kind: FactKind, network_id: int | None) -> Fact:
    return Fact(
        kind=kind,
        organisation_id=turn.organisation.id,
        at=turn.now,
        channel=ChannelKind(turn.address.channel),
        resident_id=turn.resident.id,
        network_id=network_id,
    )

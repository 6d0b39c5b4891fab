"""What the bot can do: one module a capability, registered by the topics that it answers.

A skill takes the turn and gives a reply, or None to leave the message to the next one. To add one, write a module
with a function `answer` and name it here; if it asks back, name what takes the choice as well.
"""

from collections.abc import Awaitable, Callable, Mapping

from bots.choices import KIND, LANGUAGE, NETWORK
from bots.skills import alerts, content, human, language, preferences, privacy, smalltalk, waste
from bots.turn import Reply, Turn

Skill = Callable[[Turn], Awaitable[Reply | None]]
Chosen = Callable[[Turn, str], Awaitable[Reply | None]]

BY_TOPIC: Mapping[str, Skill] = {
    **dict.fromkeys(smalltalk.TOPICS, smalltalk.answer),
    **dict.fromkeys(human.TOPICS, human.answer),
    **dict.fromkeys(privacy.TOPICS, privacy.answer),
    "change_language": language.answer,
    "alerts_subscribe": alerts.subscribe,
    "alerts_unsubscribe": alerts.unsubscribe,
    "waste_calendar": waste.answer,
}

BY_CHOICE: Mapping[str, Chosen] = {
    NETWORK: alerts.chosen_network,
    LANGUAGE: language.switch,
    KIND: preferences.chosen,
}
"""What a choice whose id begins so means, given the rest of the id."""


def of(topic: str) -> Skill:
    """The skill that answers a topic; the municipality's own text where there is no other."""
    return BY_TOPIC.get(topic, content.answer)

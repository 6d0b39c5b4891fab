"""What the bot can do: one module a capability, registered by the topics that it answers.

A skill takes the turn and gives a reply, or None to leave the message to the next one. To add one, write a module
with a function `answer` and name it here.
"""

from collections.abc import Awaitable, Callable, Mapping

from bots.skills import alerts, content, human, language, privacy, smalltalk, waste
from bots.turn import Reply, Turn

Skill = Callable[[Turn], Awaitable[Reply | None]]

BY_TOPIC: Mapping[str, Skill] = {
    **dict.fromkeys(smalltalk.TOPICS, smalltalk.answer),
    **dict.fromkeys(human.TOPICS, human.answer),
    **dict.fromkeys(privacy.TOPICS, privacy.answer),
    "change_language": language.answer,
    "alerts_subscribe": alerts.subscribe,
    "alerts_unsubscribe": alerts.unsubscribe,
    "waste_calendar": waste.answer,
}


def of(topic: str) -> Skill:
    """The skill that answers a topic; the municipality's own text where there is no other."""
    return BY_TOPIC.get(topic, content.answer)

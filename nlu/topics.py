"""The topics that the bot knows, read from the project's own list."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from ruamel.yaml import YAML

from nlu.interpreter import OUT_OF_SCOPE

TOPICS_FILE: Final = Path(__file__).parent / "topics.yml"

SAFETY_TOPICS: Final = ("emergency", "self_harm", "scam_or_phishing")


@dataclass(frozen=True, slots=True)
class Topic:
    """One intent: its stable name, the group it belongs to, and the border with its neighbours."""

    name: str
    group: str
    means: str


@cache
def topics() -> tuple[Topic, ...]:
    """Every topic in the order of the list; `out_of_scope` is none of them."""
    groups = YAML(typ="safe").load(TOPICS_FILE.read_text(encoding="utf-8"))
    return tuple(
        Topic(name, group, entry["means"])
        for group, members in groups.items()
        if group != OUT_OF_SCOPE
        for name, entry in members.items()
    )


@cache
def topic_names() -> frozenset[str]:
    """The intents that training data and measurements may use, `out_of_scope` included."""
    return frozenset(topic.name for topic in topics()) | {OUT_OF_SCOPE}

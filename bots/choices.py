"""What the bot asked last, and whether the next message chooses one of its answers."""

from collections.abc import Sequence

from messaging.channel import Choice
from messaging.incoming import Incoming

TOPIC = "topic:"
NETWORK = "network:"
CONSENT = "consent:"
LANGUAGE = "language:"
KIND = "kind:"
YES = "yes"
NO = "no"
PERSON = "person"
NEITHER = "neither"


def asked(question: str, choices: Sequence[Choice], **more: object) -> dict[str, object]:
    """The state to keep until the next message: which question, and its choices in order."""
    return {"question": question, "choices": [[one.id, one.label] for one in choices], **more}


def chosen(dialogue: dict[str, object], incoming: Incoming) -> str | None:
    """The id of the choice that a message makes: its button, its number, or its label written out."""
    offered = dialogue.get("choices")
    if not isinstance(offered, list):
        return None
    ids = [str(one[0]) for one in offered]
    if incoming.choice is not None:
        return incoming.choice if incoming.choice in ids else None
    text = incoming.text.strip().rstrip(".)!").casefold()
    if text.isdecimal() and 1 <= int(text) <= len(ids):
        return ids[int(text) - 1]
    labels = [str(one[1]).casefold() for one in offered]
    return ids[labels.index(text)] if text in labels else None

"""The text and choices of a one-to-one message as they are sealed in the ledger."""

import json

from messaging.channel import Choice, Outgoing


def to_json(message: Outgoing) -> str:
    """What is kept of a message until it leaves."""
    return json.dumps({"text": message.text, "choices": [[one.id, one.label] for one in message.choices]})


def from_json(value: str) -> Outgoing:
    """Back from what `to_json` gave."""
    read = json.loads(value)
    return Outgoing(text=read["text"], choices=tuple(Choice(id=one[0], label=one[1]) for one in read["choices"]))

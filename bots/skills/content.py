"""Answers from the municipality's own content file."""

from bots.turn import Reply, Turn


async def answer(turn: Turn) -> Reply | None:
    """The municipality's text on this topic, None where it wrote none."""
    if turn.intent not in turn.answers.by_topic:
        return None
    return Reply(turn.answers.text(turn.intent, turn.voice.language))

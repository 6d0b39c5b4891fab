"""What we keep about somebody: the municipality's text, and an officer for what a program may not decide."""

from bots.skills.human import promise
from bots.turn import Reply, Turn

TOPICS = frozenset({"privacy_question", "privacy_export", "privacy_erase"})


async def answer(turn: Turn) -> Reply | None:
    """Explain; a copy or an erasure is asked of an officer, who makes sure who is asking."""
    text = turn.answers.text(turn.intent, turn.voice.language)
    if turn.intent == "privacy_question":
        return Reply(text)
    return Reply(f"{text}\n\n{promise(turn.voice, turn.organisation, turn)}", handover=turn.intent)

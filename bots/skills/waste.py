"""When which waste is collected."""

from bots.turn import Reply, Turn
from people.organisation import BRUSSELS


async def answer(turn: Turn) -> Reply | None:
    """The next collection of the waste that the message names, else where the calendar is."""
    fraction = turn.answers.fraction_in(turn.incoming.text)
    if fraction is None:
        return Reply(turn.answers.text("waste_calendar", turn.voice.language))
    today = turn.now.astimezone(BRUSSELS).date()
    return Reply(turn.answers.collection_text(fraction, turn.voice.language, today))

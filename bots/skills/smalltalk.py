"""Greetings, thanks, and what the bot is."""

from bots.turn import Reply, Turn

_TEXTS = {
    "greet": "Hello! What can I help you with?",
    "goodbye": "Goodbye! You can always write again.",
    "thank": "You're welcome!",
    "affirm": "Good. Is there anything else you want to know?",
    "deny": "All right. Is there anything else you want to know?",
    "help": "You can ask me about waste, identity cards, moving, permits, opening hours and more. "
    "I can also have a colleague answer you, or sign you up for neighbourhood alerts.",
    "bot_challenge": "I am a chatbot: a computer program of {organisation}. "
    "If you would rather talk to a person, send: COLLEAGUE",
}
TOPICS = frozenset(_TEXTS)


async def answer(turn: Turn) -> Reply | None:
    """The fixed text; only what the bot is and can do counts as an answer to a question."""
    return Reply(turn.voice.say(_TEXTS[turn.intent]), substantive=turn.intent in {"help", "bot_challenge"})

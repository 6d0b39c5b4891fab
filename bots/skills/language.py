"""Answers in another language, at the resident's own request."""

import unicodedata

from bots.choices import LANGUAGE, asked
from bots.policy import LANGUAGES
from bots.turn import Reply, Turn
from bots.voice import voice
from messaging.channel import Choice
from people.repository import residents

_NAMES = {"nl": "Nederlands", "fr": "Français", "de": "Deutsch", "en": "English"}
_WORDS = {
    "nl": ("nederlands", "dutch", "néerlandais", "neerlandais", "niederländisch", "vlaams", "flemish"),
    "fr": ("frans", "français", "francais", "french", "französisch"),
    "de": ("duits", "deutsch", "german", "allemand"),
    "en": ("engels", "english", "anglais", "englisch"),
}


def named(text: str) -> str | None:
    """The language that a text names, in whichever language."""
    lowered = unicodedata.normalize("NFC", text).casefold()
    return next((code for code, words in _WORDS.items() if any(word in lowered for word in words)), None)


def is_named(text: str) -> str | None:
    """The language whose name is all that a text says: the word that our own offer asks for."""
    word = unicodedata.normalize("NFC", text).strip().strip(".!").casefold()
    return next((code for code, words in _WORDS.items() if word in words), None)


async def answer(turn: Turn) -> Reply | None:
    """Switch to the language that the message names, else ask which."""
    wanted = named(turn.incoming.text)
    return await switch(turn, wanted) if wanted else ask(turn)


def ask(turn: Turn) -> Reply:
    """Offer the four languages, each by its own name."""
    choices = tuple(Choice(LANGUAGE + code, _NAMES[code]) for code in LANGUAGES)
    text = turn.voice.say("In which language do you want an answer?")
    return Reply(text, choices, substantive=False, translated=False, dialogue=asked("language", choices))


async def switch(turn: Turn, language: str) -> Reply:
    """Remember the resident's request, which is the ground for every translation that follows."""
    await residents.request_language(turn.connection, turn.resident.id, language)
    text = voice(turn.organisation, language).say(
        "From now on I answer you in English. These are translations: the Dutch text is binding."
    )
    return Reply(text, translated=False)

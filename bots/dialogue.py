"""From what was understood to what is answered: the choice made, the skill of the topic, or a question back."""

from typing import cast

from bots import skills
from bots.choices import CONSENT, NEITHER, NO, PERSON, TOPIC, YES, asked
from bots.claims import Claim
from bots.skills import alerts, language, preferences
from bots.skills.human import ask_for_person
from bots.turn import Reply, Turn
from messaging.channel import Choice
from nlu.interpreter import OUT_OF_SCOPE

_PATIENCE = 2
"""After this many messages in a row that were not understood the bot offers a person by itself."""


async def answer(turn: Turn) -> Claim | None:
    """The bot's answer; it always has one."""
    joining = None if turn.choice else await alerts.by_its_word(turn)
    if joining is not None:
        return Claim("bot", joining, intent="alerts_subscribe")
    reply = await _of_choice(turn) if turn.choice else await _of_question(turn)
    return Claim("bot", reply or not_understood(turn), intent=turn.intent)


_QUESTIONS = {
    "topic": "I am not sure that I understand you. Do you mean:",
    "network": "Which neighbourhood network do you want to join?",
    "language": "In which language do you want an answer?",
    "kinds": preferences.QUESTION,
}


async def _of_choice(turn: Turn) -> Reply | None:
    """What was asked decides what the choice means."""
    choice = turn.choice or ""
    kind, _, rest = choice.partition(":")
    if f"{kind}:" in skills.BY_CHOICE:
        return await skills.BY_CHOICE[f"{kind}:"](turn, rest)
    if choice in {YES, NO} or choice.startswith(CONSENT):
        return await _of_yes_or_no(turn, agreed=choice != NO)
    if choice == PERSON:
        return ask_for_person(turn, "talk_to_human")
    if choice == NEITHER:
        return not_understood(turn)
    return await _by_skill(turn, choice.removeprefix(TOPIC))


async def _of_yes_or_no(turn: Turn, *, agreed: bool) -> Reply | None:
    question = str(turn.conversation.dialogue.get("question"))
    if question == "consent":
        return await alerts.consent(turn, agreed=agreed)
    if agreed and question in _QUESTIONS:
        return _ask_again(turn, question)
    if question == "topic":
        return not_understood(turn)
    return ask_for_person(turn, "talk_to_human") if agreed else Reply(turn.voice.say("All right."), substantive=False)


def _ask_again(turn: Turn, question: str) -> Reply:
    """A mere "yes" where several things were offered."""
    offered = cast("list[list[str]]", turn.conversation.dialogue["choices"])
    choices = tuple(Choice(one[0], one[1]) for one in offered)
    return Reply(turn.voice.say(_QUESTIONS[question]), choices, substantive=False, dialogue=turn.conversation.dialogue)


async def _of_question(turn: Turn) -> Reply | None:
    understood = turn.interpretation
    if turn.intent != understood.intent:
        return await _by_skill(turn, turn.intent)
    asked_language = language.is_named(turn.incoming.text)
    if asked_language is not None:
        return await language.switch(turn, asked_language)
    if understood.intent == OUT_OF_SCOPE:
        return not_understood(turn)
    # A button that still stands below an older question answers that one, not the present one.
    pressed = turn.incoming.choice is not None
    if turn.conversation.dialogue.get("choices") and understood.intent in {"affirm", "deny"} and not pressed:
        return await _of_yes_or_no(turn, agreed=understood.intent == "affirm")
    if understood.ambiguous:
        return clarify(turn)
    return await _by_skill(turn, understood.intent)


async def _by_skill(turn: Turn, topic: str) -> Reply | None:
    return await skills.of(topic)(turn)


def clarify(turn: Turn) -> Reply | None:
    """Two suggestions to choose from; None when fewer than two topics have a name to show."""
    likely = [one.intent for one in turn.interpretation.ranking if one.intent in turn.answers.by_topic][:2]
    if len(likely) < 2:  # noqa: PLR2004 - a choice needs two
        return None
    choices = tuple(Choice(TOPIC + one, turn.answers.label(one, turn.voice.language)) for one in likely)
    choices = (*choices, Choice(NEITHER, turn.voice.say("Something else")))
    text = turn.voice.say(_QUESTIONS["topic"])
    return Reply(text, choices, substantive=False, dialogue=asked("topic", choices, misses=_misses(turn)))


def _misses(turn: Turn) -> int:
    counted = turn.conversation.dialogue.get("misses", 0)
    return counted if isinstance(counted, int) else 0


def not_understood(turn: Turn) -> Reply:
    """Say so, and offer a person, at once or after a second try."""
    misses = _misses(turn) + 1
    if misses < _PATIENCE:
        text = turn.voice.say("Sorry, I cannot answer that. Can you put it in other words?")
        choices = [Choice(PERSON, turn.voice.say("Ask a colleague"))]
    else:
        text = turn.voice.say("Sorry, I do not understand you. Shall a colleague answer you?")
        choices = [Choice(YES, turn.voice.say("Yes")), Choice(NO, turn.voice.say("No"))]
    return Reply(text, tuple(choices), substantive=False, dialogue=asked("person", choices, misses=misses))

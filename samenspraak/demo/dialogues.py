"""The kinds of conversations that a month brings: answered, unclear, misunderstood, handed over, urgent, abandoned."""

import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bots.answers import Answers
from bots.claims import EMERGENCY
from bots.policy import reply_language
from bots.repository.messages import Author
from bots.voice import marked, say_in, voice
from messaging.channel import Choice
from messaging.twilio.message import numbered
from nlu.interpreter import OUT_OF_SCOPE
from nlu.training_data import Example
from people.organisation import BRUSSELS, Organisation
from samenspraak.demo.talk import Talk
from samenspraak.demo.wording import wording
from storage.facts import FactKind

_DISCLOSURE = "I am the chatbot of {organisation}."
_SHORTEST, _LONGEST = 8, 170
QUESTIONS = frozenset(
    {
        "appointment_make", "birth_declaration", "building_permit", "bulky_waste", "certificate", "childcare",
        "contact_details", "council", "driving_licence", "elderly_care", "elections", "event_permit", "events",
        "fine", "housing", "identity_card", "identity_card_lost", "kids_id", "library", "move_in",
        "neighbourhood_contact", "opening_hours", "parking_permit", "passport", "property_tax", "recycling_park",
        "renovation_grant", "report_blocked_drain", "report_green", "report_illegal_dumping", "report_noise",
        "report_road_damage", "report_street_light", "report_waste_missed", "road_works", "room_hire",
        "scam_or_phishing", "school", "social_support", "sorting_question", "sports", "vacancies", "waste_bags",
        "waste_calendar",
    }
)  # fmt: skip
FOR_THE_POLICE = frozenset(
    {"scam_or_phishing", "report_noise", "neighbourhood_contact", "fine", "identity_card_lost", "parking_disabled"}
)
_BUSY, _NOT_YET = timedelta(days=2), 0.35
"""Of the last days, not everybody was answered yet."""
_TALKATIVE = 0.4
_TIRED = 0.25
"""The share of those who leave after the bot did not understand them."""


class Sentences:
    """What people write on a topic, each sentence once until all were used."""

    def __init__(self, examples: Sequence[Example], chance: random.Random) -> None:
        by_kind: dict[tuple[str, str], list[str]] = {}
        for one in examples:
            if _SHORTEST <= len(one.text) <= _LONGEST:
                by_kind.setdefault((one.intent, one.language), []).append(one.text)
        self._by_kind = {kind: self._endless(texts, chance) for kind, texts in by_kind.items()}

    @staticmethod
    def _endless(texts: list[str], chance: random.Random) -> Iterator[str]:
        while True:
            chance.shuffle(texts)
            yield from texts

    def on(self, intent: str, language: str) -> str:
        """A sentence; KeyError when there is none."""
        return next(self._by_kind[intent, language])


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells conversations of one organisation.

    officers: who answers, name by id. topics: what is asked. end: nothing happens after it.
    """

    organisation: Organisation
    answers: Answers
    sentences: Sentences
    officers: Mapping[int, str]
    topics: Collection[str]
    chance: random.Random
    end: datetime

    def later(self, talk: Talk, least: float, most: float) -> None:
        """Some seconds pass."""
        talk.at += timedelta(seconds=self.chance.uniform(least, most))

    def hear(self, talk: Talk, intent: str, text: str | None = None, *, sure: bool = True) -> str:
        """The resident writes on a topic; gives the text."""
        written = text or self.sentences.on(intent, talk.person.language)
        talk.hear(written, intent, self.chance.uniform(0.72, 0.995) if sure else self.chance.uniform(0.2, 0.5))
        return written

    def bot(self, talk: Talk, text: str, *, substantive: bool = True, choices: Sequence[Choice] = ()) -> None:
        """The bot answers within a second or so, as the language policy wants it."""
        self.later(talk, 0.15, 1.4)
        policy = reply_language(None, talk.person.language, offered_before=talk.disclosed)
        said = marked(self.organisation, policy, text)
        if not talk.disclosed:
            said = f"{self.say(_DISCLOSURE)}\n\n{said}"
        lost = talk.person.channel == "sms" and self.chance.random() < 0.02  # noqa: PLR2004 - phones that are off
        talk.say(Author.BOT, numbered(said, tuple(choices)), substantive=substantive, lost=lost)

    def say(self, message: str, **values: object) -> str:
        """A text of the catalogue in Dutch."""
        return voice(self.organisation, "nl").say(message, **values)

    def answer(self, talk: Talk, topic: str, question: str) -> None:
        """The municipality's text, or the day of the collection that the question names."""
        fraction = self.answers.fraction_in(question) if topic == "waste_calendar" else None
        if fraction is None:
            self.bot(talk, self.answers.text(topic, "nl"))
        else:
            self.bot(talk, self.answers.collection_text(fraction, "nl", talk.at.astimezone(BRUSSELS).date()))


def answered(teller: Teller, talk: Talk, topic: str) -> None:
    """A question and its answer, sometimes another question, sometimes thanks."""
    teller.answer(talk, topic, teller.hear(talk, topic))
    if teller.chance.random() < 0.22:  # noqa: PLR2004
        teller.later(talk, 30, 600)
        other = teller.chance.choice(sorted(teller.topics))
        teller.answer(talk, other, teller.hear(talk, other))
    if teller.chance.random() < 0.3:  # noqa: PLR2004
        teller.later(talk, 10, 90)
        teller.hear(talk, "thank")
        teller.bot(talk, teller.say("You're welcome!"), substantive=False)


def clarified(teller: Teller, talk: Talk, topic: str) -> None:
    """Not clear at once: two suggestions, of which one is right."""
    question = teller.hear(talk, topic, sure=False)
    other = teller.chance.choice(sorted(set(teller.topics) - {topic}))
    offered = [topic, other]
    teller.chance.shuffle(offered)
    labels = [*(teller.answers.label(one, "nl") for one in offered), teller.say("Something else")]
    choices = [Choice(str(number), label) for number, label in enumerate(labels)]
    text = teller.say("I am not sure that I understand you. Do you mean:")
    teller.bot(talk, text, substantive=False, choices=choices)
    if teller.chance.random() < _TIRED:
        return
    teller.later(talk, 4, 60)
    talk.hear(labels[offered.index(topic)], topic, 1.0, kind="choice")
    teller.answer(talk, topic, question)


def misunderstood(teller: Teller, talk: Talk, topic: str) -> None:
    """The bot has no answer; some leave, some find other words, some get a person."""
    teller.hear(talk, OUT_OF_SCOPE, sure=False)
    teller.bot(talk, teller.say("Sorry, I cannot answer that. Can you put it in other words?"), substantive=False)
    if teller.chance.random() < _TIRED:
        return
    teller.later(talk, 15, 120)
    teller.answer(talk, topic, teller.hear(talk, topic))


def handed_over(teller: Teller, talk: Talk, topic: str) -> None:
    """A person is asked for, and answers in office hours; the recent ones still wait."""
    if teller.chance.random() < 0.5:  # noqa: PLR2004
        teller.answer(talk, topic, teller.hear(talk, topic))
        teller.later(talk, 20, 200)
    reason = teller.chance.choice(("talk_to_human", "talk_to_human", "complaint", "dissatisfied"))
    teller.hear(talk, reason)
    opening = teller.organisation.office_hours.next_opening(talk.at)
    text = "I am asking a colleague to answer you here."
    closed = not teller.organisation.office_hours.is_open(talk.at) and opening is not None
    if closed:
        text = "I have told a colleague. Our office is closed now; you will get an answer here from {moment}."
    moment = "" if opening is None else voice(teller.organisation, "nl").moment(opening)
    teller.bot(talk, teller.say(text, moment=moment), substantive=False)
    talk.ask_for_officer(reason)
    _by_officer(teller, talk)


def _by_officer(teller: Teller, talk: Talk) -> None:
    said = wording().exchanges[talk.person.language]
    exchange = said[talk.id % len(said)]
    teller.later(talk, 10, 80)
    if talk.at > teller.end:
        return
    talk.hear(exchange.question, OUT_OF_SCOPE, 0.4)
    at = _when_somebody_is_there(teller, talk.at)
    if at is None or (at > teller.end - _BUSY and teller.chance.random() < _NOT_YET):
        return
    talk.at = at
    officer = teller.chance.choice(list(teller.officers))
    talk.take_over(officer)
    talk.say(Author.SYSTEM, _now_with(teller, officer), substantive=False)
    teller.later(talk, 40, 500)
    talk.say(Author.OFFICER, exchange.answer, substantive=True)
    talk.fact(FactKind.OFFICER_REPLIED, officer_id=officer)
    if exchange.then:
        teller.later(talk, 20, 900)
        talk.hear(exchange.then, "thank", 0.9)
        if teller.chance.random() < _TALKATIVE:
            _and_more(teller, talk)
    teller.later(talk, 30, 400)
    talk.close()


def _and_more(teller: Teller, talk: Talk) -> None:
    """A word on both sides, before the officer closes."""
    officer, resident = teller.chance.choice(wording().closings)
    teller.later(talk, 30, 300)
    talk.say(Author.OFFICER, officer, substantive=True)
    talk.fact(FactKind.OFFICER_REPLIED, officer_id=talk.officer_id)
    teller.later(talk, 20, 400)
    talk.hear(resident, "thank", 0.8)


def _now_with(teller: Teller, officer: int) -> str:
    return teller.say("You are now talking to {name}, a staff member of {organisation}.", name=teller.officers[officer])


def _when_somebody_is_there(teller: Teller, at: datetime) -> datetime | None:
    """A while later in office hours; None when that is not yet past."""
    hours = teller.organisation.office_hours
    found = at + timedelta(minutes=teller.chance.lognormvariate(2.6, 1.0))
    if not hours.is_open(found):
        opening = hours.next_opening(found)
        found = found if opening is None else opening + timedelta(minutes=teller.chance.uniform(2, 95))
    return found if found < teller.end - timedelta(minutes=30) else None


def idea(teller: Teller, talk: Talk, topic: str) -> None:  # noqa: ARG001 - every kind is called alike
    """Somebody thinks along."""
    teller.hear(talk, "share_idea")
    teller.bot(talk, teller.answers.text("share_idea", "nl"))


def urgent(teller: Teller, talk: Talk, topic: str) -> None:  # noqa: ARG001
    """Danger: the number, and an officer who asks how it went."""
    teller.hear(talk, "emergency")
    teller.later(talk, 0.1, 0.6)
    languages = tuple(dict.fromkeys(("nl", talk.person.language)))
    talk.say(Author.SYSTEM, say_in(teller.organisation, languages, EMERGENCY), substantive=True)
    talk.ask_for_officer("emergency", urgent=True)
    at = _when_somebody_is_there(teller, talk.at)
    if at is None:
        return
    talk.at = at
    officer = teller.chance.choice(list(teller.officers))
    talk.take_over(officer)
    talk.say(Author.SYSTEM, _now_with(teller, officer), substantive=False)
    teller.later(talk, 20, 90)
    talk.say(Author.OFFICER, "Is de hulp ter plaatse geraakt? Kunnen wij nog iets doen?", substantive=True)
    talk.fact(FactKind.OFFICER_REPLIED, officer_id=officer)
    teller.later(talk, 200, 2000)
    talk.close()


def picture(teller: Teller, talk: Talk, topic: str) -> None:
    """A photo, which the bot cannot read; then words."""
    talk.hear("", "out_of_scope", 0.0, kind="photo")
    text = "I cannot look at pictures. Please describe in words what you see."
    teller.bot(talk, teller.say(text), substantive=False)
    if teller.chance.random() < _TIRED:
        return
    teller.later(talk, 20, 200)
    teller.answer(talk, topic, teller.hear(talk, topic))


Kind = Callable[[Teller, Talk, str], None]
KINDS: tuple[tuple[Kind, int], ...] = (
    (answered, 56),
    (clarified, 11),
    (misunderstood, 10),
    (handed_over, 15),
    (idea, 4),
    (picture, 3),
    (urgent, 1),
)
"""Each with how many of a hundred conversations are of it."""

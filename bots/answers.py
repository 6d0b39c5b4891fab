"""The bot's answers: a municipality's content file, checked once when it is loaded, then only looked up."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, Self, cast

from babel.dates import format_date

from bots.content.located import Node
from bots.content.waste import Fraction, fraction_mentioned

Form = Literal["u", "je"]

LANGUAGES = ("nl", "fr", "de", "en")
FORMS = ("u", "je")
ANSWERED_BY_THE_SYSTEM = frozenset({"affirm", "deny", "emergency", "self_harm"})
LABEL_LIMIT = 24  # characters: the longest row of a WhatsApp list
TEXT_LIMIT = 480  # characters: eight parts of an SMS at most (67 each outside GSM-7)
LONG_DATE = {"nl": "EEEE d MMMM", "fr": "EEEE d MMMM", "de": "EEEE, d. MMMM", "en": "EEEE d MMMM"}
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}|[{}]")

Facts = Mapping[str, Mapping[str, str]]  # name -> language -> text


@dataclass(frozen=True, slots=True)
class Municipality:
    """Whose answers these are, and how it addresses its residents in Dutch."""

    name: str
    address_form: Form


@dataclass(frozen=True, slots=True)
class Wording:
    """One message in each language; Dutch in both forms of address."""

    by_language: Mapping[str, str]  # Dutch in the form "u"
    dutch_je: str

    def spoken(self, language: str, form: Form) -> str:
        """The message; KeyError for a language that we do not speak."""
        return self.dutch_je if (language, form) == ("nl", "je") else self.by_language[language]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said on a topic, and the few words that name the topic on a button."""

    label: Mapping[str, str]
    text: Wording


@dataclass(frozen=True, slots=True)
class Answers:
    """All that the bot says for one municipality, facts filled in."""

    municipality: Municipality
    facts: Facts
    by_topic: Mapping[str, Answer]
    fractions: Mapping[str, Fraction]
    collection: Wording  # with {fraction} and {date} still open

    @classmethod
    def load(cls, path: Path, topics: Collection[str]) -> Self:
        """Read a content file that answers these topics; InvalidInput tells file, line and topic.

        Of `topics` (out_of_scope among them) those that the system answers itself are left out.
        """
        parts = Node.load(path).exactly(("municipality", "facts", "waste", "answers"))
        municipality = _municipality(parts["municipality"])
        facts = _facts(parts["facts"], municipality)
        waste = parts["waste"].exactly(("text", "fractions"))
        blanks = {name: dict.fromkeys(LANGUAGES, f"{{{name}}}") for name in ("fraction", "date")}
        answered = frozenset(topics) - ANSWERED_BY_THE_SYSTEM
        return cls(
            municipality=municipality,
            facts=facts,
            by_topic={t: _answer(node, facts) for t, node in parts["answers"].exactly(answered).items()},
            fractions={key: _fraction(node) for key, node in waste["fractions"].entries().items()},
            collection=_wording(waste["text"], {**facts, **blanks}),
        )

    def text(self, topic: str, language: str, form: Form | None = None) -> str:
        """The answer, in the municipality's own form of address unless told otherwise.

        KeyError for a topic that has no answer here or a language that we do not speak.
        """
        return self.by_topic[topic].text.spoken(language, form or self.municipality.address_form)

    def label(self, topic: str, language: str) -> str:
        """The topic in 2 to 4 words, for a button or a numbered choice."""
        return self.by_topic[topic].label[language]

    def fraction_in(self, text: str) -> str | None:
        """The key of the waste fraction that a resident's text names, or None."""
        return fraction_mentioned(text, self.fractions)

    def next_collection(self, fraction: str, today: date) -> date:
        """The first collection of a fraction (its key) on or after `today`."""
        return self.fractions[fraction].next_collection(today)

    def collection_text(self, fraction: str, language: str, today: date, form: Form | None = None) -> str:
        """The sentence that tells the next collection of a fraction."""
        day = self.next_collection(fraction, today)
        sentence = self.collection.spoken(language, form or self.municipality.address_form)
        said = {
            "{fraction}": self.fractions[fraction].label[language],
            "{date}": format_date(day, LONG_DATE[language], locale=language),
        }
        for blank, value in said.items():
            sentence = sentence.replace(blank, value)
        return sentence


def _municipality(node: Node) -> Municipality:
    parts = node.exactly(("name", "address_form"))
    form = parts["address_form"].text()
    if form not in FORMS:
        raise parts["address_form"].error("is u or je")
    return Municipality(parts["name"].text(), cast("Form", form))


def _facts(node: Node, municipality: Municipality) -> Facts:
    """Each fact in each language: a plain text is the same in all."""
    facts: dict[str, Mapping[str, str]] = {"municipality": dict.fromkeys(LANGUAGES, municipality.name)}
    for name, fact in node.entries().items():
        if name in facts:
            raise fact.error("this name is taken by the municipality's own name")
        facts[name] = _texts(fact) if fact.is_mapping() else dict.fromkeys(LANGUAGES, _plain(fact))
    return facts


def _texts(node: Node) -> dict[str, str]:
    return {language: _plain(entry) for language, entry in node.exactly(LANGUAGES).items()}


def _plain(node: Node) -> str:
    text = node.text()
    if "{" in text or "}" in text:
        raise node.error("only the texts of answers can hold placeholders")
    return text


def _answer(node: Node, facts: Facts) -> Answer:
    parts = node.exactly(("label", "text"))
    return Answer(_label(parts["label"]), _wording(parts["text"], facts))


def _label(node: Node) -> Mapping[str, str]:
    labels = _texts(node)
    for language, label in labels.items():
        if len(label) > LABEL_LIMIT:
            raise node.entries()[language].error(f"{len(label)} characters; at most {LABEL_LIMIT} fit a button")
    return labels


def _wording(node: Node, facts: Facts) -> Wording:
    parts = node.exactly(LANGUAGES)
    dutch = parts["nl"]
    forms = dutch.exactly(FORMS) if dutch.is_mapping() else dict.fromkeys(FORMS, dutch)
    parts["nl"] = forms["u"]
    by_language = {language: _filled(part, language, facts) for language, part in parts.items()}
    return Wording(by_language, dutch_je=_filled(forms["je"], "nl", facts))


def _filled(node: Node, language: str, facts: Facts) -> str:
    """The text with its placeholders filled in from the facts."""

    def fact(match: re.Match[str]) -> str:
        if match[1] not in facts:
            raise node.error(f"unknown placeholder {match[0]}; every {{name}} must be one of `facts`")
        return facts[match[1]][language]

    text = PLACEHOLDER.sub(fact, node.text())
    if len(text) > TEXT_LIMIT:
        raise node.error(f"{len(text)} characters when filled in; at most {TEXT_LIMIT}")
    return text


def _fraction(node: Node) -> Fraction:
    parts = node.exactly(("label", "synonyms", "first", "every_weeks", "moved"))
    moved = parts["moved"].entries()
    fraction = Fraction(
        label=_texts(parts["label"]),
        synonyms=parts["synonyms"].texts(),
        first=parts["first"].day(),
        every_weeks=parts["every_weeks"].number(),
        moved={day: substitute.day() for day, substitute in moved.items()},
    )
    for day, substitute in moved.items():
        if type(day) is not date or not fraction.is_regular(day):
            raise substitute.error("this is no day of a regular collection")
        if abs(substitute.day() - day) >= timedelta(weeks=1):
            raise substitute.error("the substitute must be at most 6 days away")
    return fraction

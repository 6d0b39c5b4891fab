"""What a message names: days, streets, things from the lookup tables, numbers and addresses."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import phonenumbers
from rapidfuzz import fuzz, process

from nlu.dates import find_dates
from nlu.interpreter import Entity, Language
from nlu.normalise import fold
from nlu.training_data import TrainingData

_WORD: Final = re.compile(r"[\w'’-]+")
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_AMOUNT: Final = re.compile(
    r"(?:€\s?|\beur(?:o|os)?\s)(?P<a>\d+(?:[.,]\d{1,2})?)|(?P<b>\d+(?:[.,]\d{1,2})?)\s?(?:€|eur(?:o|os)?\b)",
    re.IGNORECASE,
)
_REFERENCE: Final = re.compile(r"\b(?=[A-Z0-9/-]*[A-Z])(?=[A-Z0-9/-]*\d{3})[A-Z]{1,5}[A-Z0-9]*(?:[-/][A-Z0-9]+)*\b")

_STREET_WORDS: Final = 4
_STREET_LIKENESS: Final = 88
"""Per cent of letters in common from which on a street counts as meant."""

_SHORTEST_STREET: Final = 5


_LOOKED_UP: Final = frozenset({"document", "place", "service", "waste_type"})
"""The kinds that are found by name; days, streets and numbers have a form of their own."""

_SHORTEST_NAME: Final = 3


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """What is looked up, by its folded form: streets, and names with their kind and value."""

    streets: Mapping[str, str]
    names: Mapping[str, tuple[str, str]]
    longest: int

    @staticmethod
    def build(names: Mapping[str, tuple[str, str]], streets: Sequence[str]) -> "Gazetteer":
        """`names` as `learn_names` gives them; `streets` as they are to be shown."""
        longest = max((len(_WORD.findall(name)) for name in names), default=0)
        return Gazetteer({fold(street): street for street in streets}, names, longest)


def learn_names(data: TrainingData) -> dict[str, tuple[str, str]]:
    """The names in lookup tables and annotations: folded, with the kind and value most often given.

    A synonym gives the value where the table or annotation gives none.
    """
    values = {fold(term.text): term.kind for term in data.terms if term.block == "synonym"}
    listed = [(term.text, term.kind, term.text) for term in data.terms if term.block == "lookup"]
    listed += [(entity.text, entity.kind, entity.value) for example in data.examples for entity in example.entities]
    meanings: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for text, kind, value in listed:
        name = fold(text)
        if kind in _LOOKED_UP and len(name) >= _SHORTEST_NAME:
            meanings[name][kind, values.get(name, value) if value == text else value] += 1
    return {name: counted.most_common(1)[0][0] for name, counted in sorted(meanings.items())}


def find_entities(text: str, today: date, gazetteer: Gazetteer, language: Language | None = None) -> tuple[Entity, ...]:
    """What `text` names, in its order; where two readings overlap, the earlier kind of this list wins."""
    kept: list[Entity] = []
    for found in _all(text, today, gazetteer, language):
        if all(found.end <= other.start or found.start >= other.end for other in kept):
            kept.append(found)
    return tuple(sorted(kept, key=lambda entity: entity.start))


def _all(text: str, today: date, gazetteer: Gazetteer, language: Language | None) -> Iterator[Entity]:
    yield from (_entity("email", found[0].lower(), found) for found in _EMAIL.finditer(text))
    yield from _amounts(text)
    yield from find_dates(text, today, language)
    yield from _phones(text)
    yield from (_entity("reference_number", found[0], found) for found in _REFERENCE.finditer(text))
    yield from _streets(text, gazetteer)
    yield from _names(text, gazetteer)


def _entity(kind: str, value: str, found: re.Match[str]) -> Entity:
    return Entity(kind, value, found[0], found.start(), found.end())


def _amounts(text: str) -> Iterator[Entity]:
    for found in _AMOUNT.finditer(text):
        euros = float((found["a"] or found["b"]).replace(",", "."))
        yield _entity("amount", f"{euros:.2f}", found)


def _phones(text: str) -> Iterator[Entity]:
    for found in phonenumbers.PhoneNumberMatcher(text, "BE"):
        value = phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164)
        yield Entity("phone", value, found.raw_string, found.start, found.end)


def _spans(text: str, most: int) -> Iterator[tuple[int, int]]:
    """Every run of one to `most` words, the longest first."""
    words = [(found.start(), found.end()) for found in _WORD.finditer(text)]
    for count in range(min(most, len(words)), 0, -1):
        for at in range(len(words) - count + 1):
            yield words[at][0], words[at + count - 1][1]


def _streets(text: str, gazetteer: Gazetteer) -> Iterator[Entity]:
    if not gazetteer.streets:
        return
    for start, end in _spans(text, _STREET_WORDS):
        written = fold(text[start:end])
        if len(written) < _SHORTEST_STREET:
            continue
        near = process.extractOne(written, gazetteer.streets.keys(), scorer=fuzz.ratio, score_cutoff=_STREET_LIKENESS)
        if near:
            yield Entity("street", gazetteer.streets[near[0]], text[start:end], start, end)


def _names(text: str, gazetteer: Gazetteer) -> Iterator[Entity]:
    for start, end in _spans(text, gazetteer.longest):
        found = gazetteer.names.get(fold(text[start:end]))
        if found:
            yield Entity(*found, text[start:end], start, end)

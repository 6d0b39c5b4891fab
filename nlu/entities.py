"""What a message names: days, streets, things from the lookup tables, numbers and addresses."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import phonenumbers

from nlu.dates import find_dates
from nlu.interpreter import Entity, Language
from nlu.normalise import fold
from nlu.numbers import SPOKEN_SUM, SUM, euros
from nlu.redact import is_iban
from nlu.streets import Street, Streets
from nlu.training_data import TrainingData

_WORD: Final = re.compile(r"[\w'’-]+")
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_EURO: Final = r"(?:€|(?:eur(?:o|os)?|quid|balles|tacken)\b)"
_AMOUNT: Final = re.compile(
    rf"(?:€\s?|\beur(?:o|os)?\s)(?P<a>{SUM})(?![\d.,]\d)|(?<![\d.,])(?P<b>{SUM}|\b(?:{SPOKEN_SUM}))\s?{_EURO}",
    re.IGNORECASE,
)
_REFERENCE: Final = re.compile(
    r"\b(?=[A-Z0-9/_-]*[A-Z])(?=[A-Z0-9/_-]*\d{3})(?![ENR]\d+\b)[A-Z]{1,5}[A-Z0-9]*(?:[-/_][A-Z0-9]+)*\b"
    r"|\b[A-Za-z]{2,5}[-/_]\d[\d/_-]{2,}\d\b|\b20\d{2}-\d{3,6}\b|\+{3}\d{3}/\d{4}/\d{5}\+{3}"
)
_CALLED_REFERENCE: Final = re.compile(
    r"\b(?:(?:dossier|referentie|référence|reference|ref|kenmerk|akte|aktenzeichen|ticket|case|file|melding|meldng|vorgang)"
    r"\w*|num+er|numéro|number|nr|no?°)\.?"
    r"(?:\s+(?:nr|nummer|numéro|number|no|n°|is|ist|est|le)\.?)*\s*:?\s*(?P<number>\d[\d/_-]{2,}\d)\b",
    re.IGNORECASE,
)


_LOOKED_UP: Final = frozenset({"document", "place", "service", "waste_type"})
"""The kinds that are found by name; days, streets and numbers have a form of their own."""

_SHORTEST_NAME: Final = 3


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """What is looked up: streets, and names by their folded form with their kind and value."""

    streets: Streets
    names: Mapping[str, tuple[str, str]]
    longest: int

    @staticmethod
    def build(names: Mapping[str, tuple[str, str]], streets: Iterable[Street] = ()) -> "Gazetteer":
        """`names` as `learn_names` gives them; `streets` as the municipality lists them."""
        longest = max((len(_WORD.findall(name)) for name in names), default=0)
        return Gazetteer(Streets(streets), names, longest)


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
    yield from _phones(text)
    yield from gazetteer.streets.find(text)
    yield from find_dates(text, today, language)
    yield from _references(text)
    yield from _names(text, gazetteer)


def _entity(kind: str, value: str, found: re.Match[str]) -> Entity:
    return Entity(kind, value, found[0], found.start(), found.end())


def _amounts(text: str) -> Iterator[Entity]:
    for found in _AMOUNT.finditer(text):
        yield _entity("amount", f"{euros(fold(found['a'] or found['b'])):.2f}", found)


def _references(text: str) -> Iterator[Entity]:
    for found in _CALLED_REFERENCE.finditer(text):
        yield Entity("reference_number", found["number"], found["number"], found.start("number"), found.end("number"))
    for found in _REFERENCE.finditer(text):
        if not (found[0].isalnum() and is_iban(found[0])):
            yield _entity("reference_number", found[0].upper(), found)


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


def _names(text: str, gazetteer: Gazetteer) -> Iterator[Entity]:
    for start, end in _spans(text, gazetteer.longest):
        found = gazetteer.names.get(fold(text[start:end]))
        if found:
            yield Entity(*found, text[start:end], start, end)

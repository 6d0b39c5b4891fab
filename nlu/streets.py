"""Streets as residents write them: by the municipality's list however they are spelt, else by how a street is called.

A list gives each street an id, and maybe more than one name: `rue de l'Église` is the Kerkstraat.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from rapidfuzz import fuzz, process

from nlu.interpreter import Entity
from nlu.normalise import fold
from storage.errors import InvalidInput

_WORDS_IN_NAME: Final = 5
_LIKENESS: Final = 86
"""Per cent of letters in common from which on a street counts as meant."""

_SHORTEST: Final = 5
_SHORTEST_MISSPELT: Final = 8
"""Shorter names have neighbours of another meaning: they count only as they are."""

_WORD: Final = re.compile(r"(?:\w\.)+\w?\.?|\w+(?:['’-]\w+)*\.?")
_JOINT: Final = re.compile(r"[\s'’-]*")
_SIGNS: Final = re.compile(r"[^a-z0-9]+")

_SHORT: Final = {
    "st": "sint", "ste": "sint", "str": "straat", "burg": "burgemeester", "gen": "generaal", "past": "pastoor",
    "dr": "dokter", "prof": "professor", "kan": "kanunnik", "kon": "koning", "olv": "onzelievevrouw",
    "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "boul": "boulevard", "ch": "chaussee",
    "chee": "chaussee", "chauss": "chaussee", "pl": "place", "r": "rue", "all": "allee", "imp": "impasse",
}  # fmt: skip
_ENDINGS: Final = (
    (re.compile(r"(?<=\w)(?:str|strt|strasse|straße)$"), "straat"),
    (re.compile(r"(?<=\w)(?:steenw|stw|stwg|stnwg|steenwg)$"), "steenweg"),
    (re.compile(r"(?<=\w)(?:ln)$"), "laan"),
    (re.compile(r"(?<=\w)(?:pl)$"), "plein"),
    (re.compile(r"y"), "ij"),
)

_CALLED: Final = re.compile(
    r"\b[\w-]{3,40}(?:straat|steenweg|laan|dreef|straße|strasse|gasse|strt?\.?)(?!\w)"
    r"|\b[\w-]{3,40}(?:weg|plein|baan|lei|kaai|dijk|platz|allee)(?=\s+\d{1,3}\b)"
    r"|(?<=\b[Ddl][aeu]\s)[A-Z][\w-]{2,40}(?:weg|plein|baan|kaai|dijk|wijk|allee)\b"
    r"|(?<=\b[ht][eh][te]\s)[A-Z][\w-]{2,40}(?:weg|plein|baan|kaai|dijk|wijk|allee)\b"
    r"|(?<=\bde\s)(?:Markt|Steenweg|Vest|Ring)\b|\b[NE]\d{2,3}\b"
    r"|\b(?:[Rr]ue|[Aa]venue|[Aa]v\.|[Bb]oulevard|[Bb]d|[Cc]haussée|[Aa]llée|[Ii]mpasse|[Qq]uai|[Cc]los|[Dd]rève|[Pp]lace)\s+"
    r"(?:(?:de la|des|du|de|de l['’]|d['’]|la|le|les|aux?)\s*)*[A-ZÀ-Ý][\w'’-]+(?:\s+[A-ZÀ-Ý][\w-]+)*"
    r"|\b(?!The|Our|Your|My|His|Her|Their|This|That|Which|Every|What)[A-Z][a-z]+\s(?:[Ss]treet|[Rr]oad|[Ll]ane|[Aa]venue)\b"
)
_NO_NAME: Final = re.compile(
    r"\b(?:zij|dwars|winkel|woon|achter|speel|spiel|auto|snel|schnell|fiets|wandel|land|neben|seiten|einbahn|quer|sack|"
    r"tram|trein|spoor|rij|start|kegel|zee|loop|doe)-?(?:straat|stra(?:ß|ss)e|weg|laan|plein|gasse|baan|dijk)\b"
    r"|slaan$|slui?kstrt|(?:regi|bourgme|burgeme|me|mee)str",
    re.IGNORECASE,
)

_FILLER: Final = (
    r"(?:\s*,?\s*(?:ter hoogte van|t\.?h\.?v\.?|tegenover|aan|bij|devant le|devant|face au|au|vor|bei|near|opposite|"
    r"outside|at))?"
    r"(?:\s*,?\s*(?:huisnummer|hausnummer|nummer|numéro|numero|number|nr|num|n°|no)\.?)?"
)
_HOUSE: Final = re.compile(
    rf"{_FILLER}\s*,?\s*(?P<number>\d{{1,4}}(?:\s?(?![uh]\b)[a-z])?)(?![\w:/.,]\w|\w)"
    r"(?!\s*(?:uur|u|h|heures?|uhr|euro|€|[.:]\d|weken|dagen|jours|tagen?|days|personen)\b)"
    r"(?:\s*,?\s*(?:(?:bus|bte|boîte|boite|box)\.?\s*)(?P<box>[0-9]{1,4}[a-zA-Z]?|[a-zA-Z])\b)?"
    rf"|{_FILLER}\s*,?\s*(?P<before>\d{{1,4}}[a-zA-Z]?)/(?P<slash>[1-9]\d{{0,3}})(?![\w/])",
    re.IGNORECASE,
)
_NUMBER_BEFORE: Final = re.compile(r"(?<!\d)(?<![\d/.])(?P<number>\d{1,4}[a-zA-Z]?)\s*,?\s*$")
_NUMBER_FIRST: Final = ("rue", "av", "bd", "bld", "boul", "ch", "place", "pl", "all", "imp", "quai", "clos", "drev")
"""A French address begins with the house number."""


@dataclass(frozen=True, slots=True)
class Street:
    """One name of a street in the municipality's list."""

    id: str
    name: str


def read_streets(path: Path) -> list[Street]:
    """The list in a file with tabs between and the header `id`, `name`. Raises InvalidInput naming file and line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path}: cannot be read: {error}") from error
    if not lines or lines[0].split("\t") != ["id", "name"]:
        raise InvalidInput(f"{path}:1: the header line must be id and name, with a tab between")
    rows = [(number, line.split("\t")) for number, line in enumerate(lines[1:], start=2) if line.strip()]
    for number, row in rows:
        if len(row) != 2 or not all(cell.strip() for cell in row):  # noqa: PLR2004 - id and name
            raise InvalidInput(f"{path}:{number}: expected an id and a name with a tab between")
    return [Street(identifier.strip(), name.strip()) for _, (identifier, name) in rows]


class Streets:
    """The municipality's list, ready to be looked up in; without one streets are known by their endings."""

    def __init__(self, streets: Iterable[Street] = ()) -> None:
        self._ids = {_key(_WORD.findall(street.name)): street.id for street in streets}
        self._keys = list(self._ids)

    def find(self, text: str) -> Iterator[Entity]:
        """Each street with the house number and box behind it. The value is its id, or what was written."""
        kept: list[Entity] = []
        for street in (*self._listed(text), *_called(text)):
            if all(street.end <= other.start or street.start >= other.end for other in kept):
                kept.append(street)
        for street in kept:
            yield street
            yield from _house(text, street)

    def _listed(self, text: str) -> Iterator[Entity]:
        """Best likeness first; of equal ones the longest."""
        spans = list(_spans(text))
        if not spans or not self._keys:
            return
        written = [key for _, _, key in spans]
        likeness = process.cdist(written, self._keys, scorer=fuzz.ratio, score_cutoff=_LIKENESS)
        best = likeness.argmax(axis=1)
        scores = likeness[np.arange(len(spans)), best]
        for at in np.lexsort((-np.array([len(key) for key in written]), -scores)):
            if scores[at] == 0:
                return
            if scores[at] == 100 or len(written[at]) >= _SHORTEST_MISSPELT:  # noqa: PLR2004 - all letters
                start, end, _ = spans[at]
                yield Entity("street", self._ids[self._keys[best[at]]], text[start:end], start, end)


def _called(text: str) -> Iterator[Entity]:
    for found in _CALLED.finditer(text):
        if not _NO_NAME.search(found[0]):
            yield Entity("street", found[0], found[0], found.start(), found.end())


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Every run of one to a few words that may be a name, with its key."""
    words = [(found.start(), found.end(), _whole(found[0])) for found in _WORD.finditer(text)]
    for at, (start, _, _) in enumerate(words):
        key, end = "", start
        for begin, until, whole in words[at : at + _WORDS_IN_NAME]:
            if not _JOINT.fullmatch(text[end:begin]):
                break
            key, end = key + whole, until
            if len(key) >= _SHORTEST:
                yield start, end, key


def _key(words: Sequence[str]) -> str:
    """One written form of a street, however it was typed."""
    return "".join(_whole(word) for word in words)


def _whole(word: str) -> str:
    """A word without what was left out: "Kerkstr." is the Kerkstraat."""
    plain = _SIGNS.sub("", fold(word).replace("ß", "ss")) if "-" not in word else "".join(map(_whole, word.split("-")))
    plain = _SHORT.get(plain, plain)
    for ending, whole in _ENDINGS:
        plain = ending.sub(whole, plain)
    return plain


def _house(text: str, street: Entity) -> Iterator[Entity]:
    found = _HOUSE.match(text, street.end)
    if found:
        yield from _part(found, "house_number", "number" if found["number"] else "before")
        if found["box"] or found["slash"]:
            yield from _part(found, "box", "box" if found["box"] else "slash")
    elif fold(street.text).startswith(_NUMBER_FIRST):
        before = _NUMBER_BEFORE.search(text, 0, street.start)
        if before:
            yield from _part(before, "house_number", "number")


def _part(found: re.Match[str], kind: str, group: str) -> Iterator[Entity]:
    yield Entity(kind, found[group].replace(" ", "").upper(), found[group], found.start(group), found.end(group))

"""Measures the entities: messages in which somebody marked what they name, as Rasa's training files mark it.

The file has a header line with `lang` and `text`. A value behind the kind, `[vrijdag](date:2026-11-27)`, is the normal
form that must come out, reckoned from `REFERENCE_DAY`; without one any value will do.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, cast, get_args

from nlu.interpreter import Entity, Language
from nlu.training_data import parse_annotation
from storage.errors import InvalidInput

REFERENCE_DAY: Final = date(2026, 11, 25)
"""A Wednesday: the day on which the messages were written."""

_HEADER: Final = ["lang", "text"]


@dataclass(frozen=True, slots=True)
class Marked:
    """One message and what it names."""

    language: Language
    text: str
    entities: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Of one kind of entity: how many there are, how many were found, how many of those rightly."""

    marked: int
    found: int
    right: int

    @property
    def precision(self) -> float | None:
        """The share of what was found that is right; None where nothing was found."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """The share of what there is that was found; None where there is none."""
        return self.right / self.marked if self.marked else None

    @property
    def f1(self) -> float:
        """Both in one figure."""
        return 2 * self.right / (self.marked + self.found) if self.marked + self.found else 1.0


def read_marked(path: Path) -> list[Marked]:
    """Read the file. Raises InvalidInput naming file and line."""
    try:
        header, *lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise InvalidInput(f"{path}: cannot be read: {error}") from error
    if header.split("\t") != _HEADER:
        raise InvalidInput(f"{path}:1: the header line must be lang and text")
    return [_read_line(f"{path}:{number}", line) for number, line in enumerate(lines, start=2)]


def score(pairs: Iterable[tuple[Marked, Iterable[Entity]]]) -> dict[str, Score]:
    """By kind; right is what stands where it was marked, is of that kind, and has the value that was given."""
    marked, found, right = Counter[str](), Counter[str](), Counter[str]()
    for message, entities in pairs:
        given = list(entities)
        marked.update(entity.kind for entity in message.entities)
        found.update(entity.kind for entity in given)
        right.update(entity.kind for entity in message.entities if any(_same(entity, one) for one in given))
    return {kind: Score(marked[kind], found[kind], right[kind]) for kind in sorted(marked | found)}


def readable(scores: Mapping[str, Score]) -> str:
    """A table for people."""
    lines = [f"{'':<18} {'marked':>6} {'found':>6} {'precision':>9} {'recall':>7}"]
    for kind, one in scores.items():
        lines.append(f"{kind:<18} {one.marked:>6} {one.found:>6} {_share(one.precision):>9} {_share(one.recall):>7}")
    return "\n".join(lines)


def _read_line(where: str, line: str) -> Marked:
    language, tab, text = line.partition("\t")
    if not tab or language not in get_args(Language):
        raise InvalidInput(f"{where}: expected a language and a text with a tab between")
    try:
        plain, entities = parse_annotation(text)
    except ValueError as error:
        raise InvalidInput(f"{where}: broken entity annotation: {error}") from error
    return Marked(cast("Language", language), plain, entities)


def _same(marked: Entity, found: Entity) -> bool:
    together = marked.kind == found.kind and marked.start < found.end and found.start < marked.end
    return together and marked.value in {marked.text, found.value}


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"

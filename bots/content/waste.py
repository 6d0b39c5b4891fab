"""When which waste is collected, and which waste a resident's words mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rapidfuzz.distance import OSA

LETTERS_PER_SLIP = 6  # one slip of the fingers is forgiven per so many letters
COMPOUND_FROM = 5  # "papierophaling" begins with "papier"; shorter names begin too many other words


@dataclass(frozen=True, slots=True)
class Fraction:
    """A kind of waste that is collected apart, with its rhythm."""

    label: Mapping[str, str]  # by language
    synonyms: tuple[str, ...]  # of all languages together
    first: date
    every_weeks: int
    moved: Mapping[date, date]  # from the regular day (a public holiday) to its substitute, within 6 days

    def is_regular(self, day: date) -> bool:
        """Whether the rhythm alone puts a collection on this day."""
        return day >= self.first and (day - self.first).days % (7 * self.every_weeks) == 0

    def next_collection(self, today: date) -> date:
        """The first collection on or after `today`; a collection of today counts."""
        step = timedelta(weeks=self.every_weeks)
        rounds = max(0, (today - self.first) // step)
        # The last regular day may have been moved to today or later, the one after it to before today.
        regular = [self.first + step * (rounds + number) for number in range(3)]
        return min(day for day in (self.moved.get(day, day) for day in regular) if day >= today)

    def names(self) -> set[str]:
        """Every word or phrase for it, as `words` of a message would spell it."""
        return {" ".join(words(name)) for name in (*self.label.values(), *self.synonyms)}


def words(text: str) -> list[str]:
    """The words of a text, without capitals and punctuation."""
    return re.findall(r"\w+", text.casefold())


def fraction_mentioned(text: str, fractions: Mapping[str, Fraction]) -> str | None:
    """The key of the fraction that a text names, typing errors forgiven; the longest name wins."""
    said = words(text)
    found = [
        (len(name), key) for key, fraction in fractions.items() for name in fraction.names() if _is_said(name, said)
    ]
    return max(found)[1] if found else None


def _is_said(name: str, said: list[str]) -> bool:
    length = name.count(" ") + 1
    phrases = (" ".join(said[start : start + length]) for start in range(len(said) - length + 1))
    compound = length == 1 and len(name) >= COMPOUND_FROM
    return any(
        OSA.distance(phrase, name) <= len(name) // LETTERS_PER_SLIP or (compound and phrase.startswith(name))
        for phrase in phrases
    )

"""What people in the generated history are called and wrote, from the file beside this one."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

_FILE = Path(__file__).with_name("wording.yml")


@dataclass(frozen=True, slots=True)
class Exchange:
    """What somebody asked of a person, the officer's answer, and what they wrote then, if anything."""

    question: str
    answer: str
    then: str = ""


@dataclass(frozen=True, slots=True)
class PastAlert:
    """An alert, what people answered, and what followed it, if anything."""

    title: str
    severity: str
    text: str
    answers: tuple[str, ...]
    all_clear: str = ""
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """Everything by hand.

    names: by language, given and family. exchanges: by language. closings: the officer's word and the resident's.
    """

    names: Mapping[str, Mapping[str, tuple[str, ...]]]
    exchanges: Mapping[str, tuple[Exchange, ...]]
    closings: tuple[tuple[str, str], ...]
    alerts: tuple[PastAlert, ...]

    def name(self, chance: random.Random, language: str) -> str:
        """A first and a family name."""
        parts = self.names[language]
        return f"{chance.choice(parts['given'])} {chance.choice(parts['family'])}"


@cache
def wording() -> Wording:
    """Read the file."""
    found: dict[str, Any] = YAML(typ="safe").load(_FILE.read_text("utf-8"))
    return Wording(
        names={
            language: {part: tuple(names) for part, names in parts.items()}
            for language, parts in found["names"].items()
        },
        exchanges={
            language: tuple(Exchange(**one) for one in every) for language, every in found["with_an_officer"].items()
        },
        closings=tuple((officer, resident) for officer, resident in found["closings"]),
        alerts=tuple(PastAlert(**one) for one in found["alerts"]),
    )

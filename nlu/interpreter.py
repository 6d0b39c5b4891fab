"""What every engine gives back for one message, whatever it is made of."""

from dataclasses import dataclass
from typing import Literal, Protocol

Language = Literal["nl", "fr", "de", "en"]

LANGUAGES: tuple[Language, ...] = ("nl", "fr", "de", "en")

OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Entity:
    """A piece of the message that names something: `text` is what stood there, `value` its normal form."""

    kind: str
    value: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A topic and how probable it is, from 0 to 1."""

    intent: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Interpretation:
    """One message, understood.

    `ranking` is best first and calibrated; it holds `out_of_scope` only when that is the decision.
    `safety` is `emergency`, `self_harm`, `scam_or_phishing` or None and wins over everything else; where it is None,
    `suspected` is the one of them that cannot be ruled out, or None.
    `ambiguous` says that the dialogue should offer the first two of `ranking` as choices.
    """

    language: Language
    language_confidence: float
    intent: str
    confidence: float
    ranking: tuple[Candidate, ...]
    entities: tuple[Entity, ...]
    safety: str | None
    ambiguous: bool
    engine: str
    suspected: str | None = None


class Interpreter(Protocol):
    """An engine that understands messages."""

    async def parse(self, text: str, seed: Language | None = None) -> Interpretation:
        """Understand `text`; `seed` is the language that the channel tells. Raises on no text."""
        ...

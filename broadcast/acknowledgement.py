"""What an alert asks of everybody when lives may depend on it: are you safe, or do you need help. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from locales.catalogue import LANGUAGES, translate
from messaging.channel import Choice

WINDOW = timedelta(hours=12)
"""For so long after an alert, or until it expires, a number alone is the answer to it."""
NOTED = "Thank you. The officers know that you are safe. In danger? Call 112."
"""What somebody safe is told, as a message id of the catalogue `broadcast`, in Dutch with "u" or "je"."""
_DOMAIN = "broadcast"


class Answer(StrEnum):
    """How somebody is."""

    SAFE = "safe"
    NEED_HELP = "need_help"


_LABELS = {Answer.SAFE: "I am safe", Answer.NEED_HELP: "I need help"}


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it came in. event_id: of a button, the event below which it was; by_number: it is but a number."""

    answer: Answer
    event_id: int | None = None
    by_number: bool = False


def choices(event_id: int, languages: Iterable[str]) -> tuple[Choice, ...]:
    """The two answers, in the languages in which somebody is told."""
    told = tuple(languages)
    return tuple(
        Choice(f"{answer}:{event_id}", " / ".join(translate(_DOMAIN, language, label) for language in told))
        for answer, label in _LABELS.items()
    )


def read(choice: str | None, text: str) -> Given | None:
    """The answer that a button, a number or its words give; None for anything else."""
    if choice is not None:
        name, _, number = choice.partition(":")
        known = name in set(Answer) and number.isdecimal()
        return Given(Answer(name), event_id=int(number)) if known else None
    said = " ".join(text.strip().rstrip(".!)").casefold().split())
    if said in _NUMBERS:
        return Given(_NUMBERS[said], by_number=True)
    words = {part.strip() for part in said.split("/")}
    return next((Given(answer) for answer, known in _WORDS.items() if said and words <= known), None)


_NUMBERS = {str(number): answer for number, answer in enumerate(_LABELS, start=1)}
_WORDS = {
    answer: {translate(_DOMAIN, language, label).casefold() for language in LANGUAGES}
    for answer, label in _LABELS.items()
}

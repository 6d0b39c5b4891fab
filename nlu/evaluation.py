"""Measures an engine on messages whose topic is known: a TSV in, figures out.

The file has a header line with at least `lang`, `intent` and `text`, maybe `style`; tabs between, no quoting.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast, get_args

import numpy as np

from nlu.interpreter import OUT_OF_SCOPE, Interpretation, Interpreter, Language
from nlu.normalise import words
from nlu.topics import SAFETY_TOPICS, topic_names
from storage.errors import InvalidInput

_NEEDED: Final = ("lang", "intent", "text")

_SENTENCE_WORDS: Final = 3
"""The language of shorter messages is often that of no language in particular."""


@dataclass(frozen=True, slots=True)
class Message:
    """One line of the file."""

    language: Language
    intent: str
    text: str
    style: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One message, what the engine made of it, and in how many milliseconds."""

    message: Message
    found: Interpretation
    milliseconds: float

    @property
    def right(self) -> bool:
        """The topic is right; out of scope counts as a topic here."""
        return self.found.intent == self.message.intent

    @property
    def right_within_two(self) -> bool:
        """One of the two topics that the dialogue would offer is right; a rejected message offers none."""
        offered = [candidate.intent for candidate in self.found.ranking[:2]]
        return self.right or (self.found.intent != OUT_OF_SCOPE and self.message.intent in offered)


def read_messages(path: Path) -> list[Message]:
    """Read the file. Raises InvalidInput naming file and line."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path}: cannot be read: {error}") from error
    header = lines[0].rstrip("\r").split("\t")
    missing = [name for name in _NEEDED if name not in header]
    if missing:
        raise InvalidInput(f"{path}:1: the header line lacks {', '.join(missing)}")
    rows = [(number, line.rstrip("\r")) for number, line in enumerate(lines[1:], start=2) if line.strip()]
    if not rows:
        raise InvalidInput(f"{path}: holds no messages")
    return [_read_line(f"{path}:{number}", header, line) for number, line in rows]


async def evaluate(
    interpreter: Interpreter,
    messages: Iterable[Message],
    progress: Callable[[int], None] = lambda _: None,
) -> list[Outcome]:
    """Let the engine understand each message, one after the other, without being told the language."""
    outcomes = []
    for done, message in enumerate(messages, start=1):
        began = time.perf_counter()
        found = await interpreter.parse(message.text)
        outcomes.append(Outcome(message, found, (time.perf_counter() - began) * 1000))
        progress(done)
    return outcomes


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Everything that is reported, ready for JSON; shares from 0 to 1, None where nothing was measured.

    `accuracy` is over the messages about a topic, a rejected one counts as wrong; `safety.recall` counts
    an alarm of the right kind, `suspicion.recall` also a suspicion of that kind; `language_accuracy` is over messages
    of three words or more.
    """
    topical = [outcome for outcome in outcomes if outcome.message.intent != OUT_OF_SCOPE]
    sentences = [outcome for outcome in outcomes if len(words(outcome.message.text)) >= _SENTENCE_WORDS]
    by_intent = _by_intent(outcomes)
    return {
        "n": len(outcomes),
        **_accuracies(topical),
        "macro_f1": _mean(entry["f1"] for entry in by_intent.values()),
        "by_language": _grouped(topical, lambda outcome: outcome.message.language),
        "by_style": _grouped(topical, lambda outcome: outcome.message.style),
        "by_intent": by_intent,
        "out_of_scope": _out_of_scope(outcomes),
        "safety": _safety(outcomes),
        "suspicion": _suspicion(outcomes),
        "language_accuracy": _mean(outcome.found.language == outcome.message.language for outcome in sentences),
        "latency_ms": _latency(outcomes),
        "confusions": _confusions(outcomes),
        "engines": dict(Counter(outcome.found.engine for outcome in outcomes)),
    }


def _read_line(where: str, header: list[str], line: str) -> Message:
    cells = line.split("\t")
    if len(cells) != len(header):
        raise InvalidInput(f"{where}: {len(cells)} columns where the header has {len(header)}")
    row = dict(zip(header, cells, strict=True))
    if row["lang"] not in get_args(Language):
        raise InvalidInput(f"{where}: unknown language '{row['lang']}', expected nl, fr, de or en")
    if row["intent"] not in topic_names():
        raise InvalidInput(f"{where}: unknown topic '{row['intent']}'")
    return Message(cast("Language", row["lang"]), row["intent"], row["text"], row.get("style", ""))


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return round(sum(listed) / len(listed), 4) if listed else None


def _accuracies(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    return {
        "accuracy": _mean(outcome.right for outcome in outcomes),
        "accuracy_top2": _mean(outcome.right_within_two for outcome in outcomes),
    }


def _grouped(outcomes: Iterable[Outcome], key: Callable[[Outcome], str]) -> dict[str, Any]:
    groups = defaultdict(list)
    for outcome in outcomes:
        groups[key(outcome)].append(outcome)
    return {name: {"n": len(group), **_accuracies(group)} for name, group in sorted(groups.items()) if name}


def _by_intent(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    real = Counter(outcome.message.intent for outcome in outcomes)
    given = Counter(outcome.found.intent for outcome in outcomes)
    right = Counter(outcome.message.intent for outcome in outcomes if outcome.right)
    return {
        intent: {
            "n": real[intent],
            "recall": round(right[intent] / real[intent], 4),
            "precision": round(right[intent] / given[intent], 4) if given[intent] else None,
            "f1": round(2 * right[intent] / (real[intent] + given[intent]), 4),
        }
        for intent in sorted(real)
        if intent != OUT_OF_SCOPE
    }


def _out_of_scope(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    strangers = [outcome for outcome in outcomes if outcome.message.intent == OUT_OF_SCOPE]
    topical = [outcome for outcome in outcomes if outcome.message.intent != OUT_OF_SCOPE]
    rejected = [outcome for outcome in outcomes if outcome.found.intent == OUT_OF_SCOPE]
    return {
        "recall": _mean(outcome.right for outcome in strangers),
        "precision": _mean(outcome.right for outcome in rejected),
        "false_rejections": _mean(outcome.found.intent == OUT_OF_SCOPE for outcome in topical),
    }


def _safety(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    grave, harmless = _by_danger(outcomes)
    return {
        "recall": _mean(outcome.found.safety == outcome.message.intent for outcome in grave),
        "false_alarms": _mean(outcome.found.safety is not None for outcome in harmless),
    }


def _suspicion(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    grave, harmless = _by_danger(outcomes)
    return {
        "recall": _mean(outcome.message.intent in {outcome.found.safety, outcome.found.suspected} for outcome in grave),
        "false_suspicions": _mean(outcome.found.suspected is not None for outcome in harmless),
    }


def _by_danger(outcomes: Sequence[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
    """The messages about a danger, and the others."""
    grave = [outcome for outcome in outcomes if outcome.message.intent in SAFETY_TOPICS]
    return grave, [outcome for outcome in outcomes if outcome.message.intent not in SAFETY_TOPICS]


def _latency(outcomes: Sequence[Outcome]) -> dict[str, float]:
    p50, p99 = np.percentile([outcome.milliseconds for outcome in outcomes], (50, 99))
    return {"p50": round(float(p50), 2), "p99": round(float(p99), 2)}


def _confusions(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    wrong = Counter((outcome.message.intent, outcome.found.intent) for outcome in outcomes if not outcome.right)
    return [
        {"intent": intent, "taken_for": taken_for, "n": count} for (intent, taken_for), count in wrong.most_common()
    ]

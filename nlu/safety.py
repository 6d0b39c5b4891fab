"""The layer that must not miss: danger to life, a wish to die, fraud. It wins over every topic.

Two independent witnesses. Signs (`safety_signs.yml`): words that mean the same danger in any of the four
languages, combined within a few words of each other, so that mixed languages and word order do not
matter. The classifiers: they catch what no list foresees. Together they make one risk, in which signs weigh so much
that the classifiers must find the danger unlikely to be heard against them ("my soufflé collapsed").
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain, groupby, takewhile
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from nlu.normalise import ENCODER_CHARACTERS, JOINERS, fold

SIGNS_FILE: Final = Path(__file__).parent / "safety_signs.yml"

_WINDOW: Final = 14
"""Signs count together when they stand within this many words of each other."""

_ALONE: Final = 3
"""A message of at most this many words says hardly anything else."""

_PART: Final = 2 * _WINDOW
"""Words in a stretch; the next one begins half-way, so that none falls between two."""

_MOST_PARTS: Final = 3
"""Each is encoded, which takes time."""

_SENTENCE_END: Final = re.compile(r"[.!?…;]+\s|\n+")
_WORD: Final = re.compile(r"[\w'-]+")
_STUTTER: Final = re.compile(r"(\w)\1{2,}")


@dataclass(frozen=True, slots=True)
class Alarm:
    """Raises `kind` when all of `needs` and none of `unless` stand near each other."""

    kind: str
    needs: frozenset[str]
    unless: frozenset[str]


class Signs:
    """The lexicon, looked up word by word."""

    def __init__(self, signs: Mapping[str, Iterable[str]], alarms: Iterable[Alarm], alone: Iterable[Alarm]):
        self._alarms = tuple(alarms)
        self._alone = tuple(alone)
        self._phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._prefixes: dict[str, str] = {}
        for sign, phrases in signs.items():
            for phrase in phrases:
                self._learn(sign, tuple(phrase.split()))

    def alarm(self, text: str) -> str | None:
        """The gravest alarm that the signs in `text` raise, whatever its length."""
        words = _WORD.findall(_plain(text))
        found = sorted(self._find(words))
        if not found:
            return None
        raised = set(self._raised(found))
        if len(words) <= _ALONE:
            present = {sign for _, sign in found}
            raised |= {alarm.kind for alarm in self._alone if _holds(alarm, present, present)}
        return gravest(raised)

    def surroundings(self, words: list[str]) -> Iterator[list[str]]:
        """Of each alarm that the signs raise: the words from its first sign to its last, one more on either side."""
        found = sorted(self._find([_plain(word) for word in words]))
        for start, (first, _) in enumerate(found):
            near: set[str] = set()
            for at, sign in takewhile(partial(_within, first), found[start:]):
                near.add(sign)
                if any(alarm.needs <= near for alarm in self._alarms):
                    yield words[max(0, first - 1) : at + 2]
                    break

    def _learn(self, sign: str, phrase: tuple[str, ...]) -> None:
        if len(phrase) == 1 and phrase[0].endswith("*"):
            self._prefixes[phrase[0][:-1]] = sign
        else:
            self._phrases.setdefault(phrase[0], []).append((phrase, sign))

    def _find(self, words: list[str]) -> Iterable[tuple[int, str]]:
        for at, word in enumerate(words):
            for phrase, sign in self._phrases.get(word, ()):
                if tuple(words[at : at + len(phrase)]) == phrase:
                    yield at, sign
            for prefix, sign in self._prefixes.items():
                if word.startswith(prefix):
                    yield at, sign

    def _raised(self, found: list[tuple[int, str]]) -> Iterable[str]:
        first, after = 0, 0
        for start, (at, _) in enumerate(found):
            while found[first][0] <= at - _WINDOW:
                first += 1
            while after < len(found) and found[after][0] < at + _WINDOW:
                after += 1
            near = {sign for _, sign in found[start:after]}
            around = near | {sign for _, sign in found[first:start]}
            yield from (alarm.kind for alarm in self._alarms if _holds(alarm, near, around))


_GRAVEST_FIRST: Final = ("self_harm", "emergency", "scam_or_phishing")


def gravest(raised: Set[str]) -> str | None:
    """Of several dangers the one that comes first."""
    return next((kind for kind in _GRAVEST_FIRST if kind in raised), None)


def sign_in(text: str, snapped: str) -> str | None:
    """The danger that the signs in a message tell of; `snapped` is its form with the spelling mended, shortened to what
    the classifiers read. Of what they do not read one sentence is enough, whatever excuses it in the next."""
    found = signs().alarm(text) or signs().alarm(snapped)
    if found or len(text) <= ENCODER_CHARACTERS:
        return found
    return gravest({kind for part in parts_with_signs(text) if (kind := signs().alarm(part))})


def assess(text: str, sign: str | None, risk: Mapping[str, float], alarm: float) -> str | None:
    """The safety topic that a message is about, or None.

    `text` is the whole message, `sign` the danger of which its signs tell, `risk` what signs and classifiers together
    say of each kind of danger, `alarm` the line.
    """
    # Where the classifiers have not read all, or know nothing of that kind, nobody can doubt the signs.
    if sign and (sign not in risk or len(text) > ENCODER_CHARACTERS):
        return sign
    return likeliest(risk, alarm)


def likeliest(risk: Mapping[str, float], line: float) -> str | None:
    """The kind of danger with the highest risk, where that reaches the line."""
    likely = max(risk, key=lambda kind: risk[kind], default=None)
    return likely if likely and risk[likely] >= line else None


def within_whole(whole: Mapping[str, float], parts: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The risk of each kind of danger in a text of that risk, when parts of it are judged on their own too.

    Risks are logarithms of odds, so that of the surest part is added to that of the whole: "after his stroke" alone is
    alarming, within a story about a parking card it is not.
    """
    return {kind: risk + max([0.0, *(part.get(kind, 0.0) for part in parts)]) for kind, risk in whole.items()}


def parts_with_signs(text: str) -> list[str]:
    """What of a longer text holds the signs: its sentences, a long one in stretches; where none does, the words from
    sign to sign; then stretches whatever the full stops. The classifiers, which read the whole, may find a danger
    unlikely only for the story that stands around."""
    sentences = list(_sentences(JOINERS.sub("", text)))
    words = list(chain.from_iterable(sentences))
    whole = " ".join(words)
    told = list(filter(signs().alarm, chain.from_iterable(map(_stretches, sentences))))
    if not told and len(sentences) > 1:
        told = list(map(" ".join, signs().surroundings(_WORD.findall(whole))))
    parts = dict.fromkeys(chain(told, filter(signs().alarm, _stretches(words))))
    parts.pop(whole, None)
    return list(parts)[:_MOST_PARTS]


def _sentences(text: str) -> Iterator[list[str]]:
    """The words of each sentence; those of a line each are one sentence, for some write so."""
    lines = filter(None, map(str.split, _SENTENCE_END.split(text)))
    for alone, group in groupby(lines, key=lambda words: len(words) == 1):
        together = list(group)
        yield from [list(chain.from_iterable(together))] if alone else together


def _stretches(words: list[str]) -> Iterator[str]:
    return (" ".join(words[at : at + _PART]) for at in range(0, max(1, len(words) - _WINDOW), _WINDOW))


@cache
def signs() -> Signs:
    """The lexicon that ships with the package."""
    document: dict[str, Any] = YAML(typ="safe").load(SIGNS_FILE.read_text(encoding="utf-8"))
    alarms = [_rule(kind, rule) for kind, rules in document["alarms"].items() for rule in rules]
    alone = [_rule(kind, rule) for kind, rules in document["alone"].items() for rule in rules.split(", ")]
    phrases = {sign: [phrase.strip() for phrase in listed.split(",")] for sign, listed in document["signs"].items()}
    return Signs(phrases, alarms, alone)


def _within(first: int, sign: tuple[int, str]) -> bool:
    return sign[0] < first + _WINDOW


def _plain(text: str) -> str:
    return _STUTTER.sub(r"\1", JOINERS.sub("", fold(text)))


def _rule(kind: str, rule: str) -> Alarm:
    names = rule.split()
    return Alarm(
        kind,
        frozenset(name for name in names if not name.startswith("!")),
        frozenset(name[1:] for name in names if name.startswith("!")),
    )


def _holds(alarm: Alarm, near: set[str], around: set[str]) -> bool:
    return alarm.needs <= near and not alarm.unless & around

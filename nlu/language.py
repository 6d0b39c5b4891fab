"""Which of the four languages a message is in: a statistical identifier plus our own word lists.

The identifier (py3langid) is right on sentences; on one to three words it is not (83%), and there the
words that only one language uses weigh more, and the language that the channel tells.
"""

import math
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from py3langid.langid import MODEL_FILE, LanguageIdentifier
from ruamel.yaml import YAML

from nlu.interpreter import LANGUAGES, Language
from nlu.normalise import fold, tidy

WORDS_FILE: Final = Path(__file__).parent / "language_words.yml"

_LETTERS: Final = re.compile(r"[^\W\d_]+")
_ADDRESS: Final = re.compile(r"\S+@\S+|\S+\.(?:be|com|org|net|eu)\b")

_WORD_SAY: Final = 1.5
"""What one word of a single language adds to that language's logarithm of probability."""

_SEED_SAY: Final = 1.5
"""What the channel's language adds: as much as one word, so that two words of another outweigh it."""

_FULL_SAY: Final = 3
"""The identifier is believed in full from this many words on, below in proportion."""

_CERTAINTY_FLOOR: Final = 1e-3
"""The identifier is never believed beyond this, or it would drown the words of a mixed text."""


def detect(text: str, seed: Language | None = None) -> tuple[Language, float]:
    """The language of `text` and how sure that is (0 to 1); the seed (else Dutch) where nothing tells."""
    identifier, plain = _identifier(), _ADDRESS.sub(" ", tidy(text))
    found = _LETTERS.findall(fold(plain))
    if not found:
        return seed or "nl", 0.0
    scores = dict.fromkeys(LANGUAGES, 0.0)
    for language, probability in identifier.rank(plain.lower()):
        scores[language] = math.log(max(probability, _CERTAINTY_FLOOR)) * min(1.0, len(found) / _FULL_SAY)
    for word in found:
        speakers = _word_lists().get(word, ())
        for language in speakers:
            scores[language] += _WORD_SAY / len(speakers) ** 2
    if seed:
        scores[seed] += _SEED_SAY
    return _best(scores)


def settle(previous: Language | None, detected: Language, confidence: float, words: int) -> Language:
    """The language to go on in with a resident: theirs, unless a longer message clearly is in another.

    One word never switches; two do only when there is hardly a doubt.
    """
    if previous is None or previous == detected:
        return detected
    needed = {0: math.inf, 1: math.inf, 2: 0.97}.get(words, 0.8)
    return detected if confidence >= needed else previous


def _best(scores: dict[Language, float]) -> tuple[Language, float]:
    best = max(scores, key=lambda language: scores[language])
    total = sum(math.exp(score - scores[best]) for score in scores.values())
    return best, 1 / total


@cache
def _word_lists() -> dict[str, tuple[Language, ...]]:
    """The languages that use each listed word."""
    lists = YAML(typ="safe").load(WORDS_FILE.read_text(encoding="utf-8"))
    by_language = {language: frozenset(lists[language].split()) for language in LANGUAGES}
    every = frozenset[str]().union(*by_language.values())
    return {word: tuple(spoken for spoken in LANGUAGES if word in by_language[spoken]) for word in every}


@cache
def _identifier() -> Any:
    """The identifier cut down to our four languages, which leaves out 26 MB of its tables."""
    full = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    kept = [full.nb_classes.index(language) for language in LANGUAGES]
    return LanguageIdentifier(
        np.ascontiguousarray(full.nb_ptc[:, kept]),
        full.nb_pc[kept],
        list(LANGUAGES),
        full.tk_nextmove,
        full.tk_output,
        norm_probs=True,
        tk_row=full.tk_row,
    )

"""The held-out messages stay unseen: none of them, nor a near copy, stands among the training sentences."""

from pathlib import Path

import pytest
from rapidfuzz import fuzz, process

from nlu.evaluation import read_messages
from nlu.interpreter import LANGUAGES, Language
from nlu.normalise import fold, words
from nlu.training_data import read_training_data

FOLDER = Path(__file__).parents[2] / "nlu" / "heldout"

NEAR = 92
"""Per cent of letters in common from which on two messages count as the same."""

SENTENCE_WORDS = 5
"""Two people write the same shorter message without one having seen the other's."""


def plain(text: str) -> str:
    return " ".join(words(fold(text)))


def near_copies(messages: list[str], known: list[str]) -> list[str]:
    sentences = [text for text in messages if len(text.split()) >= SENTENCE_WORDS]
    return [
        text for text in sentences if process.extractOne(text, known, scorer=fuzz.ratio, score_cutoff=NEAR) is not None
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_held_out_sentence_is_trained_on(language: Language) -> None:
    held_out = [plain(message.text) for message in read_messages(FOLDER / f"{language}.tsv")]
    known = [plain(example.text) for example in read_training_data().examples if example.language == language]
    assert len(held_out) >= 100
    assert len(near_copies(held_out, known)) == 0


def test_a_near_copy_is_found() -> None:
    known = [plain("Wanneer komt de vuilniswagen in onze straat?")]
    assert near_copies([plain("wanneer komt de vuilniswagen in onze straat")], known)
    assert near_copies([plain("Wanneer komt de vuilniswagn in onze straat??")], known)
    assert not near_copies([plain("Wanneer komt de wijkagent in onze straat langs?")], known)

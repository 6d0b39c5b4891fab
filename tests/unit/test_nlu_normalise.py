"""Normalisation and spelling: many ways of typing become one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.normalise import ENCODER_CHARACTERS, fold, tidy, words
from nlu.spelling import Spelling, word_frequencies

SPELLING = Spelling(word_frequencies(["wanneer wordt het papier opgehaald", "huisvuilzakken kopen"]))


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        ("  Hallo \n daar ", "Hallo daar"),
        ("heeeeel vies 🤢🤢", "heel vies"),
        ("zie https://voorbeeld.be/x?y=1 aub", "zie aub"),
        ("a\x00b\u200bc", "a b c"),
        ("café", "café"),
        ("ｈａｌｌｏ", "hallo"),
        ("MIJN HUIS STAAT IN BRAND! kom snel", "mijn huis staat in brand! kom snel"),
        ("naar het OCMW", "naar het OCMW"),
    ],
)
def test_an_encoder_reads_text_without_noise(typed: str, tidied: str) -> None:
    assert tidy(typed) == tidied


def test_folding_drops_case_and_accents() -> None:
    assert fold("Où est l’ÉCOLE? Straße") == "ou est l'ecole? strasse"


@given(st.text(max_size=3_000))
def test_any_text_is_tidied_and_bounded(text: str) -> None:
    assert len(tidy(text)) <= ENCODER_CHARACTERS
    assert isinstance(words(fold(text)), list)


def test_a_misspelt_word_becomes_the_known_one() -> None:
    assert SPELLING.snap("Wanner wrodt het papeir opgehaalt?") == "wanneer wordt het papier opgehaald"


def test_short_words_numbers_and_strangers_stay() -> None:
    assert SPELLING.snap("hit 2025x zwembad") == "hit 2025x zwembad"


def test_two_letters_may_be_wrong_in_a_long_word() -> None:
    assert SPELLING.snap("huisvuilsaken") == "huisvuilzakken"

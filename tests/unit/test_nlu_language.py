"""The language of a message, and when a resident's language changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.interpreter import LANGUAGES, Language
from nlu.language import detect, settle
from nlu.normalise import words


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("wanneer wordt het papier opgehaald", "nl"),
        ("kga der een eind aan maken", "nl"),
        ("quand passe le camion poubelle", "fr"),
        ("c koi les horaires svp", "fr"),
        ("wo kann ich mich anmelden", "de"),
        ("my bin was not emptied", "en"),
        ("GOEDEMORGEN WANNEER IS HET ZWEMBAD OPEN", "nl"),
        ("bonjour", "fr"),
    ],
)
def test_each_language_is_told(text: str, language: Language) -> None:
    assert detect(text)[0] == language


def test_the_channels_language_decides_what_nothing_else_tells() -> None:
    assert detect("ok", "fr")[0] == "fr"
    assert detect("PMD", "de")[0] == "de"
    assert detect("👍", "en") == ("en", 0.0)
    assert detect("12345") == ("nl", 0.0)


def test_a_sentence_outweighs_the_channels_language() -> None:
    assert detect("quand est-ce que la commune est ouverte", "nl")[0] == "fr"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ik heb een rendez-vous op de commune maar ik kan niet komen", "nl"),
        ("je cherche le containerpark de la gemeente, c'est ouvert ?", "fr"),
        ("wann ist die déchetterie am Samstag auf", "de"),
        ("where is the gemeentehuis and do I need a rijksregisternummer", "en"),
    ],
)
def test_words_borrowed_from_a_neighbour_do_not_change_the_language(text: str, language: Language) -> None:
    assert detect(text)[0] == language


@pytest.mark.parametrize(
    ("word", "home"), [("merci", "nl"), ("ok", "fr"), ("stop", "de"), ("salut", "en"), ("oui", "nl")]
)
def test_a_resident_who_drops_one_foreign_word_is_answered_in_their_own_language(word: str, home: Language) -> None:
    assert settle(home, *detect(word, home), len(words(word))) == home


@given(st.text(max_size=300), st.sampled_from([None, *LANGUAGES]))
def test_any_text_has_a_language(text: str, seed: Language | None) -> None:
    language, confidence = detect(text, seed)
    assert language in LANGUAGES
    assert 0.0 <= confidence <= 1.0


@given(st.sampled_from(LANGUAGES), st.sampled_from(LANGUAGES), st.floats(0, 1), st.integers(0, 1))
def test_one_word_never_switches(previous: Language, detected: Language, confidence: float, count: int) -> None:
    assert settle(previous, detected, confidence, count) == previous


def test_a_clear_sentence_switches_and_an_unclear_one_does_not() -> None:
    assert settle("nl", "fr", 0.95, 5) == "fr"
    assert settle("nl", "fr", 0.6, 5) == "nl"


def test_two_words_switch_only_beyond_doubt() -> None:
    assert settle("nl", "fr", 0.9, 2) == "nl"
    assert settle("nl", "fr", 0.99, 2) == "fr"


def test_the_first_message_settles_the_language() -> None:
    assert settle(None, "de", 0.4, 1) == "de"

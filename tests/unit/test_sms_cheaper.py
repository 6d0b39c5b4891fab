"""A cheaper way to write the same text as SMS."""

from hypothesis import given
from hypothesis import strategies as st

from messaging.sms import Encoding, cheaper, segments

LONG = "Het water in de Dorpsstraat is tot morgen afgesloten. Vragen? Bel het gemeentehuis."


def test_typographic_signs_become_plain_ones() -> None:
    assert cheaper(f"“{LONG}” – ’s morgens…") == f'"{LONG}" - \'s morgens...'


def test_accents_outside_the_alphabet_are_left_out() -> None:
    assert cheaper(f"Fête, coördinatie, crèche, geïnd: {LONG}") == f"Fete, coördinatie, crèche, geind: {LONG}"


def test_letters_and_their_loose_accents_count_as_one() -> None:
    assert cheaper(f"cre\u0300che {LONG}") == f"crèche {LONG}"


def test_nothing_is_suggested_where_it_saves_no_part() -> None:
    assert cheaper("Fête") is None
    assert cheaper(LONG) is None


def test_nothing_is_suggested_where_meaning_would_be_lost() -> None:
    assert cheaper(f"😀 {LONG}") is None
    assert cheaper(f"Привет {LONG}") is None


@given(st.text(max_size=400))
def test_a_suggestion_is_always_gsm7_and_saves_parts(text: str) -> None:
    suggestion = cheaper(text)
    if suggestion is not None:
        assert segments(suggestion).encoding is Encoding.GSM7
        assert segments(suggestion).parts < segments(text).parts
        assert cheaper(suggestion) is None


@given(st.text(alphabet="abc ê’–ñ", min_size=70, max_size=159))
def test_western_texts_of_up_to_160_characters_always_fit_one_part(text: str) -> None:
    suggestion = cheaper(text + "ê")
    assert suggestion is not None
    assert segments(suggestion).parts == 1

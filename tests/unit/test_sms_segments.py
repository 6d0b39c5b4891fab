"""How many parts a text takes as SMS."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.sms import Encoding, segments


@pytest.mark.parametrize(
    ("text", "units", "parts"),
    [
        ("", 0, 0),
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        ("€" * 80, 160, 1),
        ("€" * 81, 162, 2),
    ],
)
def test_gsm7_holds_160_units_alone_and_153_in_each_joined_part(text: str, units: int, parts: int) -> None:
    counted = segments(text)
    assert (counted.encoding, counted.units, counted.parts, counted.costly) == (Encoding.GSM7, units, parts, ())


@pytest.mark.parametrize(
    ("text", "units", "parts"),
    [
        ("ê" * 70, 70, 1),
        ("ê" * 71, 71, 2),
        ("ê" * 134, 134, 2),
        ("ê" * 135, 135, 3),
        ("😀" * 35, 70, 1),
        ("😀" * 36, 72, 2),
    ],
)
def test_ucs2_holds_70_units_alone_and_67_in_each_joined_part(text: str, units: int, parts: int) -> None:
    counted = segments(text)
    assert (counted.encoding, counted.units, counted.parts) == (Encoding.UCS2, units, parts)


def test_an_escaped_character_is_never_divided_over_two_parts() -> None:
    assert segments("a" * 152 + "€" + "a" * 152).units == 306
    assert segments("a" * 152 + "€" + "a" * 152).parts == 3


def test_a_surrogate_pair_is_never_divided_over_two_parts() -> None:
    assert segments("ê" * 66 + "😀" + "ê" * 66).units == 134
    assert segments("ê" * 66 + "😀" + "ê" * 66).parts == 3


def test_the_characters_that_force_ucs2_are_named_once_in_order() -> None:
    assert segments("Fête à Lindebeke 😀, fête ☀").costly == ("ê", "😀", "☀")


def test_usual_letters_of_belgium_stay_in_gsm7() -> None:
    assert segments("Één garçon è ù à ö ü ß Ä Ö Ü: 5 € @ [Lindebeke]").encoding is Encoding.GSM7


@given(st.text(max_size=700))
def test_parts_always_hold_all_units_and_one_part_fewer_would_not(text: str) -> None:
    counted = segments(text)
    joined = 153 if counted.encoding is Encoding.GSM7 else 67
    single = 160 if counted.encoding is Encoding.GSM7 else 70
    assert counted.units <= single if counted.parts <= 1 else counted.units <= counted.parts * joined
    # A pair that does not fit may leave one unit empty in each part.
    assert counted.parts <= 1 or counted.units > max(single, (counted.parts - 1) * (joined - 1))


@given(st.text(max_size=300), st.text(max_size=300))
def test_more_text_never_takes_fewer_parts(text: str, more: str) -> None:
    assert segments(text + more).parts >= segments(text).parts

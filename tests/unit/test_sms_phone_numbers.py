"""Phone numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.phone import mask, parse_number
from storage.errors import InvalidInput


@pytest.mark.parametrize(
    "written",
    [
        "0470 12 34 56",
        "0470/12.34.56",
        " 0470-12-34-56 ",
        "+32 470 12 34 56",
        "+32 (0)470 12 34 56",
        "0032470123456",
        "+32470123456",
    ],
)
def test_every_belgian_way_of_writing_a_number_gives_one_form(written: str) -> None:
    assert parse_number(written) == "+32470123456"


@pytest.mark.parametrize(
    ("written", "number"), [("015 12 34 56", "+3215123456"), ("+33 6 12 34 56 78", "+33612345678")]
)
def test_landlines_and_foreign_numbers_are_accepted(written: str, number: str) -> None:
    assert parse_number(written) == number


@pytest.mark.parametrize(
    "written",
    [
        "",
        "112",
        "Jan",
        "0800 FLOWERS",
        "0470 12 34 56 ext 5",
        "0470 12 34 56, 0471 22 33 44",
        "+32 400 00 00 01",
        "9" * 300,
    ],
)
def test_anything_else_is_refused_with_the_accepted_forms(written: str) -> None:
    with pytest.raises(InvalidInput, match=r"0470 12 34 56, \+32 470 12 34 56"):
        parse_number(written)


@given(st.text())
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        assert parse_number(parse_number(text)) == parse_number(text)
    except InvalidInput:
        return


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+32470123456", "+32 4•• •• •• 56"),
        ("+33612345678", "+33 6 •• •• •• 78"),
        ("123456789", "•••••••89"),
        ("12", "••"),
    ],
)
def test_a_masked_number_shows_its_country_and_last_digits_only(number: str, masked: str) -> None:
    assert mask(number) == masked


@given(st.text())
def test_any_address_can_be_masked_and_most_of_it_is_hidden(address: str) -> None:
    assert sum(character.isalnum() for character in mask(address)) <= 6

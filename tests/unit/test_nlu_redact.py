"""Personal numbers never become training data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.redact import is_iban, is_national_number, redact


def national_number(body: str, *, born_after_1999: bool) -> str:
    check = 97 - int(("2" if born_after_1999 else "") + body) % 97
    return f"{body}{check:02d}"


@pytest.mark.parametrize(
    ("written", "redacted"),
    [
        ("mail naar an.peeters@voorbeeld.be aub", "mail naar <email> aub"),
        ("BE71 0961 2345 6769 is mijn rekening", "<iban> is mijn rekening"),
        ("be71096123456769", "<iban>"),
        ("bel mij op 0470 12 34 56", "bel mij op <phone>"),
        ("+32 470 12 34 56!", "<phone>!"),
        ("GB82 WEST 1234 5698 7654 32 en 5 euro", "<iban> en 5 euro"),
        ("dossier 2025-0012 van 12/05/2025", "dossier 2025-0012 van 12/05/2025"),
        ("een gewone zin", "een gewone zin"),
    ],
)
def test_personal_numbers_become_placeholders(written: str, redacted: str) -> None:
    assert redact(written) == redacted


@given(st.integers(0, 999_999_999), st.booleans())
def test_every_valid_national_number_is_taken_out(body: int, born_after_1999: bool) -> None:
    number = national_number(f"{body:09d}", born_after_1999=born_after_1999)
    assert is_national_number(number)
    dotted = f"{number[:2]}.{number[2:4]}.{number[4:6]}-{number[6:9]}.{number[9:]}"
    assert redact(f"mijn nummer is {number}, of {dotted}.") == "mijn nummer is <rrn>, of <rrn>."


def test_a_wrong_check_number_is_no_national_number() -> None:
    assert not is_national_number("85073000329")


def test_an_iban_with_a_typing_error_is_none() -> None:
    assert is_iban("BE71 0961 2345 6769")
    assert not is_iban("BE71 0961 2345 6768")


@given(st.text(max_size=500))
def test_any_text_can_be_redacted(text: str) -> None:
    assert isinstance(redact(text), str)

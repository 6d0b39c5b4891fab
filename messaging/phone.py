"""Phone numbers: one written form (E.164), and a masked one for screens and logs."""

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from storage.errors import InvalidInput

REGION = "BE"
ACCEPTED = "0470 12 34 56, +32 470 12 34 56"
_DOT = "•"
_SHOWN_AT_END = 2


def parse_number(text: str) -> str:
    """A number as people in Belgium write it, as E.164 ("+32470123456").

    Raises InvalidInput for anything else, short numbers, extensions and letters included.
    """
    refusal = InvalidInput(f"This is not a phone number that can be reached. Write it like: {ACCEPTED}.")
    if any(character.isalpha() for character in text):
        raise refusal
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        raise refusal from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise refusal
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def is_mobile(number: str) -> bool:
    """Whether an E.164 number can take text messages, as far as its kind tells."""
    kind = phonenumbers.number_type(phonenumbers.parse(number, None))
    return kind in {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def national(number: str) -> str:
    """A number as people in its country write it, "0470 12 34 56"; what is no E.164 number stays as it is."""
    try:
        known = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    at_home = known.country_code == phonenumbers.country_code_for_region(REGION)
    form = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(known, form)


def mask(number: str) -> str:
    """Enough to recognise a number, too little to dial it: "+32 4•• •• •• 56".

    What is no E.164 number keeps its last two characters only.
    """
    try:
        known = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return _dotted(number)
    national = phonenumbers.format_number(known, PhoneNumberFormat.INTERNATIONAL).partition(" ")[2]
    return f"+{known.country_code} {national[:1]}{_dotted(national[1:])}"


def _dotted(text: str) -> str:
    hidden, shown = text[:-_SHOWN_AT_END], text[-_SHOWN_AT_END:]
    if len(text) <= _SHOWN_AT_END * 2:
        return _DOT * len(text)
    return "".join(_DOT if character.isalnum() else character for character in hidden) + shown

"""Takes personal numbers and addresses out of a text before it becomes a training sentence. Pure."""

import re
from typing import Final

import phonenumbers

_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]){11,30}\b", re.IGNORECASE | re.ASCII)
_NATIONAL_NUMBER: Final = re.compile(r"(?<!\d)\d{2}[ .]?\d{2}[ .]?\d{2}[ .-]?\d{3}[ .-]?\d{2}(?!\d)")

_IBAN_LENGTHS: Final = range(15, 35)


def redact(text: str) -> str:
    """Replace e-mail addresses, IBANs, national register numbers and phone numbers by placeholders."""
    text = _EMAIL.sub("<email>", text)
    text = _IBAN.sub(_without_iban, text)
    text = _NATIONAL_NUMBER.sub(lambda found: "<rrn>" if is_national_number(found[0]) else found[0], text)
    return _without_phones(text)


def is_national_number(written: str) -> bool:
    """Whether these eleven digits are a national register (or BIS) number: 97 minus the rest of the first
    nine by 97, a 2 in front of them for people born from 2000 on."""
    digits = re.sub(r"\D", "", written)
    body, check = digits[:9], int(digits[9:])
    return any(97 - int(century + body) % 97 == check for century in ("", "2"))


def is_iban(written: str) -> bool:
    """Whether the check digits are right (ISO 13616: the number rearranged leaves 1 by 97)."""
    plain = re.sub(r"[ .-]", "", written).upper()
    if len(plain) not in _IBAN_LENGTHS:
        return False
    moved = plain[4:] + plain[:4]
    return int("".join(str(int(letter, 36)) for letter in moved)) % 97 == 1


def _without_iban(found: re.Match[str]) -> str:
    """The pattern may run on into the next word, so the longest beginning that checks is taken."""
    written = found[0]
    for end in range(len(written), 14, -1):
        if written[end - 1].isalnum() and is_iban(written[:end]):
            return "<iban>" + written[end:]
    return written


def _without_phones(text: str) -> str:
    found = list(phonenumbers.PhoneNumberMatcher(text, "BE"))
    for number in reversed(found):
        text = text[: number.start] + "<phone>" + text[number.end :]
    return text

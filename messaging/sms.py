"""Pure: how many parts a text takes as SMS, what makes it dear, and how to write it cheaper.

Figures: 3GPP TS 23.038 and 23.040. The alphabet's byte 9 is taken for both cedillas, as Unicode's mapping of it does.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

_BASIC = frozenset(
    "@£$¥èéùìòÇç\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")
_LAST_OF_BASIC_PLANE = 0xFFFF

# What typesetting and word processors put in; the plain form says the same.
_PLAIN = {
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u202f\t", " "),
    **dict.fromkeys("\u00ad\u200b\u200e\u200f\u2060\ufeff", ""),
    **dict.fromkeys("•·", "-"),
    "…": "...",
    "‹": "'",
    "›": "'",
    "œ": "oe",
    "Œ": "OE",
    "ĳ": "ij",
    "Ĳ": "IJ",
    "×": "x",
}


class Encoding(StrEnum):
    """How a text travels; one character outside GSM-7 makes the whole text UCS-2."""

    GSM7 = "GSM-7"
    UCS2 = "UCS-2"


# Units in a text of one part, and in each part of a longer one, which gives up room for its header.
_SINGLE = {Encoding.GSM7: 160, Encoding.UCS2: 70}
_JOINED = {Encoding.GSM7: 153, Encoding.UCS2: 67}


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text costs: units of the encoding, parts that are paid for, and what forces UCS-2."""

    encoding: Encoding
    units: int
    parts: int
    costly: tuple[str, ...]

    @property
    def room(self) -> int:
        """Units that these parts could hold."""
        return _SINGLE[self.encoding] if self.parts <= 1 else self.parts * _JOINED[self.encoding]


def segments(text: str) -> Segments:
    """Count a text as the network does; an empty text has no part."""
    costly = tuple(dict.fromkeys(each for each in text if each not in _BASIC and each not in _EXTENSION))
    encoding = Encoding.UCS2 if costly else Encoding.GSM7
    widths = [_width(each, encoding) for each in text]
    units = sum(widths)
    single = units <= _SINGLE[encoding]
    return Segments(encoding, units, min(units, 1) if single else _parts(widths, _JOINED[encoding]), costly)


def cheaper(text: str) -> str | None:
    """The same text in fewer parts, by plain quotes, dashes and spaces and by letters without accent.

    None when that saves nothing, or when anything in it (an emoji, another script) has no plain form.
    """
    plain = [_plain(each) for each in unicodedata.normalize("NFC", text)]
    suggestion = "".join(each for each in plain if each is not None)
    saves = None not in plain and segments(suggestion).parts < segments(text).parts
    return suggestion if saves and suggestion.strip() else None


def _width(character: str, encoding: Encoding) -> int:
    if encoding is Encoding.GSM7:
        return 2 if character in _EXTENSION else 1
    return 2 if ord(character) > _LAST_OF_BASIC_PLANE else 1


def _parts(widths: list[int], room: int) -> int:
    """An escaped character or a surrogate pair is never divided over two parts."""
    parts, used = 1, 0
    for width in widths:
        if used + width > room:
            parts, used = parts + 1, 0
        used += width
    return parts


def _plain(character: str) -> str | None:
    if character in _BASIC or character in _EXTENSION:
        return character
    if character in _PLAIN:
        return _PLAIN[character]
    decomposed = unicodedata.normalize("NFD", character)
    letter = decomposed[0].isascii() and decomposed[0].isalpha()
    return decomposed[0] if letter and all(map(unicodedata.combining, decomposed[1:])) else None

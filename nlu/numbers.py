"""Numbers as residents write them, in words of four languages or in digits."""

import re
from typing import Final

_WORDS: Final = {
    word: number
    for number, words in {
        1: "een one a an un une ein eine einem einer",
        2: "twee two deux zwei",
        3: "drie three trois drei",
        4: "vier four quatre",
        5: "vijf five cinq funf",
        6: "zes six sechs",
        7: "zeven seven sept sieben",
        8: "acht eight huit",
        9: "negen nine neuf neun",
        10: "tien ten dix zehn",
        11: "elf eleven onze",
        12: "twaalf twelve douze zwolf",
        13: "dertien thirteen treize dreizehn",
        14: "veertien fourteen quatorze vierzehn",
        15: "vijftien fifteen quinze funfzehn",
        16: "zestien sixteen seize sechzehn",
        17: "zeventien seventeen siebzehn",
        18: "achttien eighteen achtzehn",
        19: "negentien nineteen neunzehn",
        20: "twintig twenty vingt zwanzig",
        25: "vijfentwintig twenty-five vingt-cinq funfundzwanzig",
        30: "dertig thirty trente dreißig dreissig",
        40: "veertig forty quarante vierzig",
        50: "vijftig fifty cinquante funfzig",
        60: "zestig sixty soixante sechzig",
        70: "zeventig seventy septante siebzig",
        80: "tachtig eighty quatre-vingts achtzig",
        90: "negentig ninety nonante neunzig",
        100: "honderd hundred cent hundert",
        1000: "duizend thousand mille tausend",
    }.items()
    for word in words.split()
}
"""Folded."""

_HUNDRED: Final = frozenset({"honderd", "hundred", "cent", "cents", "hundert"})
_THOUSAND: Final = frozenset({"duizend", "thousand", "mille", "tausend"})

_WORD: Final = "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True))
_JOINED: Final = rf"(?:{_WORD})?(?:honderd|hundert|duizend|tausend)"
_SPOKEN: Final = rf"(?:{_JOINED}|{_WORD}|cents)"

NUMBER: Final = rf"\d{{1,3}}|{_WORD}"
"""A pattern for a small number, on folded text."""

SPOKEN_SUM: Final = rf"{_SPOKEN}(?:[ -](?:et |and |en |und )?{_SPOKEN}){{0,4}}"
"""A pattern for a sum in words, on folded text."""

SUM: Final = r"\d{1,3}(?:[. ’']\d{3})+(?:,\d{1,2})?|\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:[.,]\d{1,2})?"
"""A pattern for a sum of money in digits, its thousands with or without a sign between."""

_CENTS: Final = re.compile(r"[.,](\d{1,2})$")


def small_number(written: str) -> int:
    """What `NUMBER` matched."""
    return int(written) if written.isdigit() else _WORDS[written]


def euros(written: str) -> float:
    """What `SUM` or `SPOKEN_SUM` matched."""
    if not written[0].isdigit():
        return float(_spoken(written))
    cents = _CENTS.search(written)
    whole = re.sub(r"\D", "", written[: cents.start()] if cents else written)
    return float(f"{whole}.{cents[1] if cents else 0}")


def _spoken(written: str) -> int:
    """Eight hundred fifty: what stands before a hundred or a thousand is how often."""
    thousands = rest = 0
    for word in re.findall(rf"(?:{_WORD}|cents)", written):
        if word in _THOUSAND:
            thousands, rest = thousands + (rest or 1) * 1000, 0
        elif word in _HUNDRED:
            rest = (rest or 1) * 100
        else:
            rest += _WORDS[word]
    return thousands + rest

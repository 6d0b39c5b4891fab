"""Pure: the facts in a text that have one form in every language: links, numbers, moments, dates and names.

A name is a word with a capital inside a sentence, or one that ends like a street. German writes every noun with a
capital, so that only the latter count there.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"”]+", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w.])(?:\+|0)[\d](?:[ ./()-]{0,2}\d){7,13}(?![\w])")
_HOUR = r"(?:uur|uhr|heures?|hours?|stunden?|o['’]clock|[uh])\b"
_TIME = re.compile(
    r"\b(?P<clock>1[0-2]|0?\d)(?:[:.](?P<past>[0-5]\d))?\s?(?P<half>[ap])\.?m\b\.?"
    r"|\b(?P<hour>[01]?\d|2[0-4])"
    rf"(?:\s?[:uh]\s?(?P<minute>[0-5]\d)\b|\.(?P<dotted>[0-5]\d)(?=\s?{_HOUR})|(?=\s?{_HOUR}))"
    rf"(?:\s?{_HOUR})?",
    re.IGNORECASE,
)
_MONTHS = (
    ("januari", "janvier", "januar", "january", "jänner"),
    ("februari", "février", "fevrier", "februar", "february"),
    ("maart", "mars", "märz", "march"),
    ("april", "avril"),
    ("mei", "mai", "may"),
    ("juni", "juin", "june"),
    ("juli", "juillet", "july"),
    ("augustus", "août", "aout", "august"),
    ("september", "septembre"),
    ("oktober", "octobre", "october"),
    ("november", "novembre"),
    ("december", "décembre", "decembre", "dezember"),
)
_MONTH = {word: number for number, words in enumerate(_MONTHS, start=1) for word in words}
_WEEKDAYS = (
    ("maandag", "lundi", "montag", "monday"),
    ("dinsdag", "mardi", "dienstag", "tuesday"),
    ("woensdag", "mercredi", "mittwoch", "wednesday"),
    ("donderdag", "jeudi", "donnerstag", "thursday"),
    ("vrijdag", "vendredi", "freitag", "friday"),
    ("zaterdag", "samedi", "samstag", "saturday"),
    ("zondag", "dimanche", "sonntag", "sunday"),
)
_WEEKDAY = {word: words[0] for words in _WEEKDAYS for word in words}
_NAMED = "|".join(sorted(_MONTH, key=len, reverse=True))
_DATE = re.compile(
    rf"\b(?P<day>[0-3]?\d)(?:\.|er|ste|de|st|nd|rd|th)?\s?(?:of\s)?(?P<named>{_NAMED})\b"
    rf"|\b(?P<first>{_NAMED})\s(?P<then>[0-3]?\d)(?:st|nd|rd|th)?\b"
    r"|\b(?P<d>[0-3]?\d)[/.-](?P<m>[01]?\d)(?:[/.-](?P<y>\d{4}|\d\d))?(?![\d/])",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,  ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,  ]\d{3})+")
_WORDS = {
    2: "twee deux zwei two",
    3: "drie trois drei three",
    4: "vier quatre four",
    5: "vijf cinq fünf five",
    6: "zes six sechs",
    7: "zeven sept sieben seven",
    8: "acht huit eight",
    9: "negen neuf neun nine",
    10: "tien dix zehn ten",
    11: "elf onze eleven",
    12: "twaalf douze zwölf twelve",
}
_WORD = {word: str(number) for number, words in _WORDS.items() for word in words.split()}
_STREET = re.compile(
    r"\b[A-ZÀ-Ý][\w'’-]*(?:straat|laan|steenweg|plein|dreef|kaai|dijk|baan|markt|singel|vest|"
    r"straße|strasse|allee|platz)\b"
)
_CAPITAL = re.compile(r"(?:(?<=[\w,;)’'\"] )|(?<=\w['’]))[A-ZÀ-Ý][\wÀ-ÿ]+(?:[-'’][\wÀ-ÿ]+)*")
_EXONYMS = (
    ("Brussel", "Bruxelles", "Brüssel", "Brussels"),
    ("Antwerpen", "Anvers", "Antwerp"),
    ("Gent", "Gand", "Ghent"),
    ("Brugge", "Bruges", "Brügge"),
    ("Leuven", "Louvain", "Löwen"),
    ("Mechelen", "Malines", "Mecheln"),
    ("Kortrijk", "Courtrai"),
    ("Oostende", "Ostende", "Ostend"),
    ("Luik", "Liège", "Lüttich"),
    ("Vlaanderen", "Flandre", "Flandern", "Flanders"),
    ("België", "Belgique", "Belgien", "Belgium"),
    ("Schelde", "Escaut", "Scheldt"),
    ("Maas", "Meuse"),
)
_EXONYM = {name: names[0] for names in _EXONYMS for name in names}
_NO_NAMES = frozenset({"Dutch", "French", "German", "English", "Stop", "STOP", "Sms", "SMS", "WhatsApp", "Telegram"})


@dataclass(frozen=True, slots=True)
class Figures:
    """What a text holds: as it can be compared, to how it was written there. words: numbers written as words."""

    found: Mapping[str, str]
    words: frozenset[str]
    text: str

    def without(self, other: "Figures") -> tuple[str, ...]:
        """What stands here and not there, as it was written here."""
        return tuple(shown for value, shown in self.found.items() if not other.holds(value))

    def holds(self, value: str) -> bool:
        """Whether a value stands here; a name may be written with an ending, or in capitals."""
        kind, _, plain = value.partition(":")
        if kind == "number":
            return value in self.found or plain in self.words
        return value in self.found or (kind == "name" and plain.casefold() in self.text.casefold())


def figures(text: str, language: str) -> Figures:
    """Find them; each part of the text counts as one thing only, so that the hour of a moment is no number too."""
    rest, found = text, dict[str, str]()
    for pattern, named in _IN_ORDER:
        for match in pattern.finditer(rest):
            value = named(match)
            if value:
                found.setdefault(value, match[0].strip(" .,;"))
        rest = pattern.sub(lambda match: " " * len(match[0]), rest)
    words = re.findall(r"[^\W\d_]+", rest)
    found |= {f"weekday:{_WEEKDAY[one.lower()]}": one for one in words if one.lower() in _WEEKDAY}
    found |= {f"name:{_EXONYM.get(one, one)}": one for one in _names(rest, language)}
    return Figures(found, frozenset(_WORD[one.lower()] for one in words if one.lower() in _WORD), _plain(text))


def _plain(text: str) -> str:
    """With the Dutch form of names that have one, so that they are found in any language."""
    return re.sub(r"[^\W\d_]+", lambda match: _EXONYM.get(match[0], match[0]), text)


def _names(text: str, language: str) -> Iterator[str]:
    yield from (match[0] for match in _STREET.finditer(text))
    if language == "de":
        return
    for match in _CAPITAL.finditer(text):
        word = match[0].lower()
        if word not in _WEEKDAY and word not in _MONTH and match[0] not in _NO_NAMES:
            yield match[0]


def _link(match: re.Match[str]) -> str:
    return "link:" + match[0].rstrip(".,;:!?)").rstrip("/").lower()


def _phone(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0].replace("(0)", ""))
    return "phone:" + re.sub(r"^(?:00)?32", "0", digits)


def _time(match: re.Match[str]) -> str:
    if match["half"]:
        noon = 12 if match["half"].lower() == "p" else 0
        return f"time:{int(match['clock']) % 12 + noon:02}:{int(match['past'] or 0):02}"
    return f"time:{int(match['hour']):02}:{int(match['minute'] or match['dotted'] or 0):02}"


def _date(match: re.Match[str]) -> str:
    parts: dict[str, Any] = match.groupdict()
    day = int(parts["day"] or parts["then"] or parts["d"])
    name = parts["named"] or parts["first"]
    month = _MONTH[name.lower()] if name else int(parts["m"])
    return f"date:{day}/{month}"


def _number(match: re.Match[str]) -> str:
    written = match[0]
    if _THOUSANDS.fullmatch(written):
        return "number:" + re.sub(r"\D", "", written)
    return "number:" + written.replace(",", ".")


_IN_ORDER: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_LINK, _link),
    (_PHONE, _phone),
    (_TIME, _time),
    (_DATE, _date),
    (_NUMBER, _number),
)

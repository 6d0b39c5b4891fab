"""Houses in a street, as an officer writes them: "Kerkstraat 1-99 oneven"."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from people.home import Home, street_key
from storage.errors import InvalidInput


class Side(StrEnum):
    """A side of the street, as house numbers have it in Belgium."""

    ODD = "odd"
    EVEN = "even"


_SIDES = {"odd": Side.ODD, "oneven": Side.ODD, "even": Side.EVEN}
_SHOWN = {Side.ODD: "oneven", Side.EVEN: "even"}
_LINE = re.compile(
    r"(?P<street>\D.*?)"
    r"(?:\s+(?P<first>\d{1,5})(?:\s*[-–]\s*(?P<last>\d{1,5}))?)?"
    r"(?:\s+(?P<side>odd|oneven|even))?"
    r"(?:\s*\((?P<post_code>\d{4})\))?",
    re.IGNORECASE,
)
LONGEST_LINE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Houses:
    """A street, or part of it. first, last: house numbers, both included; without them the whole street."""

    street: str
    first: int | None = None
    last: int | None = None
    side: Side | None = None
    post_code: str | None = None

    @classmethod
    def parse(cls, line: str) -> Self:
        """From a line such as "Kerkstraat 1-99 oneven (9000)"; raises InvalidInput for what is none."""
        found = _LINE.fullmatch(" ".join(line.split()))
        if found is None or len(line) > LONGEST_LINE or not street_key(found["street"]):
            raise InvalidInput("This is no street: write for example Kerkstraat 1-99 odd")
        first = int(found["first"]) if found["first"] else None
        last = int(found["last"]) if found["last"] else first
        if first is not None and last is not None and first > last:
            raise InvalidInput("The first house number is larger than the last")
        side = _SIDES[found["side"].lower()] if found["side"] else None
        return cls(street=found["street"], first=first, last=last, side=side, post_code=found["post_code"])

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """From what `as_json` gave; raises TypeError, ValueError or KeyError for anything else."""
        first, last = value.get("first"), value.get("last")
        return cls(
            street=str(value["street"]),
            first=None if first is None else int(first),
            last=None if last is None else int(last),
            side=Side(value["side"]) if "side" in value else None,
            post_code=value.get("post_code"),
        )

    def as_json(self) -> dict[str, Any]:
        """What is given of it."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @property
    def line(self) -> str:
        """As an officer would write it."""
        numbers = None
        if self.first is not None:
            numbers = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        code = f"({self.post_code})" if self.post_code else None
        return " ".join(part for part in (self.street, numbers, self.side and _SHOWN[self.side], code) if part)

    def hold(self, home: Home) -> bool:
        """Whether somebody lives in one of these houses; who told no number lives in no range."""
        if street_key(home.street) != street_key(self.street) or self.post_code not in {None, home.post_code}:
            return False
        if self.first is None and self.side is None:
            return True
        house = home.house
        if house is None or (self.side is not None and house % 2 != (self.side is Side.ODD)):
            return False
        return (self.first is None or self.first <= house) and (self.last is None or house <= self.last)


def parse_lines(text: str) -> frozenset[Houses]:
    """From a line each; empty ones are skipped. Raises InvalidInput with the number of the line that is no street."""
    found: set[Houses] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.add(Houses.parse(line))
        except InvalidInput as error:
            raise InvalidInput(f"Line {number}: {error}") from error
    return frozenset(found)

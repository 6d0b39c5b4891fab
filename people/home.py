"""Where somebody lives: kept sealed; only keyed hashes of the street and of the post code are there to look for."""

import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from typing import Self

_NUMBER = re.compile(r"\d+")
_SIGNS = re.compile(r"[^a-z0-9]+")
_SHORT = re.compile(r"str\b\.?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """An address. number: with its letter, "12A". latitude, longitude: degrees (WGS 84), both or neither."""

    street: str
    number: str = ""
    box: str = ""
    post_code: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None

    @classmethod
    def read(cls, value: str) -> Self:
        """From what `written` gave."""
        return cls(**json.loads(value))

    def written(self) -> str:
        """As it is sealed."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @property
    def point(self) -> tuple[float, float] | None:
        """Longitude and latitude, as geometry has them; None where nobody knows."""
        if self.longitude is None or self.latitude is None:
            return None
        return self.longitude, self.latitude

    @property
    def house(self) -> int | None:
        """The house number without its letter, for ranges and for odd and even; None where there is none."""
        found = _NUMBER.search(self.number)
        return None if found is None else int(found[0])


def street_key(street: str) -> str:
    """One written form of a street, however it was typed: "Sint-Jansstr." and "sint jansstraat" are the same."""
    plain = unicodedata.normalize("NFKD", street.casefold()).encode("ascii", "ignore").decode()
    return _SIGNS.sub("", _SHORT.sub("straat", plain))


def street_lookup(street: str) -> str:
    """What the keyed hash of a street is made of."""
    return f"street:{street_key(street)}"


def post_code_lookup(post_code: str) -> str:
    """What the keyed hash of a post code is made of."""
    return f"post code:{post_code.strip()}"

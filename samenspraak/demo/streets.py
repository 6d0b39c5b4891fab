"""The streets of Lindebeke, which is nowhere: five neighbourhoods around a church, each with a few streets."""

import math
import random
from dataclasses import dataclass

from broadcast.places.area import Area, Circle, Point
from people.home import Home

CHURCH: Point = (3.9412, 50.9036)
POST_CODE = "3999"
_METRE = 1 / 111_320
_BETWEEN_HOUSES = 9.0
_BESIDE_THE_ROAD = 11.0


@dataclass(frozen=True, slots=True)
class Street:
    """A straight street. east, north: metres from the church to its low end. bearing: degrees from the north."""

    name: str
    east: float
    north: float
    bearing: float
    houses: int

    def home(self, chance: random.Random) -> Home:
        """One of its houses: odd numbers on the left, even ones on the right."""
        house = chance.randint(1, self.houses)
        along, beside = house / 2 * _BETWEEN_HOUSES, _BESIDE_THE_ROAD * (1 if house % 2 == 0 else -1)
        turn = math.radians(self.bearing)
        east = self.east + along * math.sin(turn) + beside * math.cos(turn)
        north = self.north + along * math.cos(turn) - beside * math.sin(turn)
        longitude, latitude = _from_church(east, north)
        return Home(
            street=self.name,
            number=f"{house}{chance.choice('AB') if chance.random() < 0.05 else ''}",  # noqa: PLR2004
            box=str(chance.randint(1, 8)) if chance.random() < 0.08 else "",  # noqa: PLR2004
            post_code=POST_CODE,
            place="Lindebeke",
            latitude=latitude,
            longitude=longitude,
        )


def _from_church(east: float, north: float) -> Point:
    longitude, latitude = CHURCH
    narrower = math.cos(math.radians(latitude))
    return round(longitude + east * _METRE / narrower, 6), round(latitude + north * _METRE, 6)


STREETS = {
    "Dorpskern": (
        Street("Kerkstraat", 30, 20, 80, 92),
        Street("Marktplein", -60, -50, 350, 38),
        Street("Schoolstraat", -20, 60, 335, 64),
        Street("Hoogstraat", -40, -70, 205, 110),
    ),
    "Molenveld": (
        Street("Molenstraat", 450, 110, 40, 120),
        Street("Korenbloemlaan", 620, 160, 110, 70),
        Street("Windekind", 700, 330, 95, 48),
    ),
    "Statiewijk": (
        Street("Statiestraat", -240, -380, 215, 130),
        Street("Spoorwegstraat", -420, -560, 120, 84),
        Street("Stationsplein", -520, -690, 300, 24),
    ),
    "Bosrand": (
        Street("Boskant", -310, 420, 320, 96),
        Street("Eikendreef", -520, 520, 25, 72),
        Street("Vossenhol", -640, 780, 75, 40),
    ),
    "Kouterhoek": (
        Street("Kouterstraat", 240, -320, 150, 118),
        Street("Vlasroterij", 420, -560, 60, 56),
        Street("Lindebeekpad", 360, -700, 200, 44),
    ),
}
"""By neighbourhood."""


def home(chance: random.Random, neighbourhood: str | None = None) -> Home:
    """Somewhere in a neighbourhood, or anywhere in town."""
    streets = STREETS[neighbourhood] if neighbourhood else [one for some in STREETS.values() for one in some]
    (street,) = chance.choices(streets, [one.houses for one in streets])
    return street.home(chance)


def around_the_station() -> Area:
    """Three hundred and fifty metres around the station."""
    area, _ = Area.of([], [Circle(_from_church(-470, -640), 350)])
    return area

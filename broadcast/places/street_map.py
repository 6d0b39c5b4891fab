"""Streets as lines between the homes that we know in them: a background to draw on, without a map from elsewhere."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from broadcast.places.area import Point
from people.home import Home, street_key

FEWEST = 5
"""Homes in a street; of fewer a line would show where somebody lives."""
_MOST_POINTS = 12


@dataclass(frozen=True, slots=True)
class Street:
    """A street's course, from low to high house numbers."""

    name: str
    line: tuple[Point, ...]


class StreetMap:
    """Collects homes, and gives the streets."""

    def __init__(self) -> None:
        self._houses: defaultdict[tuple[str, str], list[tuple[int, Point]]] = defaultdict(list)
        self._names: dict[tuple[str, str], str] = {}

    def add(self, home: Home) -> None:
        """One more home; nothing where its point or its number is not known."""
        point, house = home.point, home.house
        if point is None or house is None or not home.street:
            return
        key = street_key(home.street), home.post_code
        self._houses[key].append((house, point))
        self._names.setdefault(key, home.street)

    def streets(self) -> list[Street]:
        """The streets in which enough homes are known, by name."""
        known = ((self._names[key], houses) for key, houses in self._houses.items() if len(houses) >= FEWEST)
        return sorted((Street(name, _line(houses)) for name, houses in known), key=lambda one: one.name)


def _line(houses: Iterable[tuple[int, Point]]) -> tuple[Point, ...]:
    """Through the middles of several neighbouring homes each."""
    points = [point for _, point in sorted(houses)]
    number = max(2, min(_MOST_POINTS, len(points) // FEWEST + 1))
    cuts = [len(points) * cut // number for cut in range(number + 1)]
    parts = (points[start:end] for start, end in pairwise(cuts))
    return tuple((round(fmean(x for x, _ in part), 5), round(fmean(y for _, y in part), 5)) for part in parts)

"""A piece of the earth's surface, and the points in it. Degrees (WGS 84), longitude first, as GeoJSON has them."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import shapely
from shapely import MultiPolygon, Polygon, STRtree
from shapely.affinity import scale
from shapely.ops import split

from storage.errors import InvalidInput

MOST_POINTS = 10_000
LARGEST_RADIUS = 100_000
_METRES_A_DEGREE = 111_320
_DECIMALS = 6  # a tenth of a metre
_CORNERS = 4  # of the smallest ring: the last is the first
_OF_A_QUARTER = 16
_SMALLEST = 1e-10  # square degrees: less than a square metre is what rounding leaves

Point = tuple[float, float]
"""Longitude, latitude."""


@dataclass(frozen=True, slots=True)
class Circle:
    """All around a point. radius: metres."""

    centre: Point
    radius: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Polygons and circles together. A polygon is one closed ring that does not cross itself, without holes."""

    polygons: tuple[tuple[Point, ...], ...] = ()
    circles: tuple[Circle, ...] = ()

    @classmethod
    def of(cls, rings: Iterable[Sequence[Sequence[float]]], circles: Iterable[Circle] = ()) -> tuple[Self, bool]:
        """From rings, and whether one had to be mended because it crossed itself.

        An open ring is closed. Raises InvalidInput for points that are nowhere, and where nothing has a surface.
        """
        return cls.of_shapes([_polygon(ring) for ring in rings], circles)

    @classmethod
    def of_shapes(cls, shapes: Iterable[Polygon], circles: Iterable[Circle] = ()) -> tuple[Self, bool]:
        """From shapely's polygons, holes and all."""
        given, round_ = list(shapes), tuple(_checked(one) for one in circles)
        mended = not all(one.is_valid for one in given)
        parts = [part for one in given for valid in _mended(one) for part in _without_holes(valid)]
        if not parts and not round_:
            raise InvalidInput("This area has no surface: give at least three points that are not on one line")
        if sum(len(part.exterior.coords) for part in parts) > MOST_POINTS:
            raise InvalidInput(f"An area has {MOST_POINTS:,} points at most: simplify it first")
        return cls(polygons=tuple(_ring(part) for part in parts), circles=round_), mended

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """From what `as_json` gave; raises InvalidInput, or KeyError, TypeError, ValueError for anything else."""
        circles = (Circle((float(x), float(y)), float(radius)) for x, y, radius in value.get("circles", ()))
        return cls.of(value.get("polygons", ()), circles)[0]

    def as_json(self) -> dict[str, Any]:
        """Rings as lists of points, circles as longitude, latitude and metres."""
        polygons = [[list(point) for point in ring] for ring in self.polygons]
        circles = [[*one.centre, one.radius] for one in self.circles]
        return {name: shapes for name, shapes in (("polygons", polygons), ("circles", circles)) if shapes}

    @property
    def shape(self) -> MultiPolygon | Polygon:
        """As shapely has it; a circle as a polygon of 64 corners."""
        parts = [shapely.make_valid(Polygon(ring)) for ring in self.polygons]  # rounding may have crossed a line
        return shapely.union_all([*parts, *(_disc(one) for one in self.circles)])

    @property
    def square_kilometres(self) -> float:
        """About how large it is."""
        shape = self.shape
        narrowing = math.cos(math.radians(shape.centroid.y))
        return float(shape.area * narrowing * (_METRES_A_DEGREE / 1000) ** 2)


class Points:
    """Many points with their ids, in a spatial index."""

    def __init__(self, ids: Sequence[int], points: Sequence[Point]) -> None:
        self._ids = ids
        self._tree = STRtree(shapely.points(points) if points else [])

    def within(self, area: Area) -> list[int]:
        """The ids of all points in the area, its border included, in order."""
        return sorted(self._ids[position] for position in self._tree.query(area.shape, predicate="intersects"))


def _polygon(ring: Sequence[Sequence[float]]) -> Polygon:
    points = [_point(*one[:2]) for one in ring]
    if points and points[0] != points[-1]:
        points.append(points[0])
    return Polygon(points) if len(points) >= _CORNERS else Polygon()


def _point(longitude: float, latitude: float) -> Point:
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):  # noqa: PLR2004 - degrees; also false for what is no number
        raise InvalidInput("Coordinates must be degrees (WGS 84): longitude to 180, latitude to 90")
    return round(longitude, _DECIMALS), round(latitude, _DECIMALS)


def _checked(one: Circle) -> Circle:
    if not 0 < one.radius <= LARGEST_RADIUS:
        raise InvalidInput("The radius of a circle is more than 0 and at most 100 kilometres")
    return Circle(_point(*one.centre), round(one.radius, 1))


def _mended(one: Polygon) -> list[Polygon]:
    valid = one if one.is_valid else shapely.make_valid(one, method="structure")
    return [part for part in shapely.get_parts([valid]) if isinstance(part, Polygon) and part.area > _SMALLEST]


def _without_holes(one: Polygon) -> list[Polygon]:
    """The same surface in parts without holes, cut through the middle of each: CAP knows none."""
    if not one.interiors:
        return [one]
    middle, (_, low, _, high) = one.interiors[0].centroid.x, one.bounds
    parts = split(one, shapely.LineString([(middle, low - 1), (middle, high + 1)])).geoms
    return [whole for part in parts for whole in _without_holes(part)]


def _ring(one: Polygon) -> tuple[Point, ...]:
    return tuple((round(x, _DECIMALS), round(y, _DECIMALS)) for x, y, *_ in one.exterior.coords)


def _disc(one: Circle) -> Polygon:
    longitude, latitude = one.centre
    degrees = one.radius / _METRES_A_DEGREE
    disc = shapely.Point(one.centre).buffer(degrees, quad_segs=_OF_A_QUARTER)
    return scale(disc, xfact=1 / math.cos(math.radians(latitude)), origin=(longitude, latitude))

"""Areas as others write them: GeoJSON (RFC 7946) and lists of coordinates. What is hostile is refused, not repaired."""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from shapely import Polygon
from shapely.geometry import mapping

from broadcast.places.area import Area, Circle, Point
from storage.errors import InvalidInput

LARGEST = 1_000_000
"""Bytes of a file."""
_DEEPEST = 24
_MOST_POINTS = 50_000
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_DEGREES = r"(-?\d{1,3}(?:[.,]\d+)?)"
_LINE = re.compile(rf"{_DEGREES}[\s;,]+{_DEGREES}(?:[\s;,]+(\d+(?:[.,]\d+)?)\s*m)?", re.IGNORECASE)
_IN_BELGIUM = ((49.0, 52.0), (2.0, 7.0))  # latitudes, longitudes


def read_geojson(content: bytes) -> tuple[Area, bool]:
    """The polygons of a GeoJSON file together, and whether one had to be mended. Raises InvalidInput otherwise."""
    if len(content) > LARGEST:
        raise InvalidInput("This file is larger than 1 MB: simplify the area first")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput("GeoJSON is written in UTF-8; this is not") from error
    if _depth(text) > _DEEPEST:
        raise InvalidInput("This is nested too deeply to be an area")
    try:
        value = json.loads(text, parse_constant=_no_number)
        polygons = [_polygon(rings) for rings in _polygons(value)]
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise InvalidInput("This is no GeoJSON with polygons") from error
    if not polygons:
        raise InvalidInput("There is no polygon in this file: points and lines have no surface")
    return Area.of_shapes(polygons)


def _depth(text: str) -> int:
    """How deep brackets are nested, without reading what is in them."""
    deepest = depth = 0
    for sign in re.findall(r"[\[\]{}]", _STRINGS.sub("", text)):
        depth += 1 if sign in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _polygons(value: Any) -> Iterator[Any]:
    """The coordinates of each polygon."""
    kind = value["type"]
    if kind == "FeatureCollection":
        for one in value["features"]:
            yield from _polygons(one)
    elif kind == "Feature":
        if value["geometry"] is not None:
            yield from _polygons(value["geometry"])
    elif kind == "GeometryCollection":
        for one in value["geometries"]:
            yield from _polygons(one)
    elif kind == "Polygon":
        yield value["coordinates"]
    elif kind == "MultiPolygon":
        yield from value["coordinates"]


def _polygon(rings: Any) -> Polygon:
    outer, *holes = ([_position(one) for one in ring] for ring in rings)
    if sum(map(len, (outer, *holes))) > _MOST_POINTS:
        raise InvalidInput("This area has too many points: simplify it first")
    _refuse_swapped(outer)
    return Polygon(outer, holes)


def _position(value: Any) -> Point:
    longitude, latitude = value[:2]
    if isinstance(longitude, bool) or isinstance(latitude, bool):
        raise TypeError(value)
    x, y = float(longitude), float(latitude)
    if not (abs(x) <= 180 and abs(y) <= 90):  # noqa: PLR2004 - degrees
        raise InvalidInput("Coordinates must be degrees (WGS 84), not metres: export the area in EPSG:4326")
    return x, y


def _refuse_swapped(ring: list[Point]) -> None:
    (south, north), (west, east) = _IN_BELGIUM
    if ring and all(south < x < north and west < y < east for x, y in ring):
        raise InvalidInput("Longitude and latitude are swapped: GeoJSON has the longitude first")


def read_coordinates(text: str) -> tuple[Area, bool] | None:
    """From lines of latitude and longitude, as maps show them; an empty line begins another polygon.

    A line with a radius, "51.05 3.72 500 m", is a circle. None for no lines. Raises InvalidInput for what is no point.
    """
    rings: list[list[Point]] = [[]]
    circles: list[Circle] = []
    for number, line in enumerate(text.strip().splitlines(), start=1):
        if not line.strip():
            rings.append([])
            continue
        point, radius = _read_line(number, line.strip())
        if radius is None:
            rings[-1].append(point)
        else:
            circles.append(Circle(point, radius))
    rings = [ring for ring in rings if ring]
    return Area.of(rings, circles) if rings or circles else None


def _read_line(number: int, line: str) -> tuple[Point, float | None]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise InvalidInput(f"Line {number} is no point: write latitude and longitude, such as: 51.0543 3.7174")
    latitude, longitude, radius = (None if one is None else float(one.replace(",", ".")) for one in found.groups())
    assert latitude is not None and longitude is not None  # noqa: S101, PT018 - the expression asks for both
    return (longitude, latitude), radius


def write_coordinates(area: Area) -> str:
    """The lines from which `read_coordinates` makes this area."""
    rings = ["\n".join(f"{y} {x}" for x, y in ring[:-1]) for ring in area.polygons]
    circles = [f"{one.centre[1]} {one.centre[0]} {one.radius:g} m" for one in area.circles]
    return "\n\n".join([*rings, *circles])


def write_geojson(area: Area) -> dict[str, Any]:
    """The area as a GeoJSON geometry, for a map."""
    geometry: dict[str, Any] = mapping(area.shape)
    return geometry

"""Areas as others write them; what is hostile is refused at once."""

import json
from typing import Any

import pytest

from broadcast.places.area import Points
from broadcast.places.geojson import LARGEST, read_coordinates, read_geojson, write_coordinates, write_geojson
from storage.errors import InvalidInput

RING = [[3.7, 51.0], [3.8, 51.0], [3.8, 51.1], [3.7, 51.1], [3.7, 51.0]]
HOLE = [[3.74, 51.04], [3.76, 51.04], [3.76, 51.06], [3.74, 51.06], [3.74, 51.04]]
POLYGON: dict[str, Any] = {"type": "Polygon", "coordinates": [RING]}


def _file(value: Any) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    "value",
    [
        POLYGON,
        {"type": "MultiPolygon", "coordinates": [[RING]]},
        {"type": "Feature", "properties": None, "geometry": POLYGON},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": POLYGON, "properties": {}}]},
        {"type": "GeometryCollection", "geometries": [POLYGON, {"type": "Point", "coordinates": [3.7, 51]}]},
        {"type": "Polygon", "coordinates": [[[*point, 12.5] for point in RING]]},
    ],
)
def test_polygons_are_found_wherever_they_stand(value: dict[str, Any]) -> None:
    area, mended = read_geojson(b"\xef\xbb\xbf" + _file(value))
    assert not mended
    assert Points([1, 2], [(3.75, 51.05), (3.9, 51.05)]).within(area) == [1]


def test_a_hole_stays_a_hole_though_no_ring_has_one() -> None:
    area, _ = read_geojson(_file({"type": "Polygon", "coordinates": [RING, HOLE]}))
    assert len(area.polygons) == 2
    assert Points([1, 2, 3], [(3.75, 51.05), (3.72, 51.05), (3.78, 51.05)]).within(area) == [2, 3]
    assert len(write_geojson(area)["coordinates"]) == 2


HOSTILE = {
    "empty": b"",
    "no JSON": b"<gml/>",
    "no object": b"[]",
    "not UTF-8": b'{"type": "\xff"}',
    "too deep": b"[" * 100_000,
    "too deep in objects": b'{"type":' * 10_000,
    "too large": b" " * (LARGEST + 1),
    "infinite": b'{"type": "Polygon", "coordinates": [[[3.7, 51], [3.8, 51], [Infinity, 51.1]]]}',
    "enormous number": b'{"type": "Polygon", "coordinates": [[[3.7, 51], [3.8, 51], [1' + b"0" * 5000 + b", 51.1]]]}",
    "metres": _file({"type": "Polygon", "coordinates": [[[104_000, 193_000], [105_000, 193_000], [105_000, 194_000]]]}),
    "words": _file({"type": "Polygon", "coordinates": [[["a", "b"], ["c", "d"], ["e", "f"]]]}),
    "a point": _file({"type": "Point", "coordinates": [3.7, 51.0]}),
    "a link": _file({"type": "Feature", "geometry": {"$ref": "http://example.org"}}),
    "too many points": _file(
        {"type": "Polygon", "coordinates": [[[3.7 + n / 1e6, 51 + n % 2] for n in range(50_100)]]}
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_area_is_refused_with_what_is_wrong(name: str) -> None:
    with pytest.raises(InvalidInput):
        read_geojson(HOSTILE[name])


def test_swapped_coordinates_are_recognised() -> None:
    swapped = {"type": "Polygon", "coordinates": [[[y, x] for x, y in RING]]}
    with pytest.raises(InvalidInput, match="swapped"):
        read_geojson(_file(swapped))


def test_coordinates_are_read_as_maps_show_them() -> None:
    found = read_coordinates("51.00, 3.70\n51.00 3.80\n51,10; 3,80\n51.10\t3.70\n\n51.5 4.5 500 m")
    assert found is not None
    area, _ = found
    assert (len(area.polygons), area.circles[0].radius) == (1, 500)
    assert area.circles[0].centre == (4.5, 51.5)
    again = read_coordinates(write_coordinates(area))
    assert again is not None
    assert again[0] == area


def test_no_lines_are_no_area() -> None:
    assert read_coordinates(" \n ") is None


@pytest.mark.parametrize("text", ["Kerkstraat 1", "51.0", "51.0 3.7 far", "51.0 3.7", "951 3.7\n51 3.7\n51 3.8"])
def test_a_line_that_is_no_point_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_coordinates(text)

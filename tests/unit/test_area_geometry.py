"""Areas: what has a surface, what is in it, and that it is written and read the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcast.places.area import Area, Circle, Points
from storage.errors import InvalidInput

SQUARE = [(3.70, 51.00), (3.80, 51.00), (3.80, 51.10), (3.70, 51.10)]
BOW_TIE = [(3.70, 51.00), (3.80, 51.10), (3.80, 51.00), (3.70, 51.10)]


def test_an_open_ring_is_closed() -> None:
    area, mended = Area.of([SQUARE])
    assert not mended
    assert area.polygons[0][0] == area.polygons[0][-1]


def test_a_ring_that_crosses_itself_is_mended_and_said_to_be() -> None:
    area, mended = Area.of([BOW_TIE])
    assert mended
    assert Points([1, 2], [(3.71, 51.05), (3.75, 51.09)]).within(area) == [1]


@pytest.mark.parametrize("ring", [[], SQUARE[:2], [(3.7, 51.0), (3.8, 51.1), (3.9, 51.2)]])
def test_what_has_no_surface_is_refused(ring: list[tuple[float, float]]) -> None:
    with pytest.raises(InvalidInput, match="surface"):
        Area.of([ring])


@pytest.mark.parametrize("point", [(181.0, 51.0), (3.7, 91.0), (float("nan"), 51.0), (105_000.0, 193_000.0)])
def test_points_that_are_nowhere_are_refused(point: tuple[float, float]) -> None:
    with pytest.raises(InvalidInput, match="degrees"):
        Area.of([[*SQUARE, point]])


def test_a_circle_is_round_on_the_ground_and_not_on_the_page() -> None:
    area, _ = Area.of([], [Circle((3.75, 51.05), 1000)])
    east, north = 990 / 70_000, 990 / 111_320
    assert Points([1, 2], [(3.75 + east, 51.05), (3.75, 51.05 + north)]).within(area) == [1, 2]
    assert Points([1, 2], [(3.75 + east * 1.05, 51.05), (3.75, 51.05 + north * 1.05)]).within(area) == []
    assert area.square_kilometres == pytest.approx(3.14, rel=0.01)


@pytest.mark.parametrize("radius", [0, -5, 200_000, float("nan")])
def test_a_circle_has_a_sensible_radius(radius: float) -> None:
    with pytest.raises(InvalidInput, match="radius"):
        Area.of([], [Circle((3.75, 51.05), radius)])


def test_an_area_with_too_many_points_is_refused() -> None:
    zigzag = [(3.7 + number / 1e5, 51.0 + (number % 2) / 1e3) for number in range(10_001)]
    with pytest.raises(InvalidInput, match="simplify"):
        Area.of([[*zigzag, (3.7, 51.2)]])


@given(st.lists(st.tuples(st.floats(2, 7), st.floats(49, 52)), min_size=3, max_size=12))
def test_any_area_is_written_and_read_the_same(ring: list[tuple[float, float]]) -> None:
    try:
        area, _ = Area.of([ring])
    except InvalidInput:
        return
    again = Area.read(area.as_json())
    assert again.shape.symmetric_difference(area.shape).area < 1e-9

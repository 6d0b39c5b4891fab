"""Charts are valid pictures that a screen reader names, with texts escaped and no style of their own."""

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from participation.charts import Bar, Pair, Series, bars, comparison, lines

SVG = "{http://www.w3.org/2000/svg}"
NASTY = "<script>\"&'"
DAYS = tuple(f"{day} March" for day in range(1, 31))


def draw_bars(text: str) -> Markup:
    return bars("it", text, text, [Bar(text, 3, text), Bar("b", 1.5, "1.5"), Bar("c", 0, "0")])


def draw_lines(text: str) -> Markup:
    return lines("it", text, text, DAYS, [Series(text, range(30)), Series("sent", [2] * 30)])


def draw_comparison(text: str) -> Markup:
    return comparison("it", text, text, text, text, [Pair(text, 0.5, 0.25, text), Pair("b", 0.36, None, "hidden")])


KINDS = pytest.mark.parametrize("draw", [draw_bars, draw_lines, draw_comparison])


def elements(chart: Markup, name: str) -> list[ET.Element]:
    return list(ET.fromstring(chart).iter(SVG + name))  # noqa: S314 - our own


def number(element: ET.Element, attribute: str) -> float:
    return float(element.attrib[attribute])


@KINDS
def test_a_chart_is_an_image_named_by_its_title_and_description(draw: Callable[[str], Markup]) -> None:
    root = ET.fromstring(draw("Answered"))  # noqa: S314 - our own
    named = root.attrib["aria-labelledby"].split()
    texts = {child.attrib["id"]: child.text for child in root if child.tag in {SVG + "title", SVG + "desc"}}
    assert root.attrib["role"] == "img"
    assert [texts[one] for one in named] == ["Answered", "Answered"]


@KINDS
def test_texts_are_escaped(draw: Callable[[str], Markup]) -> None:
    assert "<script>" not in draw(NASTY)
    assert NASTY in {element.text for element in ET.fromstring(draw(NASTY)).iter()}  # noqa: S314 - our own


@KINDS
def test_a_chart_brings_neither_style_nor_colour(draw: Callable[[str], Markup]) -> None:
    for element in ET.fromstring(draw("x")).iter():  # noqa: S314 - our own
        assert element.tag != SVG + "style"
        assert not {"style", "stroke"} & element.attrib.keys()
        assert element.attrib.get("fill", "none") == "none"


def test_bars_are_as_long_as_their_values() -> None:
    wide, half, none = (number(one, "width") for one in elements(draw_bars("a"), "rect"))
    assert half == wide / 2
    assert none == 0


def test_nothing_to_show_is_still_a_picture() -> None:
    assert elements(bars("it", "t", "d", []), "rect") == []
    assert elements(lines("it", "t", "d", [], [Series("a", [])]), "polyline")


def test_one_day_is_a_point() -> None:
    assert len(elements(lines("it", "t", "d", ["1 March"], [Series("a", [3])]), "circle")) == 1


def test_lines_differ_in_their_dashes_as_well() -> None:
    paths = elements(draw_lines("a"), "polyline")
    assert len({path.attrib.get("stroke-dasharray") for path in paths}) == len(paths)


def test_first_and_last_day_are_written_below_the_line() -> None:
    written = [one.text for one in elements(draw_lines("a"), "text") if one.text in DAYS]
    assert (written[0], written[-1], len(written)) == (DAYS[0], DAYS[-1], 5)


@given(st.lists(st.integers(0, 10**7), min_size=2, max_size=40))
def test_a_line_stays_within_its_axis_which_has_at_most_six_marks(values: list[int]) -> None:
    chart = lines("it", "t", "d", [str(day) for day in range(len(values))], [Series("a", values)])
    marks = [number(one, "y1") for one in elements(chart, "line") if one.attrib["class"] == "grid"]
    (path,) = elements(chart, "polyline")
    heights = [float(point.split(",")[1]) for point in path.attrib["points"].split()]
    assert len(marks) <= 6
    assert min(marks) <= min(heights) <= max(heights) <= max(marks)


def test_a_hidden_share_has_no_dot_of_ours() -> None:
    legend_and_first_row = 2
    assert len(elements(draw_comparison("a"), "circle")) == legend_and_first_row
    assert len(elements(draw_comparison("a"), "polygon")) == legend_and_first_row + 1

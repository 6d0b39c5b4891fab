"""Charts as SVG, made on the server: a picture with title and description for whoever cannot see it.

Each stands beside a table with the same numbers, which the page makes. Texts come in translated and formatted.
Colours come from the page's classes alone: `chart`, and within it `bar`, `axis`, `grid`, `label`, `value`, `legend`,
`series series-1` to `series-3`, `study` and `here`. What colours tell apart, shape or dashes tell apart as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10

from markupsafe import Markup, escape

_WIDTH = 480
_SIZE = 15  # of the text; on a phone's 360 pixels it is still read as 11
_DASHES = (None, "8 4", "2 4")
_ROW = 46
_STEPS = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. text: the value as it is written beside it."""

    label: str
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Series:
    """One line, a value per day."""

    name: str
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Pair:
    """A share (0 to 1) of the study and ours beside it; None where there is none or it is hidden."""

    label: str
    study: float
    here: float | None
    text: str


def bars(name: str, title: str, description: str, rows: Sequence[Bar]) -> Markup:
    """Horizontal bars, each with its label above. name: the picture's id on the page."""
    largest = max((row.value for row in rows), default=0) or 1
    return _picture(
        name,
        title,
        description,
        len(rows) * _ROW,
        *(_bar(row, number * _ROW, row.value / largest * (_WIDTH - 80)) for number, row in enumerate(rows)),
    )


def _bar(row: Bar, top: float, width: float) -> Markup:
    return _join(
        _text(row.label, 0, top + 16, "label"),
        _tag("rect", class_="bar", x=0, y=top + 22, width=_number(width), height=16, rx=2),
        _text(row.text, width + 8, top + 35, "value"),
    )


def lines(name: str, title: str, description: str, days: Sequence[str], series: Sequence[Series]) -> Markup:
    """Up to three lines over days. days: a label per value, of which as many are written as fit."""
    left, top, right, bottom = 60, 34, _WIDTH - 12, 226
    step, largest = _scale(max((value for one in series for value in one.values), default=0))
    across = (right - left) / max(len(days) - 1, 1)

    def height(value: float) -> float:
        return bottom - value / largest * (bottom - top)

    grid = [
        _join(
            _tag("line", class_="grid", x1=left, x2=right, y1=_number(height(value)), y2=_number(height(value))),
            _text(f"{value:.0f}", left - 8, height(value) + 5, "axis", text_anchor="end"),
        )
        for value in range(0, largest + 1, step)
    ]
    paths = [
        _line(number, [(left + day * across, height(value)) for day, value in enumerate(one.values)])
        for number, one in enumerate(series)
    ]
    dates = [_text(label, left + day * across, bottom + 22, "axis", **_anchor(x)) for day, label, x in _spread(days)]
    return _picture(name, title, description, bottom + 30, *grid, *paths, *dates, _legend(series))


def _line(number: int, points: Sequence[tuple[float, float]]) -> Markup:
    if len(points) == 1:
        ((x, y),) = points
        return _tag("circle", cx=_number(x), cy=_number(y), r=4, **_stroke(number))
    path = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
    return _tag("polyline", points=path, **_stroke(number))


def _stroke(number: int) -> dict[str, object]:
    return {
        "class_": f"series series-{number + 1}",
        "fill": "none",
        "stroke_width": 2.5,
        "stroke_dasharray": _DASHES[number],
    }


def _legend(series: Sequence[Series]) -> Markup:
    wide = _WIDTH / max(len(series), 1)
    return _join(
        *(
            _join(
                _tag(
                    "line", x1=_number(number * wide), x2=_number(number * wide + 28), y1=12, y2=12, **_stroke(number)
                ),
                _text(one.name, number * wide + 36, 17, "legend"),
            )
            for number, one in enumerate(series)
        )
    )


def _spread(days: Sequence[str]) -> list[tuple[int, str, float]]:
    """At most five labels, evenly apart, the first and the last among them: number, label, place from 0 to 1."""
    last = len(days) - 1
    shown = sorted({(last * part + 2) // 4 for part in range(5)}) if days else []
    return [(day, days[day], day / last if last else 0.5) for day in shown]


def _anchor(place: float) -> dict[str, object]:
    """The text at the ends stays within the picture."""
    return {"text_anchor": "start" if place == 0 else "end" if place == 1 else "middle"}


def comparison(name: str, title: str, description: str, study: str, here: str, rows: Sequence[Pair]) -> Markup:
    """Shares of the study (a diamond) and ours (a dot) on a scale to 100%. study, here: what the legend calls them."""
    top = 34
    legend = _join(
        _diamond(10, 12), _text(study, 26, 17, "legend"), _dot(_WIDTH / 2 + 10, 12), _text(here, _WIDTH / 2 + 26, 17)
    )
    drawn = [_pair(row, top + number * _ROW) for number, row in enumerate(rows)]
    bottom = top + len(rows) * _ROW
    axis = [_text(f"{part * 25}%", _place(part / 4), bottom + 20, "axis", **_anchor(part / 4)) for part in range(5)]
    return _picture(name, title, description, bottom + 28, legend, *drawn, *axis)


def _place(share: float) -> float:
    return 8 + min(share, 1.0) * (_WIDTH - 16)


def _pair(row: Pair, top: float) -> Markup:
    y = top + 32
    return _join(
        _text(row.label, 0, top + 16, "label"),
        _text(row.text, _WIDTH, top + 16, "value", text_anchor="end"),
        _tag("line", class_="grid", x1=_place(0), x2=_place(1), y1=y, y2=y),
        _diamond(_place(row.study), y),
        _dot(_place(row.here), y) if row.here is not None else Markup(),
    )


def _diamond(x: float, y: float) -> Markup:
    corners = ((x - 8, y), (x, y - 8), (x + 8, y), (x, y + 8))
    return _tag("polygon", class_="study", points=" ".join(f"{_number(a)},{_number(b)}" for a, b in corners))


def _dot(x: float, y: float) -> Markup:
    return _tag("circle", class_="here", cx=_number(x), cy=_number(y), r=7)


def _scale(largest: float) -> tuple[int, int]:
    """A round step (1, 2 or 5 with noughts) of which at most five reach the largest value, and where the axis ends."""
    least = max(largest, 1) / _STEPS
    power = 10 ** max(ceil(log10(least)) - 1, 0)
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least)
    return step, step * max(ceil(largest / step), 1)


def _picture(name: str, title: str, description: str, height: float, *content: Markup) -> Markup:
    return _tag(
        "svg",
        _tag("title", title, id=f"{name}-title"),
        _tag("desc", description, id=f"{name}-description"),
        *content,
        class_="chart",
        role="img",
        aria_labelledby=f"{name}-title {name}-description",
        viewBox=f"0 0 {_WIDTH} {_number(height)}",
        font_size=_SIZE,
        xmlns="http://www.w3.org/2000/svg",
    )


def _text(content: str, x: float, y: float, kind: str = "legend", **attributes: object) -> Markup:
    return _tag("text", content, class_=kind, x=_number(x), y=_number(y), **attributes)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _join(*parts: Markup) -> Markup:
    return Markup("").join(parts)


def _tag(tag: str, *content: str, **attributes: object) -> Markup:
    """An element; everything that is no markup yet is escaped. `class_` stands for class, `stroke_width` for a dash."""
    written = _join(
        *(
            Markup(' {}="{}"').format(name.rstrip("_").replace("_", "-"), value)
            for name, value in attributes.items()
            if value is not None
        )
    )
    return Markup("<{0}{1}>{2}</{0}>").format(tag, written, _join(*(escape(part) for part in content)))

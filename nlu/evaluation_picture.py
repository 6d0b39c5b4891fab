"""The confusion matrix of an evaluation as an SVG: rows are what was meant, columns what was understood."""

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from nlu.evaluation import Outcome
from nlu.interpreter import OUT_OF_SCOPE
from nlu.topics import topics

_CELL: Final = 12
_LABEL: Final = 170
_LEGEND: Final = ("down: what was meant", "across: what was understood", "green is right, red is wrong")
_FAINTEST: Final = 0.25
"""One message among hundreds must still be seen."""

_STYLE: Final = (
    "text{font:9px sans-serif;fill:#222}.right{fill:#1b6e3c}.wrong{fill:#b3261e}.grid{stroke:#ccc;stroke-width:.5}"
)


def confusion_picture(outcomes: Sequence[Outcome]) -> str:
    """An SVG document. A cell is the darker the larger its share of the row; pointing at it tells the count."""
    counts = Counter((outcome.message.intent, outcome.found.intent) for outcome in outcomes)
    names = _in_order({name for pair in counts for name in pair})
    side = _LABEL + _CELL * len(names) + 10
    parts = [*_legend(), *_grid(len(names)), *_labels(names), *_cells(counts, names)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" viewBox="0 0 {side} {side}">'
        f"<title>Topics meant (rows) and understood (columns), {len(outcomes)} messages</title>"
        f'<style>{_STYLE}</style><rect width="{side}" height="{side}" fill="#fff"/>' + "".join(parts) + "</svg>\n"
    )


def _in_order(names: set[str]) -> list[str]:
    """Neighbouring topics side by side, as in the list of topics; out of scope last."""
    return [name for name in [*(topic.name for topic in topics()), OUT_OF_SCOPE] if name in names]


def _at(position: int) -> int:
    return _LABEL + _CELL * position


def _grid(count: int) -> Iterable[str]:
    for line in range(count + 1):
        yield f'<path class="grid" d="M{_LABEL} {_at(line)}H{_at(count)}M{_at(line)} {_LABEL}V{_at(count)}"/>'


def _legend() -> Iterable[str]:
    for line, said in enumerate(_LEGEND, start=1):
        yield f'<text x="8" y="{14 * line}">{said}</text>'


def _labels(names: Sequence[str]) -> Iterable[str]:
    for position, name in enumerate(names):
        middle = _at(position) + _CELL - 3
        yield f'<text x="{_LABEL - 4}" y="{middle}" text-anchor="end">{escape(name)}</text>'
        yield f'<text transform="translate({middle} {_LABEL - 4}) rotate(-90)">{escape(name)}</text>'


def _cells(counts: Counter[tuple[str, str]], names: Sequence[str]) -> Iterable[str]:
    position = {name: at for at, name in enumerate(names)}
    rows = Counter[str]()
    for (meant, _), count in counts.items():
        rows[meant] += count
    for (meant, understood), count in sorted(counts.items()):
        kind = "right" if meant == understood else "wrong"
        shade = max(_FAINTEST, count / rows[meant])
        yield (
            f'<rect class="{kind}" x="{_at(position[understood])}" y="{_at(position[meant])}" width="{_CELL}" '
            f'height="{_CELL}" fill-opacity="{shade:.2f}"><title>{count} of {rows[meant]}: {escape(meant)} '
            f"understood as {escape(understood)}</title></rect>"
        )

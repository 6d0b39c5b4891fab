"""Quality over time: the figures on the held-out files now, beside those of the last release."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

Figures = Mapping[str, Mapping[str, float]]
"""Shares from 0 to 1, by group (`entity`, `language`, `topic`, `whole`) and name."""

MARGINS: Final = {"entity": 0.1, "language": 0.02, "topic": 0.15, "whole": 0.02}
"""How far a figure may fall: a topic has some two dozen held-out messages, four of which may be lost to chance; of some
kinds of entity a handful is marked."""


@dataclass(frozen=True, slots=True)
class Change:
    """One figure, before and now; before is None for a new topic."""

    group: str
    name: str
    before: float | None
    now: float

    @property
    def fell(self) -> bool:
        """By more than chance explains."""
        return self.before is not None and self.before - self.now > MARGINS[self.group] + 1e-9


def chosen(report: Mapping[str, Any], entities: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """What is kept of an evaluation's figures, as a release is measured by; entities: the F1 of each kind."""
    return {
        "entity": dict(entities),
        "whole": {
            "right topic": report["accuracy"],
            "right among two": report["accuracy_top2"],
            "strangers recognised": report["out_of_scope"]["recall"],
            "danger recognised": report["safety"]["recall"],
        },
        "language": {name: entry["accuracy"] for name, entry in report["by_language"].items()},
        "topic": {name: entry["recall"] for name, entry in report["by_intent"].items()},
    }


def compare(before: Figures, now: Figures) -> list[Change]:
    """Every present figure beside the released one."""
    return [
        Change(group, name, before.get(group, {}).get(name), value)
        for group, values in now.items()
        for name, value in values.items()
    ]


def readable(changes: list[Change]) -> str:
    """A table for people: what fell too far, then the whole, the languages, and the topics that moved."""
    fallen = [change for change in changes if change.fell]
    shown = [change for change in changes if change.group != "topic" or change.before != change.now]
    verdict = f"{len(fallen)} fell too far" if fallen else "nothing fell too far"
    allowed = ", ".join(f"{group} {margin:.0%}" for group, margin in MARGINS.items())
    return "\n".join([
        *(_line(change) for change in shown),
        f"{verdict} (allowed: {allowed})",
    ])  # fmt: skip


def _line(change: Change) -> str:
    before = "    new" if change.before is None else f"{change.before:7.1%}"
    mark = "  FELL TOO FAR" if change.fell else ""
    return f"{change.group:<9} {change.name:<24} {before} {change.now:7.1%}{mark}"

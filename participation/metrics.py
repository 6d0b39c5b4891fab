"""From counts to figures, pure. Every rate names its denominator and cohort; groups smaller than five are hidden."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from participation.counting import Became, Cell, Metric
from participation.durations import quantile

SMALLEST_GROUP = 5
COMMUNITY = 3
"""From so many different people on, a network is called a community here."""
_TOP = 10
_MICROSECONDS = 1_000_000

Totals = Mapping[Metric, Mapping[str, Cell]]


class Cohort(StrEnum):
    """What the denominator of a rate counts. The texts are message ids, to be translated where they are shown."""

    INHABITANTS = "inhabitants of the municipality"
    QUESTIONS = "questions asked in the period"
    CONVERSATIONS = "conversations opened in the period"
    WRITERS = "residents who wrote in the period"
    NETWORKS = "neighbourhood networks"


@dataclass(frozen=True, slots=True)
class Rate:
    """A share. hidden: the denominator is smaller than five, so nothing is shown; value: None then, or without one."""

    numerator: int | None
    denominator: int | None
    value: float | None
    cohort: Cohort
    hidden: bool = False


def rate(numerator: int, denominator: int | None, cohort: Cohort) -> Rate:
    """A share of a cohort. denominator: None where nobody entered it (the number of inhabitants)."""
    if denominator is None:
        return Rate(numerator, None, None, cohort)
    if denominator < SMALLEST_GROUP:
        return Rate(None, None, None, cohort, hidden=True)
    return Rate(numerator, denominator, numerator / denominator, cohort)


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Seconds from question to answer, over the answered ones; all None when they are hidden (fewer than five)."""

    answers: int | None
    mean: float | None
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class ResponseTime:
    """On the clock, and counting only office hours."""

    clock: Times
    office: Times


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """How fast questions are answered. unanswered: those still open, which no mean or quantile can hold."""

    both: ResponseTime
    bot: ResponseTime
    officer: ResponseTime
    unanswered: Rate


@dataclass(frozen=True, slots=True)
class Share:
    """One of the things that a whole is divided in."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The largest parts first; `other` sums up the rest and every part smaller than five."""

    shares: tuple[Share, ...]
    other: int
    total: int


@dataclass(frozen=True, slots=True)
class Day:
    """Volumes of one local day: messages, not people."""

    day: date
    received: int
    sent: int
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Different residents per inhabitant. reachable: can be sent alerts now; active: wrote in the last days."""

    reachable: Rate
    active_30: Rate
    active_90: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversations:
    """What became of the conversations that opened in the period."""

    opened: int
    two_way: Rate
    handed_over: Rate
    participated: Rate
    discussed: Rate


def response(totals: Totals) -> Response:
    """Response times by who answered."""
    asked, answered = questions(totals), answers(totals)
    bot = (totals[Metric.ANSWERED_BY_BOT], totals[Metric.OFFICE_BY_BOT])
    officer = (totals[Metric.ANSWERED_BY_OFFICER], totals[Metric.OFFICE_BY_OFFICER])
    return Response(
        both=ResponseTime(times(bot[0], officer[0]), times(bot[1], officer[1])),
        bot=ResponseTime(times(bot[0]), times(bot[1])),
        officer=ResponseTime(times(officer[0]), times(officer[1])),
        unanswered=rate(asked - answered, asked, Cohort.QUESTIONS),
    )


def times(*measured: Mapping[str, Cell]) -> Times:
    """Mean, median and p90 of everything measured, in seconds."""
    histogram: dict[int, int] = {}
    total = 0
    for cells in measured:
        for value, cell in cells.items():
            histogram[int(value)] = histogram.get(int(value), 0) + cell.count
            total += cell.total
    count = sum(histogram.values())
    if count < SMALLEST_GROUP:
        return Times(answers=None, mean=None, median=None, p90=None)
    return Times(
        answers=count,
        mean=total / count / _MICROSECONDS,
        median=quantile(histogram, 0.5) / _MICROSECONDS,
        p90=quantile(histogram, 0.9) / _MICROSECONDS,
    )


def questions(totals: Totals) -> int:
    """Questions asked in the period."""
    return _sum(totals[Metric.ASKED])


def answers(totals: Totals) -> int:
    """Those of them that were answered, whenever that was."""
    return _sum(totals[Metric.ANSWERED_BY_BOT]) + _sum(totals[Metric.ANSWERED_BY_OFFICER])


def conversations(totals: Totals) -> Conversations:
    """The conversations of the period and what became of them."""
    became = {what: cell.count for what, cell in totals[Metric.CONVERSATION].items()}
    opened = became.get(Became.OPENED, 0)

    def share(what: Became) -> Rate:
        return rate(became.get(what, 0), opened, Cohort.CONVERSATIONS)

    return Conversations(
        opened=opened,
        two_way=share(Became.TWO_WAY),
        handed_over=share(Became.HANDED_OVER),
        participated=share(Became.PARTICIPATED),
        discussed=share(Became.DISCUSSED),
    )


def breakdown(cells: Mapping[str, Cell], top: int = _TOP) -> Breakdown:
    """The largest parts, by size and then by name."""
    ranked = sorted(cells.items(), key=lambda item: (-item[1].count, item[0]))
    shown = tuple(Share(name, cell.count) for name, cell in ranked[:top] if cell.count >= SMALLEST_GROUP)
    total = _sum(cells)
    return Breakdown(shown, total - sum(one.count for one in shown), total)


def _sum(cells: Mapping[str, Cell]) -> int:
    return sum(cell.count for cell in cells.values())

"""Figures made up for tests of how they are written down."""

from datetime import date

from participation.counting import Became, Cell, Metric
from participation.metrics import Breakdown, Cohort, Day, Reach, Share, conversations, rate, response
from participation.report import Figures
from participation.study import comparisons


def some_figures() -> Figures:
    """A week in which every figure has something to show, and one group is too small to be shown."""
    totals = {metric: dict[str, Cell]() for metric in Metric}
    totals[Metric.ASKED] = {"waste_calendar": Cell(40), "passport": Cell(10)}
    totals[Metric.ANSWERED_BY_BOT] = {"2000000": Cell(40, 80_000_000)}
    totals[Metric.ANSWERED_BY_OFFICER] = {"600000000": Cell(2, 1_200_000_000)}
    totals[Metric.CONVERSATION] = {Became.OPENED: Cell(30), Became.TWO_WAY: Cell(25), Became.HANDED_OVER: Cell(3)}
    reach = Reach(**dict.fromkeys(("reachable", "active_30", "active_90"), rate(2000, 21_032, Cohort.INHABITANTS)))
    answered = rate(42, 50, Cohort.QUESTIONS)
    community = rate(1, 3, Cohort.NETWORKS)
    talks, times = conversations(totals), response(totals)
    parts = Breakdown((Share("waste_calendar", 40),), 3, 43)
    return Figures(
        organisation="lindebeke",
        first=date(2026, 3, 2),
        last=date(2026, 3, 3),
        inhabitants=21_032,
        reach=reach,
        questions=50,
        answers=42,
        answered=answered,
        response=times,
        participating=rate(4, 40, Cohort.WRITERS),
        community=community,
        conversations=talks,
        events={},
        alert_recipients=0,
        languages=Breakdown((Share("nl", 40), Share("", 6)), 0, 46),
        channels=Breakdown((Share("sms", 43),), 0, 43),
        topics=parts,
        days=(Day(date(2026, 3, 2), 20, 21, 25), Day(date(2026, 3, 3), 23, 24, 25)),
        comparisons=comparisons(reach, times, answered, talks, community),
    )

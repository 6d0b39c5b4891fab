"""All figures of an organisation over a period, in one call."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from participation import metrics, repository
from participation.counting import Group, Metric
from participation.metrics import (
    COMMUNITY,
    Breakdown,
    Cohort,
    Conversations,
    Day,
    Rate,
    Reach,
    Response,
    conversations,
    rate,
    response,
)
from participation.period import Period, local_day
from participation.repository import Totals
from participation.study import Comparison, comparisons
from people.organisation import Organisation
from people.repository import networks
from storage.facts import FactKind

_DAILY = (Metric.RECEIVED, Metric.SENT, Metric.ASKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the metrics page shows. questions, answers and the fields of `Events` are plain counts."""

    organisation: str
    first: date
    last: date
    inhabitants: int | None
    reach: Reach
    questions: int
    answers: int
    answered: Rate
    response: Response
    participating: Rate
    community: Rate
    conversations: Conversations
    events: Mapping[str, int]  # how often, by kind of fact
    alert_recipients: int
    languages: Breakdown
    channels: Breakdown
    topics: Breakdown
    days: tuple[Day, ...]
    comparisons: tuple[Comparison, ...]

    def to_json(self) -> str:
        """The same, for other programs."""
        return json.dumps(asdict(self), default=date.isoformat, ensure_ascii=False, indent=2)


async def figures(connection: AsyncConnection, organisation: Organisation, period: Period) -> Figures:
    """Everything measured for an organisation in a period, from what is counted up to now."""
    totals = await repository.totals(connection, organisation.id, period)
    asked, answered = metrics.questions(totals), metrics.answers(totals)
    reach = await _reach(connection, organisation, period.last)
    times, talks = response(totals), conversations(totals)
    community = await _community(connection, organisation, period)
    answered_share = rate(answered, asked, Cohort.QUESTIONS)
    return Figures(
        organisation=organisation.slug,
        first=period.first,
        last=period.last,
        inhabitants=organisation.inhabitants,
        reach=reach,
        questions=asked,
        answers=answered,
        answered=answered_share,
        response=times,
        participating=await _participating(connection, organisation, period),
        community=community,
        conversations=talks,
        events={kind: _happened(totals, kind) for kind in FactKind},
        alert_recipients=sum(cell.count for cell in totals[Metric.ALERT_RECIPIENTS].values()),
        languages=metrics.breakdown(totals[Metric.LANGUAGE]),
        channels=metrics.breakdown(totals[Metric.RECEIVED]),
        topics=metrics.breakdown(totals[Metric.ASKED]),
        days=await _days(connection, organisation, period),
        comparisons=comparisons(reach, times, answered_share, talks, community),
    )


def last_days(days: int, now: datetime) -> Period:
    """The period that ends today."""
    return Period.until(local_day(now), days)


def _happened(totals: Totals, kind: FactKind) -> int:
    cell = totals[Metric.HAPPENED].get(kind)
    return 0 if cell is None else cell.count


async def _reach(connection: AsyncConnection, organisation: Organisation, last: date) -> Reach:
    async def active(days: int) -> Rate:
        window = Period.until(last, days)
        wrote = await repository.different_residents(connection, organisation.id, Group.WROTE, window)
        return rate(wrote, organisation.inhabitants, Cohort.INHABITANTS)

    reachable = await networks.opted_in(connection, organisation.id)
    return Reach(
        reachable=rate(reachable, organisation.inhabitants, Cohort.INHABITANTS),
        active_30=await active(30),
        active_90=await active(90),
    )


async def _participating(connection: AsyncConnection, organisation: Organisation, period: Period) -> Rate:
    took_part = await repository.different_residents(connection, organisation.id, Group.PARTICIPATED, period)
    wrote = await repository.different_residents(connection, organisation.id, Group.WROTE, period)
    return rate(took_part, wrote, Cohort.WRITERS)


async def _community(connection: AsyncConnection, organisation: Organisation, period: Period) -> Rate:
    lively = await repository.lively_networks(connection, organisation.id, period, COMMUNITY)
    return rate(lively, await repository.networks(connection, organisation.id), Cohort.NETWORKS)


async def _days(connection: AsyncConnection, organisation: Organisation, period: Period) -> tuple[Day, ...]:
    found = await repository.per_day(connection, organisation.id, period, _DAILY)
    return tuple(Day(day, *(found.get((day, metric), 0) for metric in _DAILY)) for day in period.days)

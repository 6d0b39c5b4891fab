"""Reading the log, keeping the rollups, and adding them up over a period."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from participation.counting import Became, Cell, Counts, Group, Memory, Metric
from participation.period import Period
from participation.tables import rollup, rollup_conversation, rollup_resident, rollup_state
from people.tables import membership, network
from storage.facts import Fact, FactKind
from storage.repository import upsert
from storage.tables import fact

_FACT_COLUMNS = tuple(fact.c[one.name] for one in fields(Fact))


async def settled(connection: AsyncConnection) -> int:
    """The id of the last fact below which none can appear any more.

    PostgreSQL numbers rows before they are committed, so a smaller number may show up after a larger one. The lock
    waits for the transactions that are writing facts now; release it soon, by ending the transaction.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(text("LOCK TABLE fact IN SHARE MODE"))
    return int(await connection.scalar(select(func.max(fact.c.id))) or 0)


async def newest(connection: AsyncConnection) -> int:
    """The id of the last fact that can be seen."""
    return int(await connection.scalar(select(func.max(fact.c.id))) or 0)


async def facts_between(
    connection: AsyncConnection, organisation_id: int, after: int, until: int, limit: int
) -> tuple[list[Fact], int]:
    """The next facts of an organisation in the order of the log, and the id up to which these are all."""
    mine = (fact.c.organisation_id == organisation_id, fact.c.id > after, fact.c.id <= until)
    statement = select(fact.c.id, *_FACT_COLUMNS).where(*mine).order_by(fact.c.id).limit(limit)
    rows = (await connection.execute(statement)).all()
    return [_fact(row) for row in rows], rows[-1].id if len(rows) == limit else until


def _fact(row: Row[Any]) -> Fact:
    values = row._asdict()
    del values["id"]
    return Fact(**{**values, "kind": FactKind(row.kind)})


@dataclass(frozen=True, slots=True)
class Watermark:
    """How far the log was counted, and by which rules."""

    fact_id: int
    rules: str


async def lock(connection: AsyncConnection, organisation_id: int, rules: str) -> Watermark:
    """How far the counting is; nobody else counts for this organisation until the transaction ends."""
    start = upsert(connection, rollup_state).values(organisation_id=organisation_id, fact_id=0, rules=rules)
    await connection.execute(start.on_conflict_do_nothing())
    mine = select(rollup_state).where(rollup_state.c.organisation_id == organisation_id).with_for_update()
    row = (await connection.execute(mine)).one()
    return Watermark(row.fact_id, row.rules)


async def watermarks(connection: AsyncConnection) -> dict[int, Watermark]:
    """How far the counting is, by organisation."""
    rows = await connection.execute(select(rollup_state))
    return {row.organisation_id: Watermark(row.fact_id, row.rules) for row in rows}


async def set_watermark(connection: AsyncConnection, organisation_id: int, watermark: Watermark) -> None:
    """Everything up to this fact is counted."""
    mine = update(rollup_state).where(rollup_state.c.organisation_id == organisation_id)
    await connection.execute(mine.values(fact_id=watermark.fact_id, rules=watermark.rules))


async def clear(connection: AsyncConnection, organisation_id: int) -> None:
    """Forget what was counted, to count anew."""
    for table in (rollup, rollup_resident, rollup_conversation):
        await connection.execute(delete(table).where(table.c.organisation_id == organisation_id))


async def memories(
    connection: AsyncConnection, organisation_id: int, conversation_ids: Collection[int]
) -> dict[int, Memory]:
    """What is remembered of these conversations."""
    table = rollup_conversation
    mine = (table.c.organisation_id == organisation_id, table.c.conversation_id.in_(conversation_ids))
    rows = await connection.execute(select(table.c.conversation_id, table.c.memory).where(*mine))
    return {row.conversation_id: _memory(row.memory) for row in rows}


def _memory(kept: dict[str, Any]) -> Memory:
    return Memory(
        **kept
        | {
            "opened_on": date.fromisoformat(kept["opened_on"]),
            "became": {Became(one) for one in kept["became"]},
            "open": [datetime.fromisoformat(one) for one in kept["open"]],
        }
    )


def _kept(memory: Memory) -> dict[str, Any]:
    return {
        "opened_on": memory.opened_on.isoformat(),
        "became": sorted(memory.became),
        "open": [one.isoformat() for one in memory.open],
        "resident_wrote": memory.resident_wrote,
        "resident_last": memory.resident_last,
        "officer_wrote": memory.officer_wrote,
        "turns": memory.turns,
    }


async def remember(connection: AsyncConnection, organisation_id: int, remembered: Mapping[int, Memory]) -> None:
    """Keep what the next facts of these conversations are counted against."""
    statement = upsert(connection, rollup_conversation)
    statement = statement.on_conflict_do_update(
        index_elements=list(rollup_conversation.primary_key), set_={"memory": statement.excluded.memory}
    )
    rows = [
        {"organisation_id": organisation_id, "conversation_id": one, "memory": _kept(memory)}
        for one, memory in remembered.items()
    ]
    if rows:
        await connection.execute(statement, rows)


async def add(connection: AsyncConnection, organisation_id: int, counts: Counts) -> None:
    """Add what was counted to what is there."""
    statement = upsert(connection, rollup)
    statement = statement.on_conflict_do_update(
        index_elements=list(rollup.primary_key),
        set_={
            "count": rollup.c.count + statement.excluded["count"],
            "total": rollup.c.total + statement.excluded.total,
        },
    )
    cells = [
        {
            "organisation_id": organisation_id,
            "day": day,
            "metric": metric,
            "dimension": dimension,
            "count": cell.count,
            "total": cell.total,
        }
        for (day, metric, dimension), cell in counts.cells.items()
    ]
    if cells:
        await connection.execute(statement, cells)
    people = [
        {"organisation_id": organisation_id, "day": day, "kind": group, "resident_id": one}
        for day, group, one in counts.residents
    ]
    if people:
        await connection.execute(upsert(connection, rollup_resident).on_conflict_do_nothing(), people)


Totals = dict[Metric, dict[str, Cell]]
"""Per metric and dimension, added up over days."""


async def totals(connection: AsyncConnection, organisation_id: int, period: Period) -> Totals:
    """What the days of a period come to."""
    mine = (rollup.c.organisation_id == organisation_id, rollup.c.day.between(period.first, period.last))
    statement = (
        select(rollup.c.metric, rollup.c.dimension, func.sum(rollup.c["count"]), func.sum(rollup.c.total))
        .where(*mine)
        .group_by(rollup.c.metric, rollup.c.dimension)
    )
    found: Totals = {metric: {} for metric in Metric}
    for metric, dimension, count, total in await connection.execute(statement):
        found[Metric(metric)][dimension] = Cell(int(count), int(total))
    return found


async def per_day(
    connection: AsyncConnection, organisation_id: int, period: Period, metrics: Iterable[Metric]
) -> dict[tuple[date, Metric], int]:
    """How often, on each day on which it happened at all."""
    statement = (
        select(rollup.c.day, rollup.c.metric, func.sum(rollup.c["count"]))
        .where(
            rollup.c.organisation_id == organisation_id,
            rollup.c.day.between(period.first, period.last),
            rollup.c.metric.in_(list(metrics)),
        )
        .group_by(rollup.c.day, rollup.c.metric)
    )
    return {(day, Metric(metric)): int(count) for day, metric, count in await connection.execute(statement)}


async def different_residents(connection: AsyncConnection, organisation_id: int, group: Group, period: Period) -> int:
    """How many different residents belong to a group in a period."""
    statement = select(func.count(func.distinct(rollup_resident.c.resident_id))).where(
        rollup_resident.c.organisation_id == organisation_id,
        rollup_resident.c.kind == group,
        rollup_resident.c.day.between(period.first, period.last),
    )
    return int(await connection.scalar(statement) or 0)


async def lively_networks(connection: AsyncConnection, organisation_id: int, period: Period, people: int) -> int:
    """In how many networks at least so many different members replied to an alert."""
    replied = rollup_resident
    statement = (
        select(network.c.id)
        .join(membership, membership.c.network_id == network.c.id)
        .join(replied, replied.c.resident_id == membership.c.resident_id)
        .where(
            network.c.organisation_id == organisation_id,
            replied.c.organisation_id == organisation_id,
            replied.c.kind == Group.REPLIED,
            replied.c.day.between(period.first, period.last),
        )
        .group_by(network.c.id)
        .having(func.count(func.distinct(membership.c.resident_id)) >= people)
    )
    return int(await connection.scalar(select(func.count()).select_from(statement.subquery())) or 0)


async def networks(connection: AsyncConnection, organisation_id: int) -> int:
    """How many networks an organisation has."""
    statement = select(func.count()).select_from(network).where(network.c.organisation_id == organisation_id)
    return int(await connection.scalar(statement) or 0)

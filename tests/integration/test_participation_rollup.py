"""The rollups stay the same as the log, in whatever stretches it is counted."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select, update

from participation import repository, rollup
from participation.rollup import Rollups
from participation.tables import rollup as rollup_table
from participation.tables import rollup_conversation, rollup_resident
from people.organisation import OrganisationKind
from people.repository import organisations
from people.tables import organisation
from storage.database import Database
from storage.facts import Fact, FactKind
from storage.repository import append_facts
from tests.participation_log import MORNING, dialogue, fact


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


async def make_organisation(database: Database, slug: str = "lindebeke") -> int:
    async with database.write() as connection:
        return await organisations.create(
            connection, kind=OrganisationKind.MUNICIPALITY, name=slug.title(), slug=slug, at=MORNING
        )


async def append(database: Database, facts: list[Fact]) -> None:
    async with database.write() as connection:
        await append_facts(connection, facts)


async def catch_up(rollups: Rollups) -> int:
    """Work until nothing is left; gives how many stretches that took."""
    stretches = 1
    while await rollups.work():
        stretches += 1
    return stretches


async def content(database: Database) -> list[list[tuple[Any, ...]]]:
    """Everything in the rollups."""
    async with database.read() as connection:
        tables = (rollup_table, rollup_resident, rollup_conversation)
        return [
            [tuple(row) for row in await connection.execute(select(table).order_by(*table.primary_key))]
            for table in tables
        ]


async def test_a_log_counted_fact_by_fact_comes_to_the_same_as_at_once_and_as_counted_anew(database: Database) -> None:
    organisation_id = await make_organisation(database)
    await append(database, dialogue(organisation_id))
    assert await catch_up(Rollups(database, stretch=1)) == len(dialogue(organisation_id))
    step_by_step = await content(database)
    async with database.write() as connection:
        await rollup.rebuild(connection, organisation_id, await repository.settled(connection))
    assert await content(database) == step_by_step
    assert all(step_by_step)


async def test_what_is_counted_is_not_counted_again(database: Database) -> None:
    await append(database, dialogue(await make_organisation(database)))
    await catch_up(Rollups(database))
    before = await content(database)
    await catch_up(Rollups(database))
    assert await content(database) == before


async def test_a_worker_that_comes_late_neither_counts_twice_nor_turns_the_watermark_back(database: Database) -> None:
    organisation_id = await make_organisation(database)
    await append(database, dialogue(organisation_id))
    await catch_up(Rollups(database))
    before = await content(database)
    async with database.write() as connection:
        assert not await rollup.update(connection, organisation_id, until=2)
    await catch_up(Rollups(database))
    assert await content(database) == before


async def test_an_answer_is_counted_on_the_day_of_its_question_also_when_it_comes_in_a_later_stretch(
    database: Database,
) -> None:
    organisation_id = await make_organisation(database)
    day = 24 * 60
    answer = {"purpose": "officer", "substantive": True, "seconds": float(day * 60)}
    await append(database, [fact(organisation_id, FactKind.QUESTION_ASKED, 0, intent="waste_paper")])
    await catch_up(Rollups(database))
    await append(database, [fact(organisation_id, FactKind.MESSAGE_SENT, day, data=answer)])
    await catch_up(Rollups(database))
    cells, _, _ = await content(database)
    assert [cell[1:] for cell in cells if cell[2] == "answered_by_officer"] == [
        (MORNING.date(), "answered_by_officer", "86400000000", 1, 86_400_000_000)
    ]


async def test_other_office_hours_make_the_worker_count_anew(database: Database) -> None:
    organisation_id = await make_organisation(database)
    await append(database, dialogue(organisation_id))
    await catch_up(Rollups(database))
    async with database.write() as connection:
        never = update(organisation).values(office_hours=[[], [], [], [], [], [], []])
        await connection.execute(never)
    await catch_up(Rollups(database))
    cells, _, _ = await content(database)
    assert [(cell[3], cell[4], cell[5]) for cell in cells if cell[2] == "office_by_officer"] == [("0", 1, 0)]


async def test_organisations_are_counted_apart(database: Database) -> None:
    first, second = await make_organisation(database), await make_organisation(database, "politiezone")
    await append(database, dialogue(first))
    await catch_up(Rollups(database))
    alone = await content(database)
    others = dialogue(second)
    await append(database, [*others, fact(first, FactKind.SAFETY_ANSWERED, 20)])
    await catch_up(Rollups(database))
    mine = [[row for row in rows if row[0] == first] for rows in await content(database)]
    added = [row for row in mine[0] if row not in alone[0]]
    assert [row[2:] for row in added] == [("happened", "safety_answered", 1, 0)]
    assert mine[1:] == alone[1:]

"""The rollups stay the same as the log, in whatever stretches it is counted."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update

from participation import repository, rollup
from participation.rollup import Rollups
from people.tables import organisation
from storage.database import Database
from storage.facts import FactKind
from storage.repository import append_facts
from tests.integration.participation_setting import append, catch_up, content, make_organisation
from tests.participation_log import MORNING, dialogue, fact


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


async def test_a_log_counted_fact_by_fact_comes_to_the_same_as_counted_anew(database: Database) -> None:
    organisation_id = await make_organisation(database)
    await append(database, dialogue(organisation_id))
    assert await catch_up(Rollups(database, stretch=1)) == len(dialogue(organisation_id))
    step_by_step = await content(database, organisation_id)
    async with database.write() as connection:
        await rollup.rebuild(connection, organisation_id, await repository.settled(connection))
    assert await content(database, organisation_id) == step_by_step
    assert all(step_by_step)


async def test_what_is_counted_is_not_counted_again(database: Database) -> None:
    organisation_id = await make_organisation(database)
    await append(database, dialogue(organisation_id))
    await catch_up(Rollups(database))
    before = await content(database, organisation_id)
    assert await catch_up(Rollups(database)) == 1
    assert await content(database, organisation_id) == before


async def test_a_worker_that_comes_late_neither_counts_twice_nor_turns_the_watermark_back(database: Database) -> None:
    organisation_id = await make_organisation(database)
    await append(database, dialogue(organisation_id))
    await catch_up(Rollups(database))
    before = await content(database, organisation_id)
    async with database.write() as connection:
        assert not await rollup.update(connection, organisation_id, until=2)
    await catch_up(Rollups(database))
    assert await content(database, organisation_id) == before


async def test_two_workers_at_once_count_each_fact_once(database: Database) -> None:
    organisation_id = await make_organisation(database)
    await append(database, dialogue(organisation_id))
    await asyncio.gather(*(catch_up(Rollups(database, stretch=1)) for _ in range(4)))
    together = await content(database, organisation_id)
    async with database.write() as connection:
        await rollup.rebuild(connection, organisation_id, await repository.settled(connection))
    assert await content(database, organisation_id) == together


async def test_an_answer_in_a_later_stretch_is_counted_on_the_day_of_its_question(database: Database) -> None:
    organisation_id = await make_organisation(database)
    day = 24 * 60
    answer = {"purpose": "officer", "substantive": True, "seconds": float(day * 60)}
    await append(database, [fact(organisation_id, FactKind.QUESTION_ASKED, 0, intent="waste_paper")])
    await catch_up(Rollups(database))
    await append(database, [fact(organisation_id, FactKind.MESSAGE_SENT, day, data=answer)])
    await catch_up(Rollups(database))
    cells, _, _ = await content(database, organisation_id)
    measured = [tuple(cell) for cell in cells if cell.metric == "answered_by_officer"]
    assert measured == [(MORNING.date(), "answered_by_officer", "86400000000", 1, 86_400_000_000)]


async def test_other_office_hours_make_the_worker_count_anew(database: Database) -> None:
    organisation_id = await make_organisation(database)
    await append(database, dialogue(organisation_id))
    await catch_up(Rollups(database))
    async with database.write() as connection:
        await connection.execute(update(organisation).values(office_hours=[[], [], [], [], [], [], []]))
    await catch_up(Rollups(database))
    cells, _, _ = await content(database, organisation_id)
    measured = [(cell.dimension, cell[3], cell.total) for cell in cells if cell.metric == "office_by_officer"]
    assert measured == [("0", 1, 0)]


async def test_organisations_are_counted_apart(database: Database) -> None:
    first, second = await make_organisation(database), await make_organisation(database, "politiezone")
    await append(database, dialogue(first))
    await catch_up(Rollups(database))
    alone = await content(database, first)
    await append(database, dialogue(second))
    await catch_up(Rollups(database))
    assert await content(database, first) == alone
    assert await content(database, second) == alone


async def test_a_fact_committed_after_a_later_one_is_not_missed(postgresql_url: str) -> None:
    """PostgreSQL numbers a row when it is written, not when it is committed."""
    database = Database(postgresql_url)
    organisation_id = await make_organisation(database)
    asked, received = (fact(organisation_id, kind, 0) for kind in (FactKind.QUESTION_ASKED, FactKind.MESSAGE_RECEIVED))
    async with database.write() as slow:
        await append_facts(slow, [asked])
        await append(database, [received])
        counting = asyncio.create_task(catch_up(Rollups(database)))
        done, _ = await asyncio.wait({counting}, timeout=0.2)
        assert not done, "it waits for whoever is writing"
    await counting
    cells, _, _ = await content(database, organisation_id)
    assert {"asked", "received"} <= {cell.metric for cell in cells}
    await database.close()

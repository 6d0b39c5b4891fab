"""What every package writes along: the audit chain, the change counter, facts, installation values, moments."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import StatementError

from storage.clock import now
from storage.database import Database
from storage.facts import Fact, FactKind
from storage.repository import (
    AuditLine,
    append_audit,
    append_facts,
    broken_audit_line,
    changes,
    installation_value,
    mark_changed,
    set_installation_value,
)
from storage.tables import audit, change, database_now, fact

NOON = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC)


def line(subject: str = "alert 1", organisation_id: int = 1, at: datetime = NOON) -> AuditLine:
    return AuditLine(
        organisation_id=organisation_id, at=at, officer_id=7, action="approve", subject=subject, data={"é": [1, None]}
    )


async def written(database: Database, count: int = 4) -> None:
    for number in range(count):
        async with database.write() as connection:
            await append_audit(connection, line(f"alert {number}"))


async def broken(database: Database, organisation_id: int = 1) -> int | None:
    async with database.read() as connection:
        return await broken_audit_line(connection, organisation_id)


async def test_an_untouched_chain_is_whole(database_url: str) -> None:
    database = Database(database_url)
    await written(database)
    async with database.write() as connection:
        await append_audit(connection, line("elsewhere", organisation_id=2))
        brussels = timezone(timedelta(hours=1))
        await append_audit(connection, line("in another time zone", at=NOON.astimezone(brussels)))
    assert await broken(database) is None
    assert await broken(database, 2) is None
    await database.close()


@pytest.mark.parametrize(
    "values", [{"subject": "alert 9"}, {"officer_id": 8}, {"allowed": 0}, {"data": None}, {"at": NOON.replace(hour=13)}]
)
async def test_a_changed_line_breaks_the_chain(sqlite_url: str, values: dict[str, object]) -> None:
    database = Database(sqlite_url)
    await written(database)
    async with database.write() as connection:
        await connection.execute(update(audit).where(audit.c.id == 2).values(**values))
    assert await broken(database) == 2
    await database.close()


async def test_a_line_that_was_cut_out_breaks_the_chain(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    await written(database)
    async with database.write() as connection:
        await connection.execute(delete(audit).where(audit.c.id == 2))
    assert await broken(database) == 3
    await database.close()


async def test_lines_written_at_once_form_one_chain(database_url: str) -> None:
    database = Database(database_url)
    await asyncio.gather(*(written(database, 3) for _ in range(8)))
    assert await broken(database) is None
    await database.close()


async def test_changes_of_one_organisation_are_counted_without_loss(database_url: str) -> None:
    database = Database(database_url)

    async def mark() -> None:
        async with database.write() as connection:
            await mark_changed(connection, 1)

    await asyncio.gather(*(mark() for _ in range(30)))
    async with database.read() as connection:
        assert await changes(connection, 1) == 30
        assert await changes(connection, 2) == 0
    await database.close()


async def test_four_tasks_that_read_and_then_update_lose_nothing(database_url: str) -> None:
    database = Database(database_url)
    async with database.write() as connection:
        await connection.execute(insert(change).values(organisation_id=1, counter=0))

    async def count() -> None:
        for _ in range(20):
            async with database.write() as connection:
                seen = await connection.scalar(select(change.c.counter).with_for_update())
                await connection.execute(update(change).values(counter=(seen or 0) + 1))

    await asyncio.gather(*(count() for _ in range(4)))
    async with database.read() as connection:
        assert await changes(connection, 1) == 80
    await database.close()


async def test_an_error_undoes_the_whole_transaction(database_url: str) -> None:
    database = Database(database_url)

    async def fail() -> None:
        async with database.write() as connection:
            await mark_changed(connection, 1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with database.read() as connection:
        assert await changes(connection, 1) == 0
    await database.close()


async def test_a_moment_comes_back_to_the_microsecond_and_one_without_time_zone_is_refused(database_url: str) -> None:
    database = Database(database_url)
    async with database.write() as connection:
        await append_facts(connection, [])
        one = Fact(kind=FactKind.MESSAGE_RECEIVED, organisation_id=1, at=NOON, data={"text": "é"})
        await append_facts(connection, [one])
    async with database.read() as connection:
        (row,) = (await connection.execute(select(fact))).all()
        assert (row.at, row.data) == (NOON, {"text": "é"})
    naive = Fact(kind=FactKind.MESSAGE_SENT, organisation_id=1, at=NOON.replace(tzinfo=None))
    async with database.read() as connection:
        with pytest.raises(StatementError, match="time zone"):
            await append_facts(connection, [naive])
    await database.close()


async def test_the_databases_clock_agrees_with_ours(database_url: str) -> None:
    database = Database(database_url)
    async with database.read() as connection:
        microseconds = await connection.scalar(select(database_now()))
    assert microseconds is not None
    assert abs(microseconds - now().timestamp() * 1_000_000) < 60_000_000
    await database.close()


async def test_a_value_of_the_installation_is_the_last_one_written(database_url: str) -> None:
    database = Database(database_url)
    async with database.write() as connection:
        assert await installation_value(connection, "key") is None
        await set_installation_value(connection, "key", "one")
        await set_installation_value(connection, "key", "two")
        assert await installation_value(connection, "key") == "two"
    await database.close()

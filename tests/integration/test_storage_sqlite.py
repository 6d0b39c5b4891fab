"""SQLite's driver makes one trip to its thread a statement, and behaves like any other driver."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage.database import Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'one.db'}")
    async with opened.write() as connection:
        await connection.execute(text("CREATE TABLE thing (name TEXT UNIQUE)"))
        await connection.execute(text("INSERT INTO thing VALUES ('a'), ('b'), ('c')"))
    yield opened
    await opened.close()


async def test_a_statement_with_its_rows_takes_one_trip_to_the_thread(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.read() as connection:
        await connection.execute(text("SELECT 1"))  # begins
        raw: Any = (await connection.get_raw_connection()).driver_connection
        execute, trips = raw._execute, []

        async def counted(function: Any, *args: Any) -> Any:
            trips.append(function)
            return await execute(function, *args)

        monkeypatch.setattr(raw, "_execute", counted)
        rows = (await connection.execute(text("SELECT name FROM thing ORDER BY name"))).scalars().all()

        assert (rows, len(trips)) == (["a", "b", "c"], 1)


async def test_an_inserted_row_is_given_back_and_counted(database: Database) -> None:
    async with database.write() as connection:
        assert await connection.scalar(text("INSERT INTO thing VALUES ('d') RETURNING name")) == "d"
        assert (await connection.execute(text("UPDATE thing SET name = name || '!'"))).rowcount == 4


async def test_a_statement_that_fails_raises_and_undoes_its_transaction(database: Database) -> None:
    async def twice() -> None:
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO thing VALUES ('d')"))
            await connection.execute(text("INSERT INTO thing VALUES ('a')"))

    with pytest.raises(IntegrityError):
        await twice()

    async with database.read() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM thing")) == 3


async def test_two_statements_that_are_read_in_turns_do_not_disturb_each_other(database: Database) -> None:
    async with database.read() as connection:
        first = await connection.execute(text("SELECT name FROM thing ORDER BY name"))
        second = await connection.execute(text("SELECT name FROM thing ORDER BY name DESC"))

        assert [(one.name, other.name) for one, other in zip(first, second, strict=True)] == [
            ("a", "c"),
            ("b", "b"),
            ("c", "a"),
        ]


async def test_rows_are_streamed_and_fetched_whole_however_many_there_are(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(text("INSERT INTO thing VALUES (:name)"), [{"name": str(n)} for n in range(1_500)])
    statement = text("SELECT name FROM thing")
    async with database.read() as connection:
        streamed = [row.name async for row in await connection.stream(statement)]
        assert len(streamed) == 1_503
        assert streamed == list((await connection.execute(statement)).scalars())
        assert (await (await connection.stream(statement)).first()) is not None

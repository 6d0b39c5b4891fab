"""SQLite's asynchronous driver with one trip to its thread a statement.

aiosqlite runs each call of the driver in the connection's own thread. SQLAlchemy makes four of a statement: make a
cursor, execute, fetch, close. Only `execute` can wait for the disk or for another writer; the rest takes less time than
the trip, which under load costs more than the statement itself.
"""

import sqlite3
from collections.abc import Iterable
from typing import Any

import aiosqlite
from aiosqlite.context import contextmanager

_ROWS_AT_ONCE = 64


class _Cursor(aiosqlite.Cursor):
    """Fetches in the trip that executes."""

    _rows: list[Any]

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "_Cursor":
        self._rows = await self._execute(self._execute_and_fetch, sql, tuple(parameters or ()))  # type: ignore[no-untyped-call]
        return self

    def _execute_and_fetch(self, sql: str, parameters: tuple[Any, ...]) -> list[Any]:
        self._cursor.execute(sql, parameters)
        return self._cursor.fetchall() if self._cursor.description else []

    async def fetchall(self) -> Iterable[sqlite3.Row]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing to do: once all rows are fetched, nothing is open."""


class _Connection(aiosqlite.Connection):
    """Used by one task at a time (SQLAlchemy's pool sees to that), so that a cursor may be made in any thread."""

    @contextmanager
    async def cursor(self) -> aiosqlite.Cursor:
        return _Cursor(self, self._conn.cursor())


async def connect(path: str, busy_seconds: float) -> aiosqlite.Connection:
    """Open the file; `busy_seconds`: how long a statement waits for another writer."""

    def opened() -> sqlite3.Connection:
        return sqlite3.connect(path, timeout=busy_seconds, check_same_thread=False)

    connection = _Connection(opened, _ROWS_AT_ONCE)
    connection._thread.daemon = True  # as SQLAlchemy does: a forgotten connection must not keep the process alive
    return await connection

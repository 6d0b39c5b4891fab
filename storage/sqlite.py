"""SQLite's asynchronous driver with one trip to its thread a statement.

aiosqlite runs each call of the driver in the connection's own thread. SQLAlchemy makes four of a statement: make a
cursor, execute, fetch, close. Only `execute` can wait for the disk or for another writer; the rest takes less time than
the trip, which under load costs more than the statement itself.
"""

import sqlite3
from collections import deque
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import aiosqlite
from aiosqlite.context import contextmanager

from storage.errors import InvalidInput

_ROWS_AT_ONCE = 500


class _Cursor(aiosqlite.Cursor):
    """Fetches the first rows, which mostly are all, in the trip that executes; whoever streams fetches the others."""

    _rows: deque[Any]
    _more: bool

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "_Cursor":
        self._rows = await self._execute(self._execute_and_fetch, sql, tuple(parameters or ()))  # type: ignore[no-untyped-call]
        self._more = len(self._rows) == _ROWS_AT_ONCE
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> "_Cursor":
        self._rows, self._more = deque(), False
        await super().executemany(sql, parameters)
        return self

    def _execute_and_fetch(self, sql: str, parameters: tuple[Any, ...]) -> deque[Any]:
        self._cursor.execute(sql, parameters)
        return deque(self._cursor.fetchmany(_ROWS_AT_ONCE) if self._cursor.description else ())

    async def fetchone(self) -> sqlite3.Row | None:
        if self._rows or not self._more:
            return self._rows.popleft() if self._rows else None
        return await super().fetchone()

    async def fetchmany(self, size: int | None = None) -> Iterable[sqlite3.Row]:
        if self._rows or not self._more:
            number = min(size or self._cursor.arraysize, len(self._rows))
            return [self._rows.popleft() for _ in range(number)]
        return await super().fetchmany(size)

    async def fetchall(self) -> Iterable[sqlite3.Row]:
        first, self._rows = self._rows, deque()
        others = await super().fetchall() if self._more else ()
        return [*first, *others]

    async def close(self) -> None:
        if self._more:
            await super().close()


class _Connection(aiosqlite.Connection):
    """Used by one task at a time (SQLAlchemy's pool sees to that), so that a cursor may be made in any thread."""

    @contextmanager
    async def cursor(self) -> aiosqlite.Cursor:
        return _Cursor(self, self._conn.cursor())


def copy(source: Path, target: Path) -> None:
    """Make one database like another, as it is at one moment, while others read and write both.

    Raises InvalidInput when the source is damaged, or no database.
    """
    with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as read:
        try:
            (found,) = read.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            raise InvalidInput(f"{source} is no SQLite database") from error
        if found != "ok":
            raise InvalidInput(f"{source} is damaged: {found}")
        with closing(sqlite3.connect(target)) as written:
            read.backup(written)


async def connect(path: str, busy_seconds: float) -> aiosqlite.Connection:
    """Open the file; `busy_seconds`: how long a statement waits for another writer."""

    def opened() -> sqlite3.Connection:
        return sqlite3.connect(path, timeout=busy_seconds, check_same_thread=False)

    connection = _Connection(opened, _ROWS_AT_ONCE)
    connection._thread.daemon = True  # as SQLAlchemy does: a forgotten connection must not keep the process alive
    return await connection

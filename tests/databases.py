"""Migrated databases for tests, cheap: migrated once a session, then copied for each test."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from tests.postgres import PostgresServer

Migrate = Callable[[str], None]


class SqliteTemplate:
    """A migrated SQLite file to copy from."""

    def __init__(self, folder: Path, migrate: Migrate) -> None:
        self._file = folder / "template.db"
        self._file.touch()
        migrate(sqlite_url(self._file))

    def copy(self, folder: Path) -> str:
        """A migrated database in the folder; returns its address."""
        return sqlite_url(Path(shutil.copy(self._file, folder / "samenspraak.db")))


class PostgresTemplate:
    """A migrated PostgreSQL database to clone from."""

    NAME = "migrated"

    def __init__(self, server: PostgresServer, migrate: Migrate) -> None:
        self._server = server
        self._numbers = count(1)
        migrate(server.create_database(self.NAME))

    @contextmanager
    def clone(self) -> Iterator[str]:
        """The address of a migrated database, dropped afterwards."""
        name = f"test_{next(self._numbers)}"
        yield self._server.create_database(name, template=self.NAME)
        self._server.drop_database(name)


def sqlite_url(file: Path) -> str:
    """The address of a SQLite file, in the form that SAMENSPRAAK_DATABASE_URL takes."""
    return f"sqlite:///{file}"

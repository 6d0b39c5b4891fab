"""`samenspraak backup` and `restore`: all comes back, nothing is lost by a slip, and the key is never in the file."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from click.testing import CliRunner
from sqlalchemy.ext.asyncio import AsyncConnection

from people.organisation import OrganisationKind
from people.repository import members, organisations, residents
from samenspraak.alone import alone
from samenspraak.backup import postgresql
from samenspraak.commands.backup import backup, restore
from storage import jobs
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault
from storage.errors import ConfigurationError, Conflict, InvalidInput, SamenspraakError
from tests.integration.broadcast_setting import SECRET, police_zone
from tests.postgres import PostgresServer

OTHER = "another-key-" + "0" * 40
Run = Callable[..., str]
T = TypeVar("T")


@pytest.fixture
async def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgresql_programs: None) -> Run:
    """One of the commands on a database in which there is a police zone with somebody in it."""
    monkeypatch.setenv("SAMENSPRAAK_DATABASE_URL", database_url)
    monkeypatch.setenv("SAMENSPRAAK_SECRET_KEY", SECRET)
    monkeypatch.setenv("SAMENSPRAAK_DATA", str(tmp_path / "data"))
    jobs.prepare(database_url)
    async with police_zone(database_url) as zone:
        await zone.sender("telegram")  # type: ignore[arg-type]
        await zone.members(3)

    def invoke(*arguments: object) -> str:
        command = {"backup": backup, "restore": restore}[str(arguments[0])]
        done = CliRunner().invoke(command, [str(one) for one in arguments[1:]])
        if done.exception is not None:
            raise done.exception
        return done.output

    return invoke


async def _ask(url: str, question: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    database = Database(url)
    try:
        async with database.write() as connection:
            return await question(connection)
    finally:
        await database.close()


async def _people(connection: AsyncConnection) -> list[str]:
    """The name of each organisation, and the first address of each resident, opened."""
    found, vault = [], Vault(SECRET)
    for one in await organisations.every(connection):
        found.append(one.name)
        for person in await members.of_ids(connection, vault, one.id, range(1, 10)):
            (first, *_) = await residents.addresses(connection, one.id, person.id)
            found.append(await residents.address_value(connection, vault, first.id))
    return found


async def _add(connection: AsyncConnection) -> None:
    await organisations.create(connection, kind=OrganisationKind.PROVINCE, name="Later", slug="later", at=now())


def test_all_comes_back_as_it_was(run: Run, database_url: str, tmp_path: Path) -> None:
    file, before = tmp_path / "nacht.samenspraak", asyncio.run(_ask(database_url, _people))
    assert len(before) == 4
    run("backup", file)
    asyncio.run(_ask(database_url, _add))
    assert len(asyncio.run(_ask(database_url, _people))) == 5
    run("restore", file, "--replace")
    assert asyncio.run(_ask(database_url, _people)) == before


def test_the_file_says_which_key_fits_and_holds_none(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "nacht.samenspraak"
    told = json.loads(run("backup", file, "--json"))
    assert told["keys"] == list(Vault(SECRET).key_ids)
    content = file.read_bytes()
    assert SECRET.encode() not in content
    assert told["keys"][0].encode() in content
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir() if "nacht" in one.name] == ["nacht.samenspraak"]


def test_a_backup_is_not_overwritten_by_a_slip(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "nacht.samenspraak"
    file.write_text("iets anders")
    with pytest.raises(Conflict, match="--replace"):
        run("backup", file)
    assert file.read_text() == "iets anders"
    run("backup", file, "--replace")
    with pytest.raises(InvalidInput, match="no folder"):
        run("backup", tmp_path / "nergens" / "a")


def test_a_database_in_which_there_is_something_is_not_overwritten_by_a_slip(
    run: Run, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "nacht.samenspraak"
    run("backup", file)
    asyncio.run(_ask(database_url, _add))
    with pytest.raises(Conflict, match="not empty: say --replace"):
        run("restore", file)
    assert "Later" in asyncio.run(_ask(database_url, _people))


def test_without_the_key_that_fits_nothing_is_put_back(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "nacht.samenspraak"
    run("backup", file)
    monkeypatch.setenv("SAMENSPRAAK_SECRET_KEY", OTHER)
    with pytest.raises(ConfigurationError, match=f"needs the secret key with id {Vault(SECRET).key_ids[0]}"):
        run("restore", file, "--replace")
    monkeypatch.delenv("SAMENSPRAAK_SECRET_KEY")
    with pytest.raises(ConfigurationError, match="SAMENSPRAAK_SECRET_KEY has none"):
        run("restore", file, "--replace")
    monkeypatch.setenv("SAMENSPRAAK_SECRET_KEY", f"{OTHER},{SECRET}")
    run("restore", file, "--replace")


def test_nothing_is_put_back_under_a_worker_that_runs(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "nacht.samenspraak"
    run("backup", file)
    monkeypatch.setenv("SAMENSPRAAK_WORKER", "w1")
    with alone(tmp_path / "data", "w1"), pytest.raises(ConfigurationError, match="runs already"):
        run("restore", file, "--replace")


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.9])
def test_what_is_no_whole_backup_changes_nothing(run: Run, database_url: str, tmp_path: Path, share: float) -> None:
    file, before = tmp_path / "nacht.samenspraak", asyncio.run(_ask(database_url, _people))
    run("backup", file)
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)] or b"iets anders")
    with pytest.raises(SamenspraakError):
        run("restore", file, "--replace")
    assert asyncio.run(_ask(database_url, _people)) == before


def test_a_database_of_another_kind_is_refused(
    run: Run, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "nacht.samenspraak"
    run("backup", file)
    other = "sqlite:///a.db" if database_url.startswith("postgresql") else "postgresql://nobody@127.0.0.1:1/a"
    monkeypatch.setenv("SAMENSPRAAK_DATABASE_URL", other)
    with pytest.raises(InvalidInput, match="This is a backup of"):
        run("restore", file)


def test_an_empty_database_takes_what_was_put_aside(
    run: Run, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: PostgresServer
) -> None:
    file, before = tmp_path / "nacht.samenspraak", asyncio.run(_ask(database_url, _people))
    run("backup", file)
    is_sqlite = database_url.startswith("sqlite")
    moved = f"sqlite:///{tmp_path / 'elders' / 'nieuw.db'}" if is_sqlite else postgres.create_database("moved")
    monkeypatch.setenv("SAMENSPRAAK_DATABASE_URL", moved)
    run("restore", file)
    assert asyncio.run(_ask(moved, _people)) == before


def test_without_the_programs_of_postgresql_one_is_told_so(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMENSPRAAK_DATABASE_URL", postgresql_url)
    monkeypatch.setenv("PATH", str(tmp_path))
    done = CliRunner().invoke(backup, [str(tmp_path / "a")])
    assert "pg_dump is not installed here" in str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_a_password_is_shown_to_no_other_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = tmp_path / "seen"
    program = tmp_path / "pg_dump"
    program.write_text(
        f'#!/bin/sh\necho "$@" > {seen}; cat "$(echo "${{1#*passfile=}}" | sed s,%2F,/,g)" >> {seen}; exit 1\n'
    )
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin{os.pathsep}/usr/bin")
    with pytest.raises(SamenspraakError, match="did not succeed"):
        postgresql.dump("postgresql://me:ge:heim@localhost:5/town", tmp_path / "copy")
    arguments, password = seen.read_text().splitlines()
    assert "heim" not in arguments
    assert "me@localhost:5/town" in arguments
    assert password == r"*:*:*:*:ge\:heim"

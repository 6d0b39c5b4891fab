"""`samenspraak backup` and `samenspraak restore`: the whole database in one file, and back."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import click
from sqlalchemy.ext.asyncio import AsyncConnection

from samenspraak import migrations
from samenspraak import settings as all_settings
from samenspraak.alone import alone
from samenspraak.backup import archive, postgresql, repository
from samenspraak.backup.archive import Manifest
from samenspraak.settings import Settings
from storage import jobs, sqlite
from storage.clock import now
from storage.database import Database, driver_url
from storage.encryption import Vault
from storage.errors import ConfigurationError, Conflict, InvalidInput

Result = TypeVar("Result")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Overwrite FILE.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def backup(file: Path, *, replace: bool, as_json: bool) -> None:
    """Write the whole database to FILE, while everything goes on working. The secret key is not in it."""
    settings = all_settings.load()
    if file.exists() and not replace:
        raise Conflict(f"{file} is there already: name another file, or say --replace")
    if not file.parent.is_dir():
        raise InvalidInput(f"There is no folder {file.parent}")
    schema = _schema(settings)
    manifest = Manifest(_kind(settings), schema, _ask(settings, repository.key_ids), now().isoformat("T", "seconds"))
    with TemporaryDirectory(dir=file.parent) as folder:
        copy = Path(folder) / "database"
        if manifest.database == "sqlite":
            sqlite.copy(_path(settings), copy)
        else:
            postgresql.dump(settings.database_url, copy)
        archive.pack(file, manifest, copy)
    _report(file, manifest, as_json, f"{file}: {file.stat().st_size:,} bytes. {_by_which_key(manifest)}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Overwrite what is in the database.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def restore(file: Path, *, replace: bool, as_json: bool) -> None:
    """Put back what `backup` wrote to FILE, and bring it to the schema of this version. Stop the server first."""
    settings = all_settings.load()
    manifest = archive.look(file)
    _check(settings, manifest, replace=replace)
    with alone(settings.data, settings.worker), TemporaryDirectory(dir=file.parent) as folder:
        copy = Path(folder) / "database"
        archive.unpack(file, copy)
        if manifest.database == "sqlite":
            _path(settings).parent.mkdir(parents=True, exist_ok=True)
            sqlite.copy(copy, _path(settings))
        else:
            postgresql.load(settings.database_url, copy)
    migrations.upgrade(settings.database_url)
    jobs.prepare(settings.database_url)
    _report(file, manifest, as_json, f"The database is as it was at {manifest.made_at}. Now run: samenspraak doctor")


def _check(settings: Settings, manifest: Manifest, *, replace: bool) -> None:
    """Raise unless this backup can be put back here, by this version, with this key, over what is there."""
    if manifest.database != _kind(settings):
        text = f"This is a backup of {manifest.database}, but SAMENSPRAAK_DATABASE_URL is {_kind(settings)}"
        raise InvalidInput(text)
    if not migrations.knows(manifest.schema):
        raise InvalidInput("This backup was made by a later version: upgrade Samenspraak first")
    have = () if settings.secret_key is None else Vault(settings.secret_key).key_ids
    if missing := sorted({*manifest.keys} - {*have}):
        raise ConfigurationError(
            f"This backup needs the secret key with id {', '.join(missing)}; SAMENSPRAAK_SECRET_KEY has "
            f"{', '.join(have) or 'none'}. Put that key back first: nothing else opens what people told"
        )
    if _is_there(settings) and not _ask(settings, repository.is_empty):
        if not replace:
            raise Conflict("The database is not empty: say --replace to lose what is in it")
        if manifest.database == "postgresql" and _schema(settings) != manifest.schema:
            raise Conflict("The database has another schema than the backup: restore into an empty database")


def _by_which_key(manifest: Manifest) -> str:
    if not manifest.keys:
        return "Nothing in it is sealed yet."
    return f"It opens with the secret key with id {', '.join(manifest.keys)}: keep that elsewhere, and keep it safe."


def _report(file: Path, manifest: Manifest, as_json: bool, text: str) -> None:
    click.echo(json.dumps({"file": str(file), **asdict(manifest)}) if as_json else text)


def _kind(settings: Settings) -> str:
    return driver_url(settings.database_url).get_backend_name()


def _path(settings: Settings) -> Path:
    return Path(driver_url(settings.database_url).database or "")


def _is_there(settings: Settings) -> bool:
    return _kind(settings) != "sqlite" or _path(settings).is_file()


def _schema(settings: Settings) -> str:
    found = migrations.present(settings.database_url) if _is_there(settings) else None
    if found is None:
        raise ConfigurationError("There is no database yet: run `samenspraak init`")
    return found


def _ask(settings: Settings, question: Callable[[AsyncConnection], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        database = Database(settings.database_url)
        try:
            async with database.read() as connection:
                return await question(connection)
        finally:
            await database.close()

    return asyncio.run(run())

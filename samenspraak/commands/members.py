"""`samenspraak members …`: members of networks in from a list, and out to one."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from rich.progress import Progress
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.members import exporting
from broadcast.members.columns import Field, is_be_alert
from broadcast.members.evidence import Evidence
from broadcast.members.importing import Imports, Opened, open_list
from broadcast.repository import imports
from broadcast.repository.imports import RUNNING, Import, Refused
from people.organisation import BRUSSELS
from people.repository import networks, organisations
from people.repository.networks import Network
from samenspraak import settings as all_settings
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault
from storage.errors import InvalidInput, NotFound
from storage.repository import AuditLine, append_audit

_LOOK_SECONDS = 0.3


@click.group()
def members() -> None:
    """Bring members of neighbourhood networks in from a list, or write them to one."""


@members.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--network", "keyword", required=True, help="The word by which residents join the network.")
@click.option("--organisation", "slug", default=None, help="Short name, where several have such a network.")
@click.option("--column", "columns", multiple=True, metavar="FIELD=HEADER", help="What a column holds; repeatable.")
@click.option("--consent-date", default="", help="When people agreed (2026-01-31), where the list tells it for nobody.")
@click.option("--consent-how", default="", help="How they agreed, for example: paper form.")
@click.option("--consent-wording", default="", help="The words that they agreed to.")
@click.option("--everybody-agreed", is_flag=True, help="The list has no column for it: everybody in it agreed.")
@click.option("--dry-run", is_flag=True, help="Only look through the list and count.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_members(
    file: Path,
    keyword: str,
    slug: str | None,
    columns: tuple[str, ...],
    consent_date: str,
    consent_how: str,
    consent_wording: str,
    everybody_agreed: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make members of the rows of a CSV or XLSX file. Nobody is sent anything without evidence that they agreed."""
    today = now().astimezone(BRUSSELS).date()
    evidence = Evidence.given(consent_date, consent_how, consent_wording, everybody=everybody_agreed, today=today)
    content = file.read_bytes()
    opened = open_list(file.name, content)
    chosen = opened.columns | dict(_column(one, opened) for one in columns)
    order = _Order(file.name, content, opened, chosen, evidence, "checking" if dry_run else "importing")
    done, refused = asyncio.run(_import(order, keyword, slug, show=not as_json))
    if as_json:
        click.echo(json.dumps(_summary(done, refused), ensure_ascii=False))
    else:
        _tell(done, refused, opened)
    if done.state == "failed":
        raise InvalidInput(done.problem or "The list could not be read to its end")


@members.command()
@click.option("--network", "keyword", default=None, help="Only this network, by its word.")
@click.option("--organisation", "slug", default=None, help="Short name, where there are several.")
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A .csv or .xlsx file.")
def export(keyword: str | None, slug: str | None, output: Path) -> None:
    """Write members with their numbers to a file, which is noted in the audit."""
    number = asyncio.run(_export(keyword, slug, output))
    click.echo(f"Wrote {number} members to {output}.")


@dataclass(frozen=True, slots=True)
class _Order:
    name: str
    content: bytes
    opened: Opened
    columns: dict[Field, int]
    evidence: Evidence | None
    state: str


def _column(text: str, opened: Opened) -> tuple[Field, int]:
    field, _, header = text.partition("=")
    if field not in set(Field) or header not in opened.header:
        raise InvalidInput(f"--column takes FIELD=HEADER, a header of the file and one of: {', '.join(Field)}")
    return Field(field), opened.header.index(header)


@asynccontextmanager
async def _opened() -> AsyncIterator[tuple[Database, Vault]]:
    settings = all_settings.load()
    database = Database(settings.database_url)
    try:
        yield database, Vault(settings.require_secret_key())
    finally:
        await database.close()


async def _networks(connection: AsyncConnection, keyword: str | None, slug: str | None) -> list[Network]:
    known = [one for one in await organisations.every(connection) if slug in {None, one.slug}]
    found = [net for one in known for net in await networks.every(connection, one.id) if keyword in {None, net.keyword}]
    if not found:
        raise NotFound("There is no such network: the console shows the word of each")
    if len({one.organisation_id for one in found}) > 1:
        raise InvalidInput("Several organisations have such a network: choose one with --organisation")
    return found


async def _import(order: _Order, keyword: str, slug: str | None, *, show: bool) -> tuple[Import, list[Refused]]:
    async with _opened() as (database, vault):
        async with database.write() as connection:
            (network,) = await _networks(connection, keyword, slug)
            one = await _begin(connection, vault, order, network)
        work = Imports(database, vault)
        with Progress(disable=not show) as progress:
            task = progress.add_task(order.name, total=one.rows)
            while one.state in RUNNING:
                working = asyncio.ensure_future(work.work())
                while not working.done():
                    await asyncio.wait([working], timeout=_LOOK_SECONDS)
                    async with database.read() as connection:
                        one = await imports.get(connection, network.organisation_id, one.id)
                    progress.update(task, completed=one.done)
                if not working.result():  # a worker of the installation was first
                    await asyncio.sleep(_LOOK_SECONDS)
                async with database.read() as connection:
                    one = await imports.get(connection, network.organisation_id, one.id)
        async with database.read() as connection:
            return one, await imports.refused(connection, vault, one.id)


async def _begin(connection: AsyncConnection, vault: Vault, order: _Order, network: Network) -> Import:
    made = await imports.create(
        connection,
        vault,
        network.organisation_id,
        None,
        order.name,
        order.content,
        order.opened.digest,
        order.opened.rows,
        now(),
    )
    one = await imports.get(connection, network.organisation_id, made)
    evidence = order.evidence.as_json() if order.evidence else None
    chosen = {"network_id": network.id, "columns": order.columns, "evidence": evidence}
    await imports.start(connection, one, order.state, ["uploaded"], now(), **chosen)
    await _note(connection, network.organisation_id, f"members_{order.state}", f"import {made}")
    return await imports.get(connection, network.organisation_id, made)


async def _export(keyword: str | None, slug: str | None, output: Path) -> int:
    forms = {".csv": exporting.as_csv, ".xlsx": exporting.as_xlsx}
    if output.suffix.lower() not in forms:
        raise InvalidInput("The file's name must end in .csv or .xlsx")
    async with _opened() as (database, vault), database.write() as connection:
        found = await _networks(connection, keyword, slug)
        organisation_id = found[0].organisation_id
        rows = await exporting.rows(connection, vault, organisation_id, {one.id: one.name for one in found})
        await asyncio.to_thread(output.write_bytes, forms[output.suffix.lower()](rows))
        await _note(connection, organisation_id, "members_export", f"{len(rows)} members")
    return len(rows)


async def _note(connection: AsyncConnection, organisation_id: int, action: str, subject: str) -> None:
    line = AuditLine(organisation_id=organisation_id, at=now(), officer_id=None, action=action, subject=subject)
    await append_audit(connection, line)


def _summary(done: Import, refused: list[Refused]) -> dict[str, object]:
    rows = [{"row": one.number, "reason": one.reason} for one in refused]
    return {"state": done.state, "rows": done.rows, **done.counts, "refused_rows": rows}


def _tell(done: Import, refused: list[Refused], opened: Opened) -> None:
    if is_be_alert(opened.header):
        click.echo("This looks like a list from BE-Alert.")
    if opened.swapped:
        click.echo("First and last names stand in each other's columns; they are put right.")
    told = {"new": "new", "known": "known already", "agreed": "agreed to alerts", "silent": "without consent"}
    click.echo(f"{done.rows} rows: " + ", ".join(f"{done.counts.get(key, 0)} {word}" for key, word in told.items()))
    for one in refused:
        click.echo(f"  row {one.number} refused: {one.reason}")
    if done.state == "checked":
        click.echo("Nothing was changed.")

"""`samenspraak cap import|export|token`: messages into and out of the database, and who may hand them in."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import click
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.cap import exchange
from broadcast.cap.importing import open_document, take_in
from broadcast.cap.repository import Received
from people.organisation import Organisation
from people.repository import organisations, tokens
from people.tokens import give_out, take_back
from samenspraak import settings as all_settings
from samenspraak.application import cap_certificates
from samenspraak.commands.cap_files import read_file
from storage.clock import now
from storage.database import Database
from storage.errors import InvalidInput, NotFound
from storage.repository import mark_changed

_Work = Callable[[AsyncConnection], Awaitable[Any]]


@click.command("import")
@click.argument("file", type=click.Path())
@click.option("--organisation", "slug", default=None, help="Short name, where there are several.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_file(file: str, slug: str | None, as_json: bool) -> None:
    """Draft the alerts of a CAP file, updates and cancellations under the alert that they refer to. Nothing is sent."""
    settings = all_settings.load()
    try:
        incoming = open_document(read_file(file), cap_certificates(settings))
    except InvalidInput as error:
        raise InvalidInput(f"{click.format_filename(file)} was not imported: {error}") from error

    async def work(connection: AsyncConnection) -> list[Received]:
        chosen = await _chosen(connection, slug)
        found = await take_in(connection, chosen, incoming, "samenspraak cap import", now(), settings.public_url)
        await mark_changed(connection, chosen.id)
        return found

    found: list[Received] = _write(work)
    if as_json:
        rows = [_as_json(one) for one in found]
        click.echo(json.dumps({"messages": rows, "warnings": list(incoming.warnings)}, ensure_ascii=False))
        return
    for warning in incoming.warnings:
        click.echo(f"warning: {warning}")
    for one in found:
        click.echo("\n".join((*(f"warning: {note}" for note in one.notes), _line(one))))


def _line(one: Received) -> str:
    name = f"{one.identifier} of {one.sender}"
    if one.alert_id is None:
        return f"kept {name}: {one.reason}"
    if one.kind is not None:
        return f"proposed {name}: {one.kind} under alert {one.alert_id}"
    return f"drafted {name}: alert {one.alert_id}"


def _as_json(one: Received) -> dict[str, Any]:
    return {
        "sender": one.sender,
        "identifier": one.identifier,
        "outcome": one.outcome,
        "alert_id": one.alert_id,
        "kind": one.kind,
        "reason": one.reason or None,
        "signature": one.trust,
        "notes": list(one.notes),
    }


@click.command("export")
@click.argument("alert_id", type=click.IntRange(min=1))
@click.option(
    "--event", "event_id", type=click.IntRange(min=1), help="Not the latest, but what was sent as this event."
)
def export_alert(alert_id: int, event_id: int | None) -> None:
    """Print an alert as CAP 1.2: the latest that was sent under it, or a draft when nothing was."""
    settings = all_settings.load()

    async def work(connection: AsyncConnection) -> bytes:
        for one in await organisations.every(connection):
            with suppress(NotFound):
                return await exchange.of_alert(connection, one, alert_id, settings.public_url, event_id)
        raise NotFound(f"There is no alert {alert_id}, or no such event of it")

    sys.stdout.buffer.write(_write(work))


@click.group()
def token() -> None:
    """Tokens with which another system, such as a dispatch room, may hand in drafts: POST /api/v1/cap."""


@token.command()
@click.argument("name")
@click.option("--organisation", "slug", default=None, help="Short name, where there are several.")
def create(name: str, slug: str | None) -> None:
    """Make a token for NAME, who will hold it. It is shown once."""

    async def work(connection: AsyncConnection) -> str:
        return await give_out(connection, (await _chosen(connection, slug)).id, name, None, now())

    click.echo(_write(work))


@token.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_tokens(as_json: bool) -> None:
    """Who holds a token, and when it was used last."""

    async def work(connection: AsyncConnection) -> list[dict[str, Any]]:
        slugs = {one.id: one.slug for one in await organisations.every(connection)}
        return [
            {"id": one.id, "organisation": slugs[one.organisation_id], "use": one.use, "name": one.name}
            for one in await tokens.every(connection)
        ]

    held: list[dict[str, Any]] = _write(work)
    if as_json:
        click.echo(json.dumps(held, ensure_ascii=False))
        return
    lines = [f"{one['id']:>4}  {one['organisation']:<20}  {one['use']:<28}  {one['name']}" for one in held]
    click.echo("\n".join(lines) or "There are no tokens yet.")


@token.command()
@click.argument("token_id", type=click.IntRange(min=1))
def revoke(token_id: int) -> None:
    """Let nobody in any more with the token of this number."""

    async def work(connection: AsyncConnection) -> None:
        held_by = {one.id: one.organisation_id for one in await tokens.every(connection)}
        await take_back(connection, held_by.get(token_id, 0), token_id, None, now())

    _write(work)
    click.echo(f"Token {token_id} lets nobody in any more.")


async def _chosen(connection: AsyncConnection, slug: str | None) -> Organisation:
    if slug is not None:
        return await organisations.with_slug(connection, slug)
    known = await organisations.every(connection)
    if len(known) != 1:
        names = ", ".join(one.slug for one in known)
        raise InvalidInput(f"Say for which organisation, with --organisation: {names or 'there is none yet'}")
    return known[0]


def _write(work: _Work) -> Any:
    """Do something in one transaction, and give what it gave."""

    async def run() -> Any:
        database = Database(all_settings.load().database_url)
        try:
            async with database.write() as connection:
                return await work(connection)
        finally:
            await database.close()

    return asyncio.run(run())

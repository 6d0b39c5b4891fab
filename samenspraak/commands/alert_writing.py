"""`samenspraak alert draft|submit|approve|preflight|retry`: for the officer that --by names."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast import alerts, retrying
from broadcast.preflight import checks
from broadcast.repository import alerts as stored
from people.officer import Officer
from people.repository import officers, organisations
from samenspraak import settings as all_settings
from samenspraak.commands import alert_file
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault
from storage.errors import NotFound
from storage.repository import mark_changed

_by = click.option("--by", "email", required=True, help="The e-mail address of the officer who does this.")
_seen = click.option("--seen", multiple=True, help="The code of a warning that was seen; once for each.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_by
@_json
def draft(path: Path, email: str, as_json: bool) -> None:
    """Write the alert of a TOML or JSON file as a draft."""

    async def work(connection: AsyncConnection, vault: Vault, officer: Officer, at: datetime) -> dict[str, Any]:  # noqa: ARG001
        return {"id": await alerts.create(connection, officer, alert_file.read(path, at), at)}

    _tell(asyncio.run(_as_officer(email, work)), as_json, "Draft %(id)s is written.")


@click.command()
@click.argument("alert_id", type=int)
@_by
@_seen
@_json
def submit(alert_id: int, email: str, seen: tuple[str, ...], as_json: bool) -> None:
    """Offer a draft for approval; each warning of its pre-flight must be named as seen."""

    async def work(connection: AsyncConnection, vault: Vault, officer: Officer, at: datetime) -> dict[str, Any]:
        codes = (await _checks(connection, vault, officer.organisation_id, alert_id, at)).require_seen(seen)
        digest = await alerts.submit(connection, officer, alert_id, at, codes)
        await mark_changed(connection, officer.organisation_id)
        return {"id": alert_id, "digest": digest}

    _tell(asyncio.run(_as_officer(email, work)), as_json, "Alert %(id)s waits for approval of %(digest)s.")


@click.command()
@click.argument("alert_id", type=int)
@click.option("--digest", required=True, help="Of what was submitted, as `submit` and `show` give it.")
@_by
@_seen
@_json
def approve(alert_id: int, digest: str, email: str, seen: tuple[str, ...], as_json: bool) -> None:
    """Approve what somebody else submitted, and send it."""

    async def work(connection: AsyncConnection, vault: Vault, officer: Officer, at: datetime) -> dict[str, Any]:
        codes = (await _checks(connection, vault, officer.organisation_id, alert_id, at)).require_seen(seen)
        event = await alerts.approve(connection, vault, officer, alert_id, digest, at, acknowledged=codes)
        return {"id": alert_id, "event": event}

    _tell(asyncio.run(_as_officer(email, work)), as_json, "Alert %(id)s is approved.")


@click.command()
@click.argument("alert_id", type=int)
@_by
@_json
def retry(alert_id: int, email: str, as_json: bool) -> None:
    """Send an alert, and what followed it, again to those whom it did not reach, and to nobody else."""

    async def work(connection: AsyncConnection, vault: Vault, officer: Officer, at: datetime) -> dict[str, Any]:
        seen = (await stored.get(connection, officer.organisation_id, alert_id, lock=True)).retries
        told = await retrying.retry(connection, vault, officer, alert_id, at, retries=seen)
        return {"id": alert_id, "people": told}

    _tell(asyncio.run(_as_officer(email, work)), as_json, "Alert %(id)s leaves again to %(people)s people.")


@click.command()
@click.argument("alert_id", type=int)
@_json
def preflight(alert_id: int, as_json: bool) -> None:
    """Whom the alert would reach, by channel, how long that takes, what it costs, and which warnings it has."""
    found = asyncio.run(_preflight(alert_id))
    counted = found.preflight
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False))
        return
    click.echo(f"{counted.reachable} of {counted.people} people are sent it, within {counted.seconds:.0f} s")
    for way in counted.ways:
        price = "" if way.price is None else f", EUR {way.price:.2f}"
        click.echo(
            f"  {way.sender.channel}: {way.people} people, {way.templates} by template, {way.seconds:.0f} s{price}"
        )
    for one in counted.further:
        price = "" if one.price is None else f", EUR {one.price:.2f}"
        click.echo(f"  at most as well, {one.sender.channel}: {one.people} people{price}")
    for reason, number in counted.missed.items():
        click.echo(f"  not sent, {reason}: {number}")
    for warning in found.cautions:
        click.echo(f"  warning [{warning.code}]: {warning.said % warning.values}")


def _as_json(found: checks.Checks) -> dict[str, Any]:
    counted = found.preflight
    return {
        "people": counted.people,
        "reachable": counted.reachable,
        "seconds": counted.seconds,
        "price": counted.price,
        "ways": [
            {
                "channel": way.sender.channel,
                "people": way.people,
                "templates": way.templates,
                "units": way.units,
                "seconds": way.seconds,
                "price": way.price,
                "used": way.used,
                "over_limit": way.over_limit,
            }
            for way in counted.ways
        ],
        "further": [
            {"channel": one.sender.channel, "people": one.people, "units": one.units, "price": one.price}
            for one in counted.further
        ],
        "missed": dict(counted.missed),
        "sms": [
            {
                "language": one.language or "nl",
                "people": one.people,
                "encoding": one.segments.encoding,
                "parts": one.segments.parts,
                "costly": one.segments.costly,
            }
            for one in counted.sms
        ],
        "warnings": [{"code": one.code, "said": one.said % one.values} for one in found.cautions],
    }


def _tell(done: dict[str, Any], as_json: bool, said: str) -> None:
    click.echo(json.dumps(done) if as_json else said % done)


_Work = Callable[[AsyncConnection, Vault, Officer, datetime], Awaitable[dict[str, Any]]]


async def _as_officer(email: str, work: _Work) -> dict[str, Any]:
    """Do something in one transaction as this officer; raises NotFound for somebody who is none."""
    settings, at = all_settings.load(), now()
    database, vault = Database(settings.database_url), Vault(settings.require_secret_key())
    try:
        async with database.write() as connection:
            found = await officers.by_email(connection, email, at)
            if found is None:
                raise NotFound(f"There is no officer {email}")
            return await work(connection, vault, found[0], at)
    finally:
        await database.close()


async def _checks(
    connection: AsyncConnection, vault: Vault, organisation_id: int, alert_id: int, at: datetime
) -> checks.Checks:
    organisation = await organisations.get(connection, organisation_id)
    content = (await stored.get(connection, organisation_id, alert_id)).content
    return await checks.of(connection, vault, organisation, content, at)


async def _preflight(alert_id: int) -> checks.Checks:
    settings = all_settings.load()
    database, vault = Database(settings.database_url), Vault(settings.require_secret_key())
    try:
        async with database.read() as connection:
            for one in await organisations.every(connection):
                with suppress(NotFound):
                    return await _checks(connection, vault, one.id, alert_id, now())
    finally:
        await database.close()
    raise NotFound(f"There is no alert {alert_id}")

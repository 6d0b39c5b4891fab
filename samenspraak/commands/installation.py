"""`samenspraak init` and `samenspraak upgrade`."""

import asyncio
import json
import secrets
from dataclasses import replace

import click

from broadcast.repository import templates
from people.organisation import OrganisationKind
from people.repository import officers, organisations
from people.roles import Role
from samenspraak import settings as all_settings
from samenspraak.application import load_answers, load_interpreter
from samenspraak.migrations import upgrade as upgrade_database
from samenspraak.private_file import write_private
from samenspraak.settings import Settings
from storage import jobs
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault


@click.command()
@click.option("--yes", is_flag=True, help="Ask nothing; take the defaults.")
@click.option("--name", default=None, help="Name of the organisation.")
@click.option("--kind", type=click.Choice(list(OrganisationKind)), default=OrganisationKind.MUNICIPALITY)
@click.option("--nis", default=None, help="NIS code of the municipality (five digits).")
@click.option("--email", default=None, help="E-mail address of the first administrator.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def init(*, yes: bool, name: str | None, kind: str, nis: str | None, email: str | None, as_json: bool) -> None:
    """Make keys, database, organisation and the first administrator. Run again, it leaves alone what is there."""
    settings = _with_key(all_settings.load())
    _prepare_database(settings.database_url)
    default = load_answers(settings).municipality.name
    chosen = name or (default if yes else click.prompt("Name of the organisation", default=default))
    address = email or ("admin@localhost" if yes else click.prompt("E-mail of the administrator"))
    password = asyncio.run(_people(settings, chosen, OrganisationKind(kind), nis, address))
    _report(address, password, as_json=as_json)  # before the training, which may be stopped: it is shown only once
    click.echo("Learning how residents write; the first time this takes some minutes.", err=True)
    asyncio.run(load_interpreter(settings))


def _prepare_database(url: str) -> None:
    """Our tables, and those of the jobs: an alert may be approved before any worker ever ran."""
    upgrade_database(url)
    jobs.prepare(url)


def _report(email: str, password: str | None, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"administrator": email, "password": password}))
    elif password is None:
        click.echo("Everything is there already; nothing was changed.")
    else:
        click.echo(f"Administrator: {email}\nOne-time password: {password}\n\nNow run: samenspraak serve")


async def _people(settings: Settings, name: str, kind: OrganisationKind, nis: str | None, email: str) -> str | None:
    """Make organisation and administrator; gives the password, None when there was an organisation already."""
    database = Database(settings.database_url)
    Vault(settings.require_secret_key())
    try:
        async with database.write() as connection:
            if await organisations.every(connection):
                return None
            organisation_id = await organisations.create(
                connection, kind=kind, name=name, slug=_slug(name), nis_code=nis, at=now()
            )
            await templates.begin(connection, organisation_id, now())
            password = secrets.token_urlsafe(15)
            await officers.create(
                connection,
                organisation_id=organisation_id,
                email=email,
                name="Administrator",
                role=Role.ADMINISTRATOR,
                password=password,
                password_once=True,
                at=now(),
            )
            return password
    finally:
        await database.close()


def _slug(name: str) -> str:
    return "-".join("".join(sign if sign.isalnum() else " " for sign in name.lower()).split())[:60] or "organisation"


def _with_key(settings: Settings) -> Settings:
    """Where no secret key is set, make one that only its owner can read."""
    settings.data.mkdir(parents=True, exist_ok=True)
    if settings.secret_key is not None:
        return settings
    key = secrets.token_urlsafe(48)
    write_private(settings.key_file, key)
    return replace(settings, secret_key=key)


@click.command()
def upgrade() -> None:
    """Bring the database to the schema of this version."""
    _prepare_database(all_settings.load().database_url)
    click.echo("The database is up to date.")

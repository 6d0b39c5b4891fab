"""`samenspraak retention`: lets go what was kept long enough, or shows what would go."""

import asyncio
import json
from typing import Any

import click

from people.repository import organisations
from samenspraak import settings as all_settings
from samenspraak.migrations import is_current
from samenspraak.retention import rules
from samenspraak.retention.rules import Gone
from samenspraak.settings import Settings
from storage.clock import now
from storage.database import Database
from storage.errors import ConfigurationError


@click.command()
@click.option("--dry-run", is_flag=True, help="Only show what would go.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def retention(*, dry_run: bool, as_json: bool) -> None:
    """Let go what is older than the terms in the settings (SAMENSPRAAK_KEEP_…_DAYS); the audit keeps the receipt."""
    settings = all_settings.load()
    if not is_current(settings.database_url):
        raise ConfigurationError("The database is not up to date: run `samenspraak init` or `samenspraak upgrade`")
    found = asyncio.run(_run(settings, dry_run=dry_run))
    if as_json:
        rows = [{"organisation": slug, **_as_json(one)} for slug, gone in found.items() for one in gone]
        click.echo(json.dumps({"dry_run": dry_run, "rows": rows}))
        return
    for slug, gone in found.items():
        click.echo(f"{slug}: {'would go' if dry_run else 'went'}")
        for one in gone:
            click.echo(f"  {one.rows:>9,}  {one.rule.what}, older than {one.rule.days} days")


async def _run(settings: Settings, *, dry_run: bool) -> dict[str, list[Gone]]:
    database, moment = Database(settings.database_url), now()
    work = rules.look if dry_run else rules.apply
    try:
        async with database.read() as connection:
            known = await organisations.every(connection)
        return {one.slug: await work(database, one.id, settings.keep, moment) for one in known}
    finally:
        await database.close()


def _as_json(one: Gone) -> dict[str, Any]:
    return {
        "class": one.rule.name,
        "days": one.rule.days,
        "before": one.before.isoformat(timespec="seconds"),
        "rows": one.rows,
    }

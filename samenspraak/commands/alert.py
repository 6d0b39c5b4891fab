"""`samenspraak alert …`: what was alerted, and how far it is. Alerts are written and approved in the console only."""

import asyncio
import json
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import click

from broadcast import progress
from broadcast.alert import Alert
from broadcast.repository import alerts
from people.repository import organisations
from samenspraak import settings as all_settings
from storage.database import Database
from storage.errors import NotFound


@click.group()
def alert() -> None:
    """Look at alerts; writing and approving them takes two people, in the console."""


@alert.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_alerts(as_json: bool) -> None:
    """The latest alerts of every organisation, newest first."""
    rows = asyncio.run(_recent())
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['id']:>5}  {row['state']:<10}  {row['severity']:<9}  {row['organisation']}: {row['title']}")
    if not rows:
        click.echo("There are no alerts yet.")


@alert.command()
@click.argument("alert_id", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(alert_id: int, as_json: bool) -> None:
    """How far the alert with this number is: what was sent, and what became of it."""
    found = asyncio.run(_one(alert_id))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    click.echo(f"{found['title']}: {found['state']}")
    for event in found["events"]:
        states = ", ".join(f"{count} {state}" for state, count in sorted(event["by_state"].items()))
        click.echo(f"  {event['kind']}: {event['reached']} of {event['total']} reached ({states})")


async def _recent() -> list[dict[str, Any]]:
    database = Database(all_settings.load().database_url)
    try:
        async with database.read() as connection:
            return [
                _row(one.name, each)
                for one in await organisations.every(connection)
                for each in await alerts.recent(connection, one.id)
            ]
    finally:
        await database.close()


async def _one(alert_id: int) -> dict[str, Any]:
    database = Database(all_settings.load().database_url)
    try:
        async with database.read() as connection:
            for one in await organisations.every(connection):
                with suppress(NotFound):
                    found = await alerts.get(connection, one.id, alert_id)
                    sent = await progress.of_alert(connection, one.id, alert_id)
                    events = [{"kind": event.kind, **asdict(far)} for event, far in sent]
                    return {**_row(one.name, found), "events": events}
    finally:
        await database.close()
    raise NotFound(f"There is no alert {alert_id}")


def _row(organisation: str, one: Alert) -> dict[str, Any]:
    return {
        "id": one.id,
        "organisation": organisation,
        "state": one.state,
        "severity": one.content.severity,
        "title": one.content.title,
        "created_at": one.created_at.isoformat(),
    }

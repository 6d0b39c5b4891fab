"""`samenspraak alert …`: what was alerted, and how far it is; writing and approving stand in `alert_writing`."""

import asyncio
import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from broadcast.alert import Alert
from broadcast.repository import alerts
from broadcast.results import progress, reporting
from broadcast.results.report import Report
from console.alert_report import ReportWriter, as_csv, as_json
from console.report_pdf import as_pdf
from people.repository import organisations
from samenspraak import settings as all_settings
from samenspraak.commands import alert_writing
from storage.database import Database
from storage.errors import NotFound


@click.group()
def alert() -> None:
    """Write, check and follow alerts. Whoever wrote one cannot approve it here either."""


for _command in (
    alert_writing.draft,
    alert_writing.submit,
    alert_writing.approve,
    alert_writing.preflight,
    alert_writing.retry,
):
    alert.add_command(_command)


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


@alert.command()
@click.argument("alert_id", type=int)
@click.option("--json", "in_json", is_flag=True, help="Print JSON.")
@click.option("--csv", "csv_file", type=click.Path(dir_okay=False, path_type=Path), help="Write a spreadsheet.")
@click.option("--pdf", "pdf_file", type=click.Path(dir_okay=False, path_type=Path), help="Write a PDF.")
def report(alert_id: int, in_json: bool, csv_file: Path | None, pdf_file: Path | None) -> None:
    """What became of the alert with this number: who was reached, when, how, who not and why, and what it cost."""
    organisation, found = asyncio.run(_report(alert_id))
    sections = list(ReportWriter("nl").sections(found))
    if csv_file is not None:
        csv_file.write_text(as_csv(sections), encoding="utf-8-sig")
    if pdf_file is not None:
        pdf_file.write_bytes(as_pdf(found.title, organisation, "nl", sections))
    if in_json:
        click.echo(json.dumps(as_json(found), ensure_ascii=False))
    elif csv_file is None and pdf_file is None:
        for section in sections:
            click.echo(section.title)
            for row in section.rows:
                click.echo("  " + "  ".join(row))


async def _report(alert_id: int) -> tuple[str, Report]:
    database = Database(all_settings.load().database_url)
    try:
        async with database.read() as connection:
            for one in await organisations.every(connection):
                with suppress(NotFound):
                    return one.name, await reporting.of_alert(connection, one.id, alert_id)
    finally:
        await database.close()
    raise NotFound(f"There is no alert {alert_id}")


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
        "kind": one.content.kind,
        "status": one.content.status,
        "digest": one.digest,
        "override_reason": one.override_reason,
        "created_at": one.created_at.isoformat(),
    }

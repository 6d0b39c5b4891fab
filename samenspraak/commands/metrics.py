"""`samenspraak metrics …`: show the figures, count them anew."""

import asyncio
import json
from collections.abc import Iterator

import click

from participation import repository, rollup
from participation.metrics import Rate, Times
from participation.report import Figures, figures, last_days
from participation.rollup import Rollups
from participation.study import Comparison, Unit
from people.organisation import Organisation
from people.repository import organisations
from samenspraak import settings as all_settings
from storage.clock import now
from storage.database import Database
from storage.errors import NotFound


@click.group()
def metrics() -> None:
    """Show how residents are reached and answered, beside the study of 2016."""


@metrics.command()
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 3660), help="Up to today, so many days.")
@click.option("--organisation", "slug", default=None, help="Only the organisation with this short name.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: a list, one object an organisation.")
def show(days: int, slug: str | None, as_json: bool) -> None:
    """Show the figures of the last days."""
    found = asyncio.run(_figures(days, slug))
    if as_json:
        click.echo(json.dumps([json.loads(one.to_json()) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        click.echo("\n".join(_lines(one)) + "\n")


@metrics.command()
@click.option("--organisation", "slug", default=None, help="Only the organisation with this short name.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rebuild(slug: str | None, as_json: bool) -> None:
    """Count the whole log anew; the figures stay the same, unless office hours or definitions changed."""
    facts = asyncio.run(_rebuild(slug))
    click.echo(json.dumps({"facts": facts}) if as_json else f"Counted the log anew, up to its entry {facts}.")


async def _figures(days: int, slug: str | None) -> list[Figures]:
    database = Database(all_settings.load().database_url)
    try:
        rollups = Rollups(database)
        while await rollups.work():
            pass
        async with database.read() as connection:
            period = last_days(days, now())
            return [await figures(connection, one, period) for one in _chosen(await _known(database), slug)]
    finally:
        await database.close()


async def _rebuild(slug: str | None) -> int:
    database = Database(all_settings.load().database_url)
    try:
        async with database.write() as connection:
            until = await repository.settled(connection)
        for one in _chosen(await _known(database), slug):
            async with database.write() as connection:
                await rollup.rebuild(connection, one.id, until)
        return until
    finally:
        await database.close()


async def _known(database: Database) -> list[Organisation]:
    async with database.read() as connection:
        return await organisations.every(connection)


def _chosen(known: list[Organisation], slug: str | None) -> list[Organisation]:
    chosen = [one for one in known if slug in {None, one.slug}]
    if not chosen:
        raise NotFound(f"There is no organisation {slug}" if slug else "There is no organisation yet")
    return chosen


def _lines(found: Figures) -> Iterator[str]:
    yield f"{found.organisation}, {found.first} to {found.last}"
    yield f"  Reachable         {_rate(found.reach.reachable)}"
    yield f"  Active, 30 days   {_rate(found.reach.active_30)}"
    yield f"  Active, 90 days   {_rate(found.reach.active_90)}"
    yield f"  Answered          {_rate(found.answered)}"
    yield f"  Not answered yet  {_rate(found.response.unanswered)}"
    for who, measured in (
        ("both", found.response.both),
        ("bot", found.response.bot),
        ("officer", found.response.officer),
    ):
        yield f"  Response, {who:8}{_times(measured.clock)}; in office hours {_times(measured.office)}"
    yield f"  Took part         {_rate(found.participating)}"
    yield f"  Discussed         {_rate(found.conversations.discussed)}"
    yield f"  Handed over       {_rate(found.conversations.handed_over)}"
    yield f"  Community         {_rate(found.community)}"
    yield "  Beside the study of 2016:"
    yield from (f"    {_comparison(one)}" for one in found.comparisons)


def _rate(rate: Rate) -> str:
    if rate.hidden:
        return f"hidden: fewer than five {rate.cohort}"
    if rate.value is None:
        return f"{rate.numerator} of an unknown number of {rate.cohort}"
    return f"{rate.value:.1%} ({rate.numerator} of {rate.denominator} {rate.cohort})"


def _times(times: Times) -> str:
    if times.answers is None:
        return "hidden: fewer than five answers"
    return f"median {times.median:.3g} s, mean {times.mean:.3g} s, p90 {times.p90:.3g} s"


def _comparison(one: Comparison) -> str:
    return (
        f"{one.name}: {_value(one.study, one.unit)} ({one.study_of}); here {_value(one.here, one.unit)} ({one.here_of})"
    )


def _value(value: float | None, unit: Unit) -> str:
    if value is None:
        return "unknown or hidden"
    return f"{value:.1%}" if unit is Unit.SHARE else f"{value / 3600:.2g} h"

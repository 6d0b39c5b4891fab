"""`samenspraak nlu …`: train, parse, evaluate."""

import asyncio
import json
from dataclasses import asdict

import click
from rich.progress import Progress

from nlu import embedded
from nlu.training_data import TRAINING_FOLDER
from samenspraak import settings as all_settings
from samenspraak.application import load_interpreter


@click.group()
def nlu() -> None:
    """Train, try and measure how messages are understood."""


@nlu.command()
def train() -> None:
    """Train on the sentences; takes what is trained already from its cache."""
    settings = all_settings.load()
    with Progress() as progress:
        tasks: dict[str, int] = {}

        def show(step: str, done: int, total: int) -> None:
            task = tasks.setdefault(step, progress.add_task(step, total=total))
            progress.update(task, completed=done, total=total)  # type: ignore[arg-type]

        embedded.train(TRAINING_FOLDER, settings.models, show)
    click.echo("Trained.")


@nlu.command()
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def parse(text: str, as_json: bool) -> None:
    """Show what is understood of TEXT."""

    async def understand() -> None:
        found = await (await load_interpreter(all_settings.load())).parse(text)
        if as_json:
            click.echo(json.dumps(asdict(found), ensure_ascii=False))
            return
        safety = f"  SAFETY: {found.safety}" if found.safety else ""
        click.echo(f"{found.intent}  {found.confidence:.0%}  ({found.language}){safety}")
        for one in found.ranking[:3]:
            click.echo(f"  {one.confidence:5.1%}  {one.intent}")
        for entity in found.entities:
            click.echo(f"  {entity.kind}: {entity.text} = {entity.value}")

    asyncio.run(understand())

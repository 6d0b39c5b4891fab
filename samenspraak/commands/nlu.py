"""`samenspraak nlu …`: train, parse, evaluate."""

import asyncio
import json
from dataclasses import asdict, replace
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from nlu import embedded
from nlu.evaluation import Outcome, figures, read_messages
from nlu.evaluation import evaluate as understand_all
from nlu.evaluation_picture import confusion_picture
from nlu.evaluation_report import readable
from nlu.interpreter import Interpretation, Interpreter
from nlu.training_data import TRAINING_FOLDER
from samenspraak import settings as all_settings
from samenspraak.application import load_interpreter

_engine = click.option("--engine", type=click.Choice(["embedded"]), help="Instead of the engine in the settings.")
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def nlu() -> None:
    """Train, try and measure how messages are understood."""


@nlu.command()
@click.option("--light", is_flag=True, help="Only the model of one sentence encoder: trains and answers faster.")
def train(light: bool) -> None:
    """Train on the sentences; takes what is trained already from its cache."""
    settings = all_settings.load()
    with _progress() as progress:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(step, total=total)
            progress.update(tasks[step], completed=done, total=total)

        embedded.train(
            TRAINING_FOLDER, settings.models, show, size="light" if light or settings.nlu_size == "light" else "full"
        ).close()
    click.echo("Trained.")


@nlu.command()
@click.argument("text")
@_engine
@_as_json
def parse(text: str, engine: str | None, as_json: bool) -> None:
    """Show what is understood of TEXT."""
    found = asyncio.run(_parse(text, engine))
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False))
        return
    safety = f"  SAFETY: {found.safety}" if found.safety else ""
    click.echo(f"{found.intent}  {found.confidence:.0%}  ({found.language}){safety}")
    for one in found.ranking[:3]:
        click.echo(f"  {one.confidence:5.1%}  {one.intent}")
    for entity in found.entities:
        click.echo(f"  {entity.kind}: {entity.text} = {entity.value}")


@nlu.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_engine
@_as_json
@click.option("--picture", type=click.Path(dir_okay=False, path_type=Path), help="Write the confusion matrix as SVG.")
def evaluate(file: Path, engine: str | None, as_json: bool, picture: Path | None) -> None:
    """Measure how often the messages in FILE are understood rightly.

    FILE is tab-separated with a header line: lang, intent, text, and if you like style.
    """
    messages = read_messages(file)
    with _progress() as progress:
        task = progress.add_task("understand", total=len(messages))

        async def measure() -> list[Outcome]:
            interpreter = await _interpreter(engine)
            return await understand_all(interpreter, messages, lambda done: progress.update(task, completed=done))

        outcomes = asyncio.run(measure())
    report = figures(outcomes)
    click.echo(json.dumps(report, ensure_ascii=False) if as_json else readable(report))
    if picture:
        picture.write_text(confusion_picture(outcomes), encoding="utf-8")
        click.echo(f"Confusion matrix: {picture}", err=True)


async def _parse(text: str, engine: str | None) -> Interpretation:
    return await (await _interpreter(engine)).parse(text)


async def _interpreter(engine: str | None) -> Interpreter:
    settings = all_settings.load()
    return await load_interpreter(replace(settings, nlu_engine=engine) if engine else settings)


def _progress() -> Progress:
    """On standard error, so that the report alone can be redirected; silent where nobody watches."""
    columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    return Progress(*columns, console=console, disable=not console.is_terminal)

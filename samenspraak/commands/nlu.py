"""`samenspraak nlu …`: train, parse, evaluate."""

import asyncio
import json
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from messaging.exchange import open_session
from nlu import embedded, rasa_project
from nlu.evaluation import Outcome, figures, read_messages
from nlu.evaluation import evaluate as understand_all
from nlu.evaluation_picture import confusion_picture
from nlu.evaluation_report import readable
from nlu.interpreter import Interpretation, Interpreter
from nlu.training_data import TRAINING_FOLDER
from samenspraak import settings as all_settings
from samenspraak.application import load_interpreter, rasa_server
from samenspraak.private_file import write_private
from samenspraak.settings import Settings
from storage.errors import Unavailable

_engine = click.option(
    "--engine", type=click.Choice(["embedded", "rasa"]), help="Instead of the engine in the settings."
)
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def nlu() -> None:
    """Train, try and measure how messages are understood."""


@nlu.command()
@click.option("--light", is_flag=True, help="Only the model of one sentence encoder: trains and answers faster.")
@_engine
def train(light: bool, engine: str | None) -> None:
    """Train on the sentences; takes what is trained already from its cache.

    With --engine rasa a Rasa server that runs takes the new model over, without missing a message.
    """
    settings = _settings(engine)
    if engine == "rasa":
        click.echo(asyncio.run(_hand_over(settings, _rasa_model(settings))))
        return
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
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5005, show_default=True)
def serve(host: str, port: int) -> None:
    """Run a Rasa server on the present sentences, trained first where they changed."""
    settings = all_settings.load()
    _put_token(settings)
    command = rasa_project.serving(
        settings.rasa.environment, _rasa_model(settings), settings.rasa_token_file, host, port
    )
    os.execvp(command[0], command)  # noqa: S606 - signals then reach Rasa itself


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
    safety += f"  suspected: {found.suspected}" if found.suspected else ""
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
            async with _interpreting(engine, must_answer=True) as interpreter:
                return await understand_all(interpreter, messages, lambda done: progress.update(task, completed=done))

        outcomes = asyncio.run(measure())
    report = figures(outcomes)
    if len(report["engines"]) > 1:
        click.echo(f"More than one engine answered: {report['engines']}", err=True)
    click.echo(json.dumps(report, ensure_ascii=False) if as_json else readable(report))
    if picture:
        picture.write_text(confusion_picture(outcomes), encoding="utf-8")
        click.echo(f"Confusion matrix: {picture}", err=True)


async def _parse(text: str, engine: str | None) -> Interpretation:
    async with _interpreting(engine) as interpreter:
        return await interpreter.parse(text)


@asynccontextmanager
async def _interpreting(engine: str | None, *, must_answer: bool = False) -> AsyncIterator[Interpreter]:
    """must_answer: raises Unavailable where the chosen server does not, instead of falling back."""
    settings = _settings(engine)
    async with open_session() as session:
        rasa = rasa_server(settings, session)
        if must_answer and rasa is not None and (incident := await rasa.incident()):
            raise Unavailable(f"{incident}; `samenspraak nlu serve` starts a server")
        yield await load_interpreter(settings, rasa)


def _settings(engine: str | None) -> Settings:
    settings = all_settings.load()
    return replace(settings, nlu_engine=engine) if engine else settings


def _put_token(settings: Settings) -> None:
    """Into the file from which the server reads it; made where none is set."""
    if settings.rasa.token is None or not settings.rasa_token_file.exists():
        write_private(settings.rasa_token_file, settings.rasa.token or secrets.token_urlsafe(32))
    elif settings.rasa_token_file.read_text().strip() != settings.rasa.token:
        settings.rasa_token_file.unlink()
        write_private(settings.rasa_token_file, settings.rasa.token)


def _rasa_model(settings: Settings) -> Path:
    return rasa_project.train(settings.rasa.environment, rasa_project.PROJECT, settings.models / "rasa")


async def _hand_over(settings: Settings, model: Path) -> str:
    """Have the server that runs serve the model; gives what to say of it."""
    if settings.rasa.token is not None:
        async with open_session() as session:
            server = rasa_server(settings, session)
            if server is not None and await server.incident() is None:
                await server.load(model)
                return "Trained; the Rasa server answers with it."
    return "Trained; no Rasa server runs: `samenspraak nlu serve` starts one with it."


def _progress() -> Progress:
    """On standard error, so that the report alone can be redirected; silent where nobody watches."""
    columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    return Progress(*columns, console=console, disable=not console.is_terminal)

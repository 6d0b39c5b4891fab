"""Rasa's DIET beside the embedded engine, on the same sentences: `python -m benchmarks.rasa_comparison`.

Trains Rasa twice, with and without our sentence encoder, and the embedded engine; lets each understand the held-out
messages; prints the table and puts it into docs/rasa.md. Safety and language are of the embedded engine in every
column: what differs is the topic. `--each N` takes N sentences of a topic from each file, to try the command.
"""

import argparse
import asyncio
import os
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from messaging.exchange import open_session
from nlu import embedded, rasa_project
from nlu.evaluation import Message, Outcome, evaluate, figures, read_messages
from nlu.interpreter import LANGUAGES, Interpretation, Language
from nlu.rasa_server import RasaInterpreter, RasaServer
from nlu.training_data import read_training_data
from storage.clock import now
from storage.errors import Unavailable
from tests.ports import free_port

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "rasa.md"
BEGIN, END = "<!-- measured -->\n", "<!-- end -->\n"
START_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Column:
    """One engine: its figures, and what its training took."""

    name: str
    report: dict[str, Any]
    cpu_seconds: float | None


class Known:
    """The embedded engine's word on messages that it has understood already."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self._found: Mapping[str, Interpretation] = {one.message.text: one.found for one in outcomes}

    async def parse(self, text: str, seed: Language | None = None) -> Interpretation:  # noqa: ARG002
        """What it made of `text`."""
        return self._found[text]


def cpu_seconds() -> float:
    """Of this process and of those that it started and that ended."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


async def measure_embedded(
    data: Path, cache: Path | None, folder: Path, messages: Sequence[Message]
) -> tuple[Column, list[Outcome]]:
    began = cpu_seconds()
    engine = embedded.train(data, cache or folder, tell, size="full")
    spent = None if cache else cpu_seconds() - began
    outcomes = await evaluate(engine, messages)
    engine.close()
    return Column("embedded", figures(outcomes), spent), outcomes


async def measure_rasa(
    name: str, home: Path, project: Path, models: Path, messages: Sequence[Message], known: Known
) -> Column:
    began = cpu_seconds()
    model = rasa_project.train(home, project, models)
    spent = cpu_seconds() - began
    token_file, port = models / "token", free_port()
    token_file.write_text(secrets.token_urlsafe())
    server = subprocess.Popen(rasa_project.serving(home, model, token_file, "127.0.0.1", port))  # noqa: ASYNC220
    try:
        async with open_session() as session:
            rasa = RasaServer(session, f"http://127.0.0.1:{port}", token_file.read_text())
            await started(rasa)
            outcomes = await evaluate(RasaInterpreter(rasa, known), messages)
    finally:
        server.terminate()
        server.wait()
    return Column(name, figures(outcomes), spent)


async def started(rasa: RasaServer) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with suppress(Unavailable):
            await rasa.model()
            return
        await asyncio.sleep(1)
    raise Unavailable("Rasa did not start")


async def compare(options: argparse.Namespace, folder: Path) -> list[Column]:
    messages = [one for lang in LANGUAGES for one in read_messages(ROOT / "nlu" / "heldout" / f"{lang}.tsv")]
    projects = {True: folder / "with", False: folder / "without"}
    for encoder, project in projects.items():
        rasa_project.write_project(project, epochs=options.epochs, encoder=encoder, names=False, each=options.each)
    tell("embedded engine", 0, 3)
    ours, outcomes = await measure_embedded(projects[True] / "data", options.cache, folder, messages)
    columns, known = [ours], Known(outcomes)
    for done, (encoder, project) in enumerate(projects.items(), start=1):
        name = "DIET + our encoder" if encoder else "DIET"
        tell(name, done, 3)
        columns.append(
            await measure_rasa(name, options.rasa, project, options.models or folder / "models", messages, known)
        )
    return columns


def table(columns: Sequence[Column]) -> str:
    def row(name: str, values: Sequence[object]) -> str:
        return f"| {name} | {' | '.join(str(value) for value in values)} |\n"

    def shares(name: str, *path: str) -> str:
        return row(name, [f"{100 * dig(column.report, path):.1f}%" for column in columns])

    lines = row("", [column.name for column in columns]) + row("---", ["---"] * len(columns))
    lines += shares("right topic", "accuracy") + shares("among the first two", "accuracy_top2")
    lines += shares("macro F1", "macro_f1")
    for group in ("by_language", "by_style"):
        lines += "".join(shares(f"right topic, {name}", group, name, "accuracy") for name in columns[0].report[group])
    lines += shares("out of scope recognised", "out_of_scope", "recall")
    lines += shares("topics rejected", "out_of_scope", "false_rejections")
    lines += row(
        "training, CPU s", [(column.cpu_seconds and round(column.cpu_seconds)) or "cached" for column in columns]
    )
    return lines + row("one message, p50 ms", [dig(column.report, ("latency_ms", "p50")) for column in columns])


def dig(report: Any, path: Sequence[str]) -> Any:
    for name in path:
        report = report[name]
    return report


def tell(step: str, done: int, total: int) -> None:
    print(f"{step}: {done} of {total}", file=sys.stderr, flush=True)


def told(options: argparse.Namespace, data: Path, minutes: float, measured: str) -> str:
    count = len(read_training_data(data).examples)
    return (
        f"{now():%d %B %Y}: {count} sentences, DIET {options.epochs} epochs, held-out messages in all four "
        f"languages; {minutes:.0f} minutes on {os.cpu_count()} cores.\n\n{measured}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=3, help="more do not fit 45 minutes on two cores")
    parser.add_argument("--each", type=int, help="sentences of a topic from each file; all by default")
    parser.add_argument("--rasa", type=Path, default=ROOT / ".rasa", help="Rasa's environment")
    parser.add_argument("--cache", type=Path, help="where the embedded engine may be trained already")
    parser.add_argument("--models", type=Path, help="where Rasa's models are kept, for another run")
    parser.add_argument("--write", action="store_true", help="put the table into docs/rasa.md")
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        columns = asyncio.run(compare(options, Path(folder)))
        report = told(options, Path(folder) / "with" / "data", (time.monotonic() - began) / 60, table(columns))
    print(report)
    if options.write:
        before, rest = DOCUMENT.read_text(encoding="utf-8").split(BEGIN)
        DOCUMENT.write_text(f"{before}{BEGIN}{report}{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()

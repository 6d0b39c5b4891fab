"""`samenspraak bench …`: fixed workloads, with ratios against a bare loop in the same run."""

import importlib
import json
from collections.abc import Mapping
from types import ModuleType

import click
import uvloop

from storage.errors import ConfigurationError


def _benchmark(name: str) -> ModuleType:
    """The workloads stand beside the source, not in the wheel: they need the development packages."""
    try:
        return importlib.import_module(f"benchmarks.{name}")
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "Benchmarks run in a checkout: make setup, then .venv/bin/samenspraak bench …"
        ) from error


def _print(figures: Mapping[str, object], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(figures))
        return
    width = max(len(name) for name in figures)
    for name, value in figures.items():
        click.echo(f"{name:{width}}  {value:,.3f}" if isinstance(value, float) else f"{name:{width}}  {value}")


@click.group()
def bench() -> None:
    """Measure this installation on this machine."""


@bench.command()
@click.option("--recipients", default=100_000, show_default=True)
@click.option("--latency", default=0, show_default=True, help="Milliseconds that the provider takes.")
@click.option("--database-url", default=None, help="PostgreSQL to use instead of a fresh SQLite file.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def broadcast(recipients: int, latency: int, database_url: str | None, as_json: bool) -> None:
    """Send an alert to many over a loopback provider."""
    figures = uvloop.run(_benchmark("broadcast").run(recipients, latency, database_url))
    _print(figures, as_json=as_json)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def inbound(as_json: bool) -> None:
    """From a signed webhook to the stored message to the reply."""
    _print(uvloop.run(_benchmark("inbound").run()), as_json=as_json)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def nlu(as_json: bool) -> None:
    """Understand messages: time, memory and training."""
    _print(_benchmark("nlu").run(), as_json=as_json)

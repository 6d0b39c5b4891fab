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
@click.option("--rate", default=None, type=float, help="Messages a second that the sender may send.")
@click.option("--workers", default=1, show_default=True, help="Processes that send; more than one on PostgreSQL.")
@click.option("--enqueue-only", is_flag=True, help="Only write the ledger, while 50 webhooks a second come in.")
@click.option("--urgent", default=0, help="While a newsletter to all leaves, an alert to so many others.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def broadcast(
    recipients: int,
    latency: int,
    database_url: str | None,
    rate: float | None,
    workers: int,
    enqueue_only: bool,
    urgent: int,
    as_json: bool,
) -> None:
    """Send an alert to many over a loopback provider."""
    module = _benchmark("broadcast")
    work = module.Workload(
        recipients=recipients,
        latency_ms=latency,
        database_url=database_url,
        workers=workers,
        enqueue_only=enqueue_only,
        urgent=urgent,
        **({} if rate is None else {"rate": rate}),
    )
    _print(uvloop.run(module.run(work)), as_json=as_json)


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def inbound(as_json: bool) -> None:
    """From a signed webhook to the stored message to the reply."""
    _print(uvloop.run(_benchmark("inbound").run()), as_json=as_json)


@bench.command()
@click.option("--light", is_flag=True, help="The engine with one sentence encoder.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def nlu(light: bool, as_json: bool) -> None:
    """Understand messages: time, memory and training."""
    _print(_benchmark("nlu").run("light" if light else "full"), as_json=as_json)

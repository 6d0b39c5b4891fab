"""`samenspraak serve` and `samenspraak worker`."""

import click
import uvloop

from samenspraak import server, settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--no-worker", is_flag=True, help="Only the web process; run `samenspraak worker` beside it.")
def serve(host: str, port: int, no_worker: bool) -> None:
    """Run console, webhooks and (unless told otherwise) the worker in one process."""
    uvloop.run(server.serve(settings.load(), host, port, with_worker=not no_worker))


@click.command()
def worker() -> None:
    """Run the background process: answers, sends, polls. With PostgreSQL any number may run."""
    uvloop.run(server.work(settings.load()))

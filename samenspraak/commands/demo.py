"""`samenspraak demo`: a fictional municipality to look around in, or its story told without a person."""

import asyncio
import logging

import click
from rich.console import Console

from samenspraak.demo.scene import Ports
from samenspraak.demo.script import perform
from samenspraak.demo.visit import KEPT, visit


@click.command()
@click.option("--script", is_flag=True, help="Tell the story without a person; exit 0 only if every statement holds.")
@click.option("--port", default=8000, show_default=True, help="Port of the application.")
@click.option("--phone-port", default=8090, show_default=True, help="Port of the providers and the resident's phone.")
@click.option("--keep", is_flag=True, help=f"Keep the town in ./{KEPT}, and go on there next time.")
@click.option("--fresh", is_flag=True, help="With --keep: begin anew.")
def demo(*, script: bool, port: int, phone_port: int, keep: bool, fresh: bool) -> None:
    """Run Lindebeke: municipality and police zone, residents, providers and console, without any account."""
    if fresh and not keep:
        raise click.UsageError("--fresh goes with --keep: what is not kept begins anew each time")
    console = Console(soft_wrap=True)
    # Most officers here have neither Telegram nor e-mail; that is no news.
    logging.getLogger("messaging.officer_line").setLevel(logging.ERROR)
    if script:
        if not asyncio.run(perform(console)):
            raise click.exceptions.Exit(1)
        return
    ports = Ports(port, phone_port)
    ports.refuse_taken()
    asyncio.run(visit(console, ports, keep=keep, fresh=fresh))

"""`samenspraak demo`: a fictional municipality to look around in, or its story told without a person."""

import asyncio
import logging

import click
from rich.console import Console

from samenspraak.demo.script import perform


@click.command()
@click.option("--script", is_flag=True, help="Tell the story without a person; exit 0 only if every statement holds.")
def demo(*, script: bool) -> None:
    """Run Lindebeke: municipality and police zone, residents, providers and console, without any account."""
    console = Console(soft_wrap=True)
    # Most officers here have neither Telegram nor e-mail; that is no news.
    logging.getLogger("bots.notify").setLevel(logging.ERROR)
    if script and not asyncio.run(perform(console)):
        raise click.exceptions.Exit(1)

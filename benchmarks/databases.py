"""The two kinds of database, for benches that measure on both."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from samenspraak.migrations import upgrade
from tests.postgres import postgres_server


def on_both(bench: Callable[[str], Awaitable[None]]) -> None:
    """Run a bench on SQLite in a temporary folder, and on a PostgreSQL server of its own; each migrated and empty."""
    with tempfile.TemporaryDirectory() as folder:
        print("SQLite")
        _run(bench, f"sqlite:///{Path(folder) / 'bench.db'}")
    with postgres_server() as server:
        print("PostgreSQL")
        _run(bench, server.create_database("bench"))


def _run(bench: Callable[[str], Awaitable[None]], url: str) -> None:
    async def run() -> None:
        await bench(url)

    upgrade(url)
    asyncio.run(run())

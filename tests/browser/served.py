"""The console with two seeded towns, served on a loopback port by a thread of this process."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import uvicorn
from fastapi import FastAPI

from console.app import mount
from console.context import Console
from people.roles import Role
from storage import jobs
from storage.database import Database
from storage.encryption import Vault
from tests.browser.seed import CHEAP, SECRET, Town, seed
from tests.ports import free_port

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Served:
    """A running console. town: whose officers log in; elsewhere: another organisation in the same database."""

    url: str
    town: Town
    elsewhere: Town
    database: Database
    vault: Vault
    loop: asyncio.AbstractEventLoop

    def call(self, work: Callable[[Database, Vault], Awaitable[Result]]) -> Result:
        """Do something to the database, in the server's own loop."""

        async def run() -> Result:
            return await work(self.database, self.vault)

        return asyncio.run_coroutine_threadsafe(run(), self.loop).result(timeout=60)


@contextmanager
def served(database_url: str) -> Iterator[Served]:
    """Serve a migrated, empty database after seeding it."""
    jobs.prepare(database_url)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def wait(work: Awaitable[Result]) -> Result:
        async def run() -> Result:
            return await work

        return asyncio.run_coroutine_threadsafe(run(), loop).result(timeout=60)

    CHEAP.start()
    database, vault = Database(database_url), Vault(SECRET)
    town = wait(seed(database, vault))
    elsewhere = wait(seed(database, vault, "elders", "Elders", roles=(Role.ADMINISTRATOR,)))
    port = free_port()
    web = FastAPI()
    server = uvicorn.Server(uvicorn.Config(web, host="127.0.0.1", port=port, log_config=None, lifespan="off"))
    mount(web, Console(database, vault, secure=False, queued=lambda: None, stopping=lambda: server.should_exit))
    serving = asyncio.run_coroutine_threadsafe(server._serve(), loop)
    try:
        wait(_until_started(server))
        yield Served(f"http://127.0.0.1:{port}", town, elsewhere, database, vault, loop)
    finally:
        CHEAP.stop()
        server.should_exit = True
        serving.result(timeout=60)
        wait(database.close())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=60)
        loop.close()


async def _until_started(server: uvicorn.Server) -> None:
    while not server.started:  # noqa: ASYNC110 - the server tells it in no other way
        await asyncio.sleep(0.01)

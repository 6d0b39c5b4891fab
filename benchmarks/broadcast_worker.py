"""A second worker for the bench of broadcasts: `python -m benchmarks.broadcast_worker URL NAME SECRET`."""

import asyncio
import sys

import uvloop

from broadcast.dispatch import Dispatcher
from messaging.channels import Channels
from messaging.exchange import open_session
from messaging.outbox import Outbox
from messaging.repository import senders
from storage.database import Database
from storage.encryption import Vault


async def work(url: str, name: str, secret: str) -> None:
    """Send broadcasts until somebody ends the process; says when it began."""
    database, vault = Database(url), Vault(secret)
    async with open_session() as session:
        async with database.read() as connection:
            channels = Channels(await senders.every(connection, vault), session, None)
        await Dispatcher(database, vault, channels, Outbox(database, vault, channels), url, name).start()
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(work(*sys.argv[1:]))

"""A worker as a process of its own, to be killed: `python -m tests.integration.broadcast_worker URL NAME`."""

import asyncio
import sys

from broadcast.dispatch import Dispatcher
from messaging.channels import Channels
from messaging.exchange import open_session
from messaging.loop import work_forever
from messaging.outbox import Outbox
from messaging.repository import senders
from samenspraak.janitor import BEAT_SECONDS, Janitor
from storage.database import Database
from storage.encryption import Vault
from tests.integration.broadcast_setting import SECRET


async def work(url: str, name: str) -> None:
    """Send broadcasts until somebody ends the process."""
    database, vault = Database(url), Vault(SECRET)
    async with open_session() as session:
        async with database.read() as connection:
            every = await senders.every(connection, vault)
        channels = Channels(every, session, None)
        dispatcher = Dispatcher(database, vault, channels, Outbox(database, vault, channels), url, name)
        janitor = Janitor(database, dispatcher, name)
        await janitor.beat()
        await dispatcher.start()
        await work_forever("looking after workers", janitor.work, asyncio.Event(), sweep_seconds=BEAT_SECONDS)


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], sys.argv[2]))

"""Shows that this worker lives, and takes over what workers left that died and did not come back."""

import logging
from datetime import timedelta

from broadcast.dispatch import Dispatcher
from messaging.repository import inbox, senders, unclear
from storage.clock import now
from storage.database import Database
from storage.repository import beat, forget_worker, silent_workers

_log = logging.getLogger(__name__)
BEAT_SECONDS = 2.0
SILENCE = timedelta(seconds=20)
"""Who showed no life for so long has died. A worker that was only slow finds its leases gone, and stops at them."""


class Janitor:
    """One to a worker; `beat` once before anything is sent, then `work` every few seconds."""

    def __init__(self, database: Database, dispatcher: Dispatcher, worker: str) -> None:
        self._database = database
        self._dispatcher = dispatcher
        self._worker = worker

    async def beat(self) -> None:
        """This worker lives."""
        async with self._database.write() as connection:
            await beat(connection, self._worker)

    async def work(self) -> bool:
        """Show life, and take over from who shows none; there is never more to do at once."""
        await self.beat()
        async with self._database.read() as connection:
            silent = await silent_workers(connection, SILENCE)
        for name in silent:
            await self._take_over(name)
        return False

    async def _take_over(self, name: str) -> None:
        """Every step may be done twice, so that a janitor that dies on the way leaves nothing behind."""
        async with self._database.write() as connection:
            if name not in await silent_workers(connection, SILENCE):
                return
            _log.warning("Worker %s shows no life: its work is taken over", name)
            await unclear.abandon_own(connection, name, now())
            await inbox.release_own(connection, name)
            await senders.release_polling_of(connection, name)
        await self._dispatcher.take_over(name)
        async with self._database.write() as connection:
            if name in await silent_workers(connection, SILENCE):
                await forget_worker(connection, name)

    async def leave(self) -> None:
        """This worker ends in good order: nobody need look after it."""
        async with self._database.write() as connection:
            await forget_worker(connection, self._worker)

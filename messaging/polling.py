"""Fetches Telegram's updates where there is no public address: they are stored before the offset moves."""

import asyncio
import logging
from datetime import timedelta

from messaging.channel import SendError
from messaging.intake import Intake
from messaging.repository import inbox, senders
from messaging.sender import Sender
from messaging.telegram.channel import TelegramChannel
from storage.clock import now
from storage.database import Database

_log = logging.getLogger(__name__)
_WAIT_SECONDS = 20
LEASE = timedelta(seconds=_WAIT_SECONDS + 40)
_PAUSE = 2.0


class Polling:
    """Polls one bot. Of several workers, the one that holds the lease polls; Telegram allows no two."""

    def __init__(
        self, database: Database, intake: Intake, sender: Sender, channel: TelegramChannel, worker: str = "worker"
    ) -> None:
        self._database = database
        self._intake = intake
        self._sender = sender
        self._channel = channel
        self._lease = worker  # after a crash it goes on at once with what is its own
        self._free = False

    async def run(self) -> None:
        """Poll until cancelled; errors are waited out."""
        while True:
            try:
                polled = await self._poll()
            except SendError as error:
                _log.warning("Telegram does not answer: %s", error)
                polled = False
            except Exception as error:  # noqa: BLE001 - a database that restarts, say; updates wait at Telegram
                _log.error("Polling failed: %s", type(error).__name__)
                polled = False
            if not polled:
                await asyncio.sleep(_PAUSE)

    async def _poll(self) -> bool:
        async with self._database.write() as connection:
            offset = await senders.lease_polling(connection, self._sender.id, self._lease, now(), LEASE)
        if offset is None:
            return False
        if not self._free:
            await self._channel.delete_webhook()
            self._free = True
        updates = await self._channel.get_updates(offset, _WAIT_SECONDS)
        if updates:
            await self._store(updates)
        return True

    async def _store(self, updates: list[dict[str, object]]) -> None:
        """Rows and offset in one transaction: after a crash Telegram sends again what we did not store."""
        following = 1 + max(one for update in updates if isinstance(one := update.get("update_id"), int))
        arrivals = [self._intake.telegram(self._sender, update) for update in updates]
        async with self._database.write() as connection:
            await inbox.store(connection, arrivals)
            await senders.move_offset(connection, self._sender.id, self._lease, following)
        self._intake.stored.set()

    async def give_up(self) -> None:
        """Let another worker poll at once."""
        async with self._database.write() as connection:
            await senders.release_polling(connection, self._sender.id, self._lease)

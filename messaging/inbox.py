"""Answers what was stored: leases each person's oldest message and hands it to whoever answers."""

import asyncio
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from messaging.channels import Channels
from messaging.incoming import Incoming
from messaging.intake import PAYLOAD
from messaging.repository import inbox
from messaging.repository.inbox import Claimed, LeaseLost
from messaging.telegram import update
from messaging.twilio import webhook
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault

_log = logging.getLogger(__name__)
_AT_ONCE = 16

Handler = Callable[[Claimed, Incoming | None], Awaitable[None]]
"""Deals with one message and finishes it in its own transaction; None is something that is no message."""


class Inbox:
    """Gives each stored message to the handler, again after an error, until it was dealt with.

    worker: as in the settings; by it a worker that starts again finds what it was answering when it died.
    """

    def __init__(
        self, database: Database, vault: Vault, channels: Channels, handle: Handler, worker: str = "worker"
    ) -> None:
        self._database = database
        self._vault = vault
        self._channels = channels
        self._handle = handle
        self._worker = worker
        self._acknowledging: set[asyncio.Task[None]] = set()

    async def recover(self) -> None:
        """Before the first `work`: what this worker was answering when it died is answered now."""
        async with self._database.write() as connection:
            await inbox.release_own(connection, self._worker)

    async def work(self) -> bool:
        """Deal with what waits now; True when there was something."""
        async with self._database.read() as connection:
            if not await inbox.has_waiting(connection, now()):
                return False
        async with self._database.write() as connection:
            lease = f"{self._worker}:{secrets.token_hex(6)}"
            claimed = await inbox.claim(connection, lease, now(), _AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for one in claimed:
                group.create_task(self._deal_with(one))
        return bool(claimed)

    async def _deal_with(self, claimed: Claimed) -> None:
        try:
            incoming = self._read(claimed)
            self._acknowledge(claimed, incoming)
            await self._handle(claimed, incoming)
        except LeaseLost as lost:
            _log.info("Inbox %d: %s", claimed.id, lost)
        except Exception as error:  # noqa: BLE001 - whatever it was, the message is tried again
            # The traceback may hold the text of the message, so only its kind is logged.
            _log.error("Inbox %d was not answered: %s", claimed.id, type(error).__name__)
            async with self._database.write() as connection:
                if await inbox.fail(connection, claimed, now(), type(error).__name__):
                    _log.error("Inbox %d is given up; it stays stored", claimed.id)

    def _read(self, claimed: Claimed) -> Incoming | None:
        payload: Any = json.loads(self._vault.open(claimed.payload, PAYLOAD))
        if isinstance(payload, dict):
            return update.parse(payload)
        return webhook.parse([(name, value) for name, value in payload])

    def _acknowledge(self, claimed: Claimed, incoming: Incoming | None) -> None:
        """Take the waiting sign off a pressed button, while the answer is being made; nobody waits for that."""
        if incoming is None or incoming.callback_query_id is None or claimed.sender_id not in self._channels:
            return
        task = asyncio.create_task(self._channels.of(claimed.sender_id).acknowledge(incoming))
        self._acknowledging.add(task)
        task.add_done_callback(self._acknowledging.discard)

"""Answers what was stored: leases each person's oldest message and hands it to whoever answers."""

import asyncio
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from messaging.incoming import ChannelKind, Incoming
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
    """Gives each stored message to the handler, again after an error, until it was dealt with."""

    def __init__(
        self, database: Database, vault: Vault, channels: Callable[[int], ChannelKind], handle: Handler
    ) -> None:
        self._database = database
        self._vault = vault
        self._channel_of = channels
        self._handle = handle

    async def work(self) -> bool:
        """Deal with what waits now; True when there was something."""
        async with self._database.read() as connection:
            if not await inbox.has_waiting(connection, now()):
                return False
        async with self._database.write() as connection:
            claimed = await inbox.claim(connection, secrets.token_hex(8), now(), _AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for one in claimed:
                group.create_task(self._deal_with(one))
        return bool(claimed)

    async def _deal_with(self, claimed: Claimed) -> None:
        try:
            await self._handle(claimed, self._read(claimed))
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
        if self._channel_of(claimed.sender_id) is ChannelKind.TELEGRAM:
            return update.parse(payload)
        return webhook.parse([(name, value) for name, value in payload])

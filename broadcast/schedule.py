"""Sends alerts that were approved to leave later. The schedule is the alert's own row, so it outlives any process."""

import logging
from dataclasses import dataclass

from broadcast import alerts
from broadcast.repository import alerts as stored
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault
from storage.errors import Conflict
from storage.repository import mark_changed

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Schedule:
    """What is due leaves, late when no worker ran at its time, never after its end; of several workers one is first."""

    database: Database
    vault: Vault

    async def work(self) -> bool:
        """Send what is due now; False, because nothing more is due before the next look."""
        async with self.database.read() as connection:
            due = await stored.due(connection, now())
        for organisation_id, alert_id in due:
            try:
                await self._send(organisation_id, alert_id)
            except Conflict as error:
                _log.info("Alert %d was not sent by this worker: %s", alert_id, error)
        return False

    async def _send(self, organisation_id: int, alert_id: int) -> None:
        try:
            async with self.database.write() as connection:
                await alerts.send_scheduled(connection, self.vault, organisation_id, alert_id, now())
        except alerts.Unreachable as nobody:
            async with self.database.write() as connection:
                await alerts.give_back(connection, organisation_id, alert_id, str(nobody), now())
                await mark_changed(connection, organisation_id)

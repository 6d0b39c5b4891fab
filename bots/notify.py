"""Tells officers that somebody waits for a person: over their own Telegram, else by e-mail, until one takes it.

The notice holds no name, number or text: only that somebody waits, and where to look.
"""

from collections.abc import Mapping
from datetime import timedelta

from bots.repository import notifications
from bots.repository.notifications import Due
from locales.catalogue import translate
from messaging.channels import Channels
from messaging.officer_line import TELEGRAM_CONTEXT, Mail, OfficerLine
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault

__all__ = ["TELEGRAM_CONTEXT", "Mail", "Notifier"]

_AT_ONCE = 20
_RETRY = timedelta(seconds=30)

_REASONS = {
    "emergency": "URGENT: somebody reports an emergency. They were told to call 112.",
    "self_harm": "URGENT: somebody writes about wanting to die. They were told to call 1813 or 112.",
    "need_help": "URGENT: somebody answered an alert that they need help. They were told to call 112.",
}
_ANY_REASON = "Somebody is waiting for a colleague."


class Notifier:
    """Sends what is due. bots: the Telegram sender of each organisation, through which its officers are told."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        channels: Channels,
        bots: Mapping[int, int],
        mail: Mail | None,
        console_url: str,
    ) -> None:
        self._database = database
        self._line = OfficerLine(vault, channels, bots, mail)
        self._console_url = console_url

    async def work(self) -> bool:
        """Send what is due now; True when there was something."""
        async with self._database.read() as connection:
            if not await notifications.has_due(connection, now()):
                return False
        async with self._database.write() as connection:
            due = await notifications.claim(connection, now(), _AT_ONCE)
        for one in due:
            if not await self._tell(one):
                async with self._database.write() as connection:
                    await notifications.retry_soon(connection, one.id, now() + _RETRY)
        return bool(due)

    async def _tell(self, one: Due) -> bool:
        text = translate("bots", one.locale, _REASONS.get(one.reason, _ANY_REASON))
        text = f"{text}\n{self._console_url}/conversations/{one.conversation_id}"
        return await self._line.tell(one.organisation_id, one.telegram_sealed, one.email, text)

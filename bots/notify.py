"""Tells officers that somebody waits for a person: over their own Telegram, else by e-mail, until one takes it.

The notice holds no name, number or text: only that somebody waits, and where to look.
"""

import asyncio
import logging
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from bots.repository import notifications
from bots.repository.notifications import Due
from locales.catalogue import translate
from messaging.channel import Outgoing, SendError
from messaging.channels import Channels
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault

_log = logging.getLogger(__name__)
_AT_ONCE = 20
_RETRY = timedelta(seconds=30)
_SECONDS = 10
TELEGRAM_CONTEXT = "officer"

_REASONS = {
    "emergency": "URGENT: somebody reports an emergency. They were told to call 112.",
    "self_harm": "URGENT: somebody writes about wanting to die. They were told to call 1813 or 112.",
    "need_help": "URGENT: somebody answered an alert that they need help. They were told to call 112.",
}
_ANY_REASON = "Somebody is waiting for a colleague."


@dataclass(frozen=True, slots=True)
class Mail:
    """How e-mail leaves: the server, and the address that it comes from."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""

    def send(self, to: str, subject: str, text: str) -> None:
        """Send one message; raises OSError or SMTPException."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, to, subject
        message["Date"], message["Message-ID"] = formatdate(localtime=True), make_msgid(domain=self.host)
        message["Auto-Submitted"] = "auto-generated"  # no out-of-office reply, please
        message.set_content(text)
        with smtplib.SMTP(self.host, self.port, timeout=_SECONDS) as server:
            if self.user:
                server.starttls(context=ssl.create_default_context())  # the default of smtplib trusts anybody
                server.login(self.user, self.password)
            server.send_message(message)


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
        self._vault = vault
        self._channels = channels
        self._bots = bots
        self._mail = mail
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
        """Try the officer's Telegram, then e-mail; False when neither took it now, True too when there is neither."""
        text = translate("bots", one.locale, _REASONS.get(one.reason, _ANY_REASON))
        text = f"{text}\n{self._console_url}/conversations/{one.conversation_id}"
        tried = False
        if one.telegram_sealed is not None and one.organisation_id in self._bots:
            tried = True
            if await self._by_telegram(one.telegram_sealed, self._bots[one.organisation_id], text):
                return True
        if self._mail is not None:
            tried = True
            if await self._by_mail(self._mail, one.email, text):
                return True
        if not tried:
            _log.warning("Notification %d: the officer has no Telegram, and no mail server is set", one.id)
        return not tried

    async def _by_telegram(self, sealed: bytes, sender_id: int, text: str) -> bool:
        chat = self._vault.open(sealed, TELEGRAM_CONTEXT).decode()
        try:
            await self._channels.of(sender_id).send(chat, Outgoing(text))
        except SendError as error:
            _log.warning("An officer could not be told over Telegram: %s", error)
            return False
        return True

    async def _by_mail(self, mail: Mail, to: str, text: str) -> bool:
        try:
            await asyncio.to_thread(mail.send, to, text.splitlines()[0], text)
        except (OSError, smtplib.SMTPException) as error:
            _log.warning("An officer could not be told by e-mail: %s", type(error).__name__)
            return False
        return True

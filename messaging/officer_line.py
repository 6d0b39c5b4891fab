"""Reaches one officer: over their own Telegram, else by e-mail."""

import asyncio
import logging
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from messaging.channel import Outgoing, SendError
from messaging.channels import Channels
from storage.encryption import Vault

_log = logging.getLogger(__name__)
_SECONDS = 10
TELEGRAM_CONTEXT = "officer"


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


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """The ways to officers. bots: the Telegram sender of each organisation, through which its officers are told."""

    vault: Vault
    channels: Channels
    bots: Mapping[int, int]
    mail: Mail | None

    async def tell(self, organisation_id: int, telegram_sealed: bytes | None, email: str, text: str) -> bool:
        """Try the officer's Telegram, then e-mail; False when neither took it now, True too when there is neither."""
        tried = False
        if telegram_sealed is not None and organisation_id in self.bots:
            tried = True
            if await self._by_telegram(telegram_sealed, self.bots[organisation_id], text):
                return True
        if self.mail is not None:
            tried = True
            if await self._by_mail(self.mail, email, text):
                return True
        if not tried:
            _log.warning("An officer could not be told: they have no Telegram, and no mail server is set")
        return not tried

    async def _by_telegram(self, sealed: bytes, sender_id: int, text: str) -> bool:
        chat = self.vault.open(sealed, TELEGRAM_CONTEXT).decode()
        try:
            await self.channels.of(sender_id).send(chat, Outgoing(text))
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

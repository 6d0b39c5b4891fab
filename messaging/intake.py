"""Stores what providers hand over before anybody answers 200: many arrivals share one durable commit."""

import asyncio
import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from messaging.repository import inbox, senders
from messaging.repository.inbox import Arrival
from messaging.sender import Sender
from messaging.telegram.update import parse as parse_update
from messaging.twilio.webhook import parse as parse_form
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault

PAYLOAD = "inbox"
_REMEMBERED = timedelta(minutes=1)
_ID_LENGTH = 80


class Intake:
    """Takes arrivals from webhooks and polling. `stored` is set after each commit: it wakes who answers them."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._senders: dict[str, tuple[Sender, datetime]] = {}
        self._waiting: list[tuple[Arrival, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None
        self.stored = asyncio.Event()

    def remember(self, known: Iterable[Sender]) -> None:
        """Know these senders, so that even the first webhook is taken while the database is away."""
        self._senders |= {sender.slug: (sender, now() + _REMEMBERED) for sender in known}

    async def sender(self, slug: str) -> Sender:
        """The sender of a webhook, remembered for a minute so that an outage of the database loses no message.

        Raises NotFound.
        """
        known = self._senders.get(slug)
        if known is not None and known[1] > now():
            return known[0]
        try:
            async with self._database.read() as connection:
                found = await senders.by_slug(connection, self._vault, slug)
        except SQLAlchemyError:
            if known is None:
                raise
            return known[0]
        self._senders[slug] = (found, now() + _REMEMBERED)
        return found

    def telegram(self, sender: Sender, update: dict[str, Any]) -> Arrival:
        """An update as Telegram sent it, whatever it holds."""
        incoming = parse_update(update)
        address = "" if incoming is None else incoming.address
        number = update.get("update_id")
        return self._arrival(sender, str(number) if isinstance(number, int) else "", address, update)

    def twilio(self, sender: Sender, form: Sequence[tuple[str, str]]) -> Arrival:
        """A form as Twilio sent it, whatever it holds."""
        incoming = parse_form(form)
        provider_id, address = ("", "") if incoming is None else (incoming.provider_id, incoming.address)
        return self._arrival(sender, provider_id, address, list(form))

    def _arrival(self, sender: Sender, provider_id: str, address: str, payload: Any) -> Arrival:
        """Seal a payload. Messages of one address stay in order; without an id, the content is the id."""
        raw = json.dumps(payload).encode()
        return Arrival(
            organisation_id=sender.organisation_id,
            sender_id=sender.id,
            provider_id=provider_id[:_ID_LENGTH] or hashlib.sha256(raw).hexdigest(),
            lane=self._vault.lookup(f"{sender.channel}:{address or provider_id}"),
            payload=self._vault.seal(raw, PAYLOAD),
            received_at=now(),
        )

    async def store(self, arrival: Arrival) -> None:
        """Come back once it is committed; raises what the database raised."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, done))
        # A task of its own: who gives up waiting must not take the others' messages along.
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        await done

    async def _write_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            failure: Exception | None = None
            try:
                await self.store_all([arrival for arrival, _ in batch])
            except Exception as error:  # noqa: BLE001 - whoever waits gets it raised
                failure = error
            for done in (done for _, done in batch if not done.done()):
                if failure is None:
                    done.set_result(None)
                else:
                    done.set_exception(failure)

    async def store_all(self, arrivals: Sequence[Arrival]) -> None:
        """Store several in one transaction."""
        async with self._database.write() as connection:
            await inbox.store(connection, arrivals)
        self.stored.set()

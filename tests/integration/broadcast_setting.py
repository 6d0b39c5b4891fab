"""A police zone with its officers, senders and members, and the far end of the wire, for tests of broadcasts."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import TypeVar

from broadcast import alerts
from broadcast.alert import Alert, Content, Severity
from broadcast.dispatch import Dispatcher
from broadcast.event import Event
from broadcast.repository import alerts as alert_rows
from broadcast.repository import events
from broadcast.selection import Selection
from messaging.channels import Channels
from messaging.exchange import open_session
from messaging.incoming import ChannelKind
from messaging.outbox import Outbox
from messaging.repository import senders, tallies
from messaging.repository.tallies import Count
from messaging.sender import Credentials
from people.consent import Way
from people.officer import Officer
from people.organisation import OrganisationKind
from people.repository import networks, officers, organisations, residents
from people.resident import Address
from people.roles import Role
from simulator.app import Simulator
from simulator.log import Entry
from simulator.options import Options
from storage import jobs
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault

SECRET = "a secret that is long enough for the tests"
TOKENS = ("7000001:simulated-bot-token-for-loopback-only", "7000002:another-bot-token-for-loopback-only")
OPTIONS = Options(telegram_tokens=TOKENS, telegram_rate=None, telegram_chat_rate=None, any_chat=True, status_delay=0.0)
TEMPLATE = "HX" + "a" * 32
SMS_NUMBER, WHATSAPP_NUMBER = "+32460000001", "+32460000002"
_members = count(1)
T = TypeVar("T")


@dataclass
class Zone:
    """The police zone of a test. rate: messages a second of each of its senders."""

    url: str
    database: Database
    vault: Vault
    far_end: Simulator
    id: int
    network: int
    editor: Officer
    approver: Officer
    other_approver: Officer

    async def sender(
        self, channel: ChannelKind, *, rate: float = 1000.0, template: str | None = None, number: int = 0
    ) -> int:
        """Our account on a channel; bringing it up to date keeps its id. number: of the bot."""
        options = OPTIONS
        telegram = channel is ChannelKind.TELEGRAM
        token = options.telegram_tokens[number] if telegram else options.twilio_auth_token
        numbers = {
            ChannelKind.SMS: SMS_NUMBER,
            ChannelKind.WHATSAPP: WHATSAPP_NUMBER,
            ChannelKind.VOICE: "+32460000003",
        }
        async with self.database.write() as connection:
            return await senders.put(
                connection,
                self.vault,
                organisation_id=self.id,
                slug=f"{self.id}-{channel}-{number}",
                channel=channel,
                account="bot" if telegram else options.twilio_account_sid,
                from_address=numbers.get(channel, "bot"),
                credentials=Credentials(token),
                base_url=self.far_end.telegram_base_url if telegram else self.far_end.base_url,
                messages_per_second=rate,
                template=template,
            )

    async def member(
        self,
        *addresses: tuple[ChannelKind, str],
        consent: bool = True,
        network: int | None = None,
        language: str | None = None,
    ) -> int:
        """Somebody in a network, with these addresses; gives the resident's id."""
        async with self.database.write() as connection:
            resident_id = await residents.create(connection, self.vault, self.id, now())
            person = await residents.get(connection, self.id, resident_id)
            for channel, value in addresses:
                await residents.add_address(connection, self.vault, person, channel, value, now())
            if language is not None:
                await residents.request_language(connection, resident_id, language)
            await networks.join(connection, network or self.network, resident_id, now())
        if consent:
            for address in await self.addresses(resident_id):
                await self.consent(address)
        return resident_id

    async def members(self, number: int) -> list[str]:
        """So many members on Telegram; gives their chat ids."""
        chats = [str(10_000 + next(_members)) for _ in range(number)]
        for chat in chats:
            await self.member((ChannelKind.TELEGRAM, chat))
        return chats

    async def addresses(self, resident_id: int) -> list[Address]:
        """All addresses of a resident, in the order in which they were made."""
        async with self.database.read() as connection:
            return await residents.addresses(connection, self.id, resident_id)

    async def consent(self, address: Address) -> None:
        """They agreed to alerts there."""
        async with self.database.write() as connection:
            await networks.give_consent(connection, self.id, address, now(), Way.CHAT, "Ja, stuur mij waarschuwingen")

    async def stop(self, address: Address) -> None:
        """They sent STOP from there."""
        async with self.database.write() as connection:
            await networks.withdraw_consent(connection, address.id, now(), Way.CHAT)

    async def wrote(self, address: Address, at: datetime, sender_id: int | None = None) -> None:
        """They wrote to us from there at that moment. sender_id: to which of ours."""
        async with self.database.write() as connection:
            await residents.heard_from(connection, address.id, at, sender_id)

    def content(self, **changes: object) -> Content:
        """A gas leak, for the zone's network."""
        content = Content(
            severity=Severity.EXTREME,
            title="Gaslek in de Kerkstraat",
            texts={"nl": "Sluit ramen en deuren.", "fr": "Fermez portes et fenêtres."},
            audience=Selection(networks=frozenset({self.network})),
            expires_at=now() + timedelta(hours=1),
        )
        return replace(content, **changes)  # type: ignore[arg-type]

    async def submitted(self, **changes: object) -> tuple[int, str]:
        """An alert that waits for approval, and its digest."""
        async with self.database.write() as connection:
            alert_id = await alerts.create(connection, self.editor, self.content(**changes), now())
            return alert_id, await alerts.submit(connection, self.editor, alert_id, now())

    async def approve(self, alert_id: int, digest: str) -> int:
        """The approver presses the button; gives the event's id."""
        async with self.database.write() as connection:
            event_id = await alerts.approve(connection, self.vault, self.approver, alert_id, digest, now())
        assert event_id is not None
        return event_id

    async def sent(self, **changes: object) -> tuple[int, int]:
        """An alert that was approved; gives the ids of the alert and of its event."""
        alert_id, digest = await self.submitted(**changes)
        return alert_id, await self.approve(alert_id, digest)

    async def alert(self, alert_id: int) -> Alert:
        """The alert as it stands."""
        async with self.database.read() as connection:
            return await alert_rows.get(connection, self.id, alert_id)

    async def event(self, event_id: int) -> Event:
        """The event as it stands."""
        async with self.database.read() as connection:
            return await events.get(connection, event_id)

    async def counts(self, event_id: int) -> list[Count]:
        """The event's deliveries, counted."""
        async with self.database.read() as connection:
            return await tallies.counts(connection, event_id)

    async def holds(self, look: Callable[[], Awaitable[T]], right: Callable[[T], bool]) -> None:
        """Wait until what is looked at is right; raises TimeoutError when that takes a minute."""
        async with asyncio.timeout(60):
            while not right(await look()):  # noqa: ASYNC110 - another process may change it
                await asyncio.sleep(0.05)

    async def until(self, event_id: int, state: str) -> None:
        """Wait until the event is in this state; raises TimeoutError when that takes a minute."""
        await self.holds(lambda: self.event(event_id), lambda event: event.state == state)

    def arrived(self, channel: str | None = None) -> list[Entry]:
        """What the providers took, in order."""
        taken = [one for one in self.far_end.world.log.after(0) if one["event"] == "accepted"]
        return [one for one in taken if channel is None or one["channel"] == channel]

    @asynccontextmanager
    async def dispatching(
        self, executor_id: str = "worker", public_url: str | None = None
    ) -> AsyncIterator[Dispatcher]:
        """A worker that sends broadcasts, in this process. public_url: where providers tell it statuses."""
        async with open_session() as session:
            async with self.database.read() as connection:
                every = await senders.every(connection, self.vault)
            channels = Channels(every, session, public_url)
            outbox = Outbox(self.database, self.vault, channels)
            dispatcher = Dispatcher(self.database, self.vault, channels, outbox, self.url, executor_id)
            await dispatcher.start()
            try:
                yield dispatcher
            finally:
                await dispatcher.stop()


@asynccontextmanager
async def police_zone(url: str) -> AsyncIterator[Zone]:
    """A police zone on a migrated database, with a network, three officers and the far end of the wire."""
    await asyncio.to_thread(jobs.prepare, url)
    database, vault, far_end = Database(url), Vault(SECRET), Simulator(OPTIONS)
    await far_end.serve()
    async with database.write() as connection:
        zone = await organisations.create(
            connection, kind=OrganisationKind.POLICE_ZONE, name="PZ Lindebeke", slug="pz", at=now()
        )
        network = await networks.create(connection, zone, "BIN Centrum", "centrum", now())
        staff: list[Officer] = []
        for role in (Role.EDITOR, Role.APPROVER, Role.APPROVER):
            officer_id = await officers.create(
                connection,
                organisation_id=zone,
                email=f"officer{len(staff)}@example.org",
                name=f"Officer {len(staff)}",
                role=role,
                password="a password of some length",
                at=now(),
            )
            staff.append(await officers.get(connection, zone, officer_id))
    try:
        yield Zone(url, database, vault, far_end, zone, network, *staff)
    finally:
        await far_end.stop()
        await database.close()

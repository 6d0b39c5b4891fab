"""A network of many people who agreed to alerts, and an alert to them: for benches and for tests of faults."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert

from broadcast import alerts
from broadcast.alert import Content
from broadcast.selection import Selection
from broadcast.vocabulary import Severity
from messaging.incoming import ChannelKind
from people.consent import ALERTS, Way
from people.officer import Officer
from people.repository import networks, officers
from people.repository.residents import lookup_value
from people.roles import Role
from people.tables import address, consent, membership, resident
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault
from storage.repository import look_at_sizes

_SLICE = 5_000
FIRST_CHAT = 1_000_001


@dataclass(frozen=True, slots=True)
class Crowd:
    """A network of an organisation. staff: who writes alerts and who approves them."""

    database: Database
    vault: Vault
    zone: int
    network: int
    staff: Sequence[Officer]

    async def submit(
        self, severity: Severity = Severity.EXTREME, lasts: timedelta = timedelta(hours=2)
    ) -> tuple[int, str]:
        """An alert to all of them that waits for approval, and its digest."""
        content = Content(
            severity=severity,
            title="Gaslek in de Kerkstraat",
            texts={"nl": "Er is een gaslek in de Kerkstraat. Sluit ramen en deuren, blijf binnen en rook niet."},
            audience=Selection(networks=frozenset({self.network})),
            expires_at=now() + lasts,
        )
        async with self.database.write() as connection:
            alert_id = await alerts.create(connection, self.staff[0], content, now())
            return alert_id, await alerts.submit(connection, self.staff[0], alert_id, now())

    async def approve(self, alert_id: int, digest: str) -> int:
        """The approver presses the button; gives the event's id."""
        async with self.database.write() as connection:
            event_id = await alerts.approve(connection, self.vault, self.staff[1], alert_id, digest, now())
        assert event_id is not None
        return event_id


async def gather(
    database: Database, vault: Vault, zone: int, number: int, *, name: str = "centrum", first: int = 1
) -> Crowd:
    """So many people with a chat on Telegram, the first of whom has this id, in a network of that name."""
    staff = []
    async with database.write() as connection:
        network = await networks.create(connection, zone, f"BIN {name}", name, now())
        for role in (Role.EDITOR, Role.APPROVER):
            officer_id = await officers.create(
                connection,
                organisation_id=zone,
                email=f"{role}.{name}@example.org",
                name=role,
                role=role,
                password="a password of some length",
                at=now(),
            )
            staff.append(await officers.get(connection, zone, officer_id))
    people = (_member(vault, zone, network, one) for one in range(first, first + number))
    while part := list(islice(people, _SLICE)):
        async with database.write() as connection:
            for table, rows in zip((resident, address, membership, consent), zip(*part, strict=True), strict=True):
                await connection.execute(insert(table), list(rows))
    async with database.write() as connection:
        await look_at_sizes(connection)
    return Crowd(database, vault, zone, network, staff)


def chat(person: int) -> str:
    """The chat of somebody on Telegram."""
    return str(FIRST_CHAT - 1 + person)


def _member(vault: Vault, zone: int, network: int, one: int) -> tuple[dict[str, Any], ...]:
    wrapped, key = vault.new_person()
    moment, where = now(), chat(one)
    return (
        {"id": one, "organisation_id": zone, "wrapped_key": wrapped, "created_at": moment},
        {
            "id": one,
            "organisation_id": zone,
            "resident_id": one,
            "channel": ChannelKind.TELEGRAM,
            "lookup": vault.lookup(lookup_value("telegram", where)),
            "sealed": key.seal(where),
            "state": "active",
            "created_at": moment,
        },
        {"network_id": network, "resident_id": one, "role": "member", "joined_at": moment},
        {
            "organisation_id": zone,
            "resident_id": one,
            "address_id": one,
            "purpose": ALERTS,
            "given_at": moment,
            "way": Way.IMPORT,
            "wording": "bench",
        },
    )

"""Residents in lists: a name where the channel told one, and never more of a number than its end."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bots.tables import conversation
from messaging.phone import mask
from people.tables import address, resident
from storage.encryption import Vault


@dataclass(frozen=True, slots=True)
class Person:
    """A resident as shown: name and number are None once their data were erased."""

    name: str | None
    masked: str | None

    @property
    def shown(self) -> str | None:
        """What to call them."""
        return self.name or self.masked


async def at_addresses(
    connection: AsyncConnection, vault: Vault, organisation_id: int, address_ids: Iterable[int]
) -> dict[int, Person]:
    """By address, whose it is."""
    statement = (
        select(address.c.id, address.c.sealed, resident.c.wrapped_key, resident.c.name_sealed)
        .join(resident, resident.c.id == address.c.resident_id)
        .where(address.c.organisation_id == organisation_id, address.c.id.in_(list(address_ids)))
    )
    rows = await connection.execute(statement)
    return {row.id: _person(row.wrapped_key, row.name_sealed, row.sealed, vault) for row in rows}


async def in_conversations(
    connection: AsyncConnection, vault: Vault, organisation_id: int, conversation_ids: Iterable[int]
) -> dict[int, Person]:
    """By conversation, with whom it is."""
    statement = select(conversation.c.id, conversation.c.address_id).where(
        conversation.c.organisation_id == organisation_id, conversation.c.id.in_(list(conversation_ids))
    )
    address_of = {row.id: row.address_id for row in await connection.execute(statement)}
    persons = await at_addresses(connection, vault, organisation_id, address_of.values())
    return {talk: persons[address_id] for talk, address_id in address_of.items()}


async def by_id(
    connection: AsyncConnection, vault: Vault, organisation_id: int, resident_ids: Iterable[int]
) -> dict[int, Person]:
    """By resident, who they are, with the first address that they have."""
    statement = (
        select(resident.c.id, address.c.sealed, resident.c.wrapped_key, resident.c.name_sealed)
        .join(address, address.c.resident_id == resident.c.id)
        .where(resident.c.organisation_id == organisation_id, resident.c.id.in_(list(resident_ids)))
        .order_by(address.c.id.desc())
    )
    rows = await connection.execute(statement)
    return {row.id: _person(row.wrapped_key, row.name_sealed, row.sealed, vault) for row in rows}


def _person(wrapped_key: bytes | None, name: bytes | None, address_value: bytes, vault: Vault) -> Person:
    if wrapped_key is None:
        return Person(None, None)
    key = vault.person(wrapped_key)
    return Person(None if name is None else key.open(name), mask(key.open(address_value)))

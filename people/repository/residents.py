"""Residents and their addresses: found by keyed hash, read back only to send."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from people.resident import Address, Resident
from people.tables import address, resident
from storage.encryption import Vault
from storage.errors import NotFound


def lookup_value(channel: str, value: str) -> str:
    """What the keyed hash is made of: the same number on two channels does not give the same hash."""
    return f"{channel}:{value}"


def _address(row: Row[Any]) -> Address:
    return Address(row.id, row.resident_id, row.channel, row.state, row.last_inbound_at)


def _resident(row: Row[Any]) -> Resident:
    return Resident(row.id, row.organisation_id, row.wrapped_key, row.language, row.requested_language)


async def find_address(
    connection: AsyncConnection, vault: Vault, organisation_id: int, channel: str, value: str
) -> Address | None:
    """The address of this value in this organisation, if somebody has it."""
    statement = select(address).where(
        address.c.organisation_id == organisation_id,
        address.c.channel == channel,
        address.c.lookup.in_(vault.lookups(lookup_value(channel, value))),
    )
    row = (await connection.execute(statement)).first()
    return None if row is None else _address(row)


_PERSON_AT = (
    select(resident, address.c.id.label("address_id"), address.c.channel, address.c.state, address.c.last_inbound_at)
    .join(address, address.c.resident_id == resident.c.id)
    .where(
        address.c.organisation_id == bindparam("organisation"),
        address.c.channel == bindparam("channel"),
        address.c.lookup.in_(bindparam("lookups", expanding=True)),
    )
)  # built once: asked for twice with every message that comes in


async def person_at(
    connection: AsyncConnection, vault: Vault, organisation_id: int, channel: str, value: str
) -> tuple[Resident, Address] | None:
    """Who in this organisation has the address of this value, and the address."""
    lookups = vault.lookups(lookup_value(channel, value))
    place = {"organisation": organisation_id, "channel": channel, "lookups": lookups}
    row = (await connection.execute(_PERSON_AT, place)).first()
    if row is None:
        return None
    return _resident(row), Address(row.address_id, row.id, row.channel, row.state, row.last_inbound_at)


async def with_number(
    connection: AsyncConnection, vault: Vault, organisation_id: int, channel: str, value: str, at: datetime
) -> tuple[Resident, Address] | None:
    """Who in this organisation has this number on another channel; from now on they have it on this one too.

    Whoever was told by SMS, because WhatsApp did not deliver it, answers by SMS.
    """
    for other in _OF_A_NUMBER - {channel} if channel in _OF_A_NUMBER else ():
        known = await person_at(connection, vault, organisation_id, other, value)
        if known is not None:
            address_id = await add_address(connection, vault, known[0], channel, value, at)
            return known[0], Address(address_id, known[0].id, channel, "active", None)
    return None


_OF_A_NUMBER = frozenset({"sms", "whatsapp", "voice"})


async def register(
    connection: AsyncConnection,
    vault: Vault,
    organisation_id: int,
    channel: str,
    value: str,
    at: datetime,
    *,
    name: str | None = None,
    language: str | None = None,
) -> tuple[Resident, Address]:
    """Make a resident, and their address, of whoever writes for the first time."""
    made = await create(connection, vault, organisation_id, at, name=name, language=language)
    person = await get(connection, organisation_id, made)
    address_id = await add_address(connection, vault, person, channel, value, at)
    return person, Address(address_id, made, channel, "active", None)


async def create(
    connection: AsyncConnection,
    vault: Vault,
    organisation_id: int,
    at: datetime,
    *,
    name: str | None = None,
    language: str | None = None,
) -> int:
    """Make a resident with a key of their own; gives the id."""
    wrapped, key = vault.new_person()
    statement = insert(resident).values(
        organisation_id=organisation_id,
        wrapped_key=wrapped,
        name_sealed=None if name is None else key.seal(name),
        language=language,
        created_at=at,
    )
    return int((await connection.execute(statement.returning(resident.c.id))).scalar_one())


async def get(connection: AsyncConnection, organisation_id: int, resident_id: int) -> Resident:
    """One resident of this organisation; raises NotFound."""
    statement = select(resident).where(resident.c.organisation_id == organisation_id, resident.c.id == resident_id)
    row = (await connection.execute(statement)).first()
    if row is None:
        raise NotFound(f"There is no resident {resident_id}")
    return _resident(row)


async def name(connection: AsyncConnection, vault: Vault, one: Resident) -> str | None:
    """What the person is called, as far as the channel told."""
    sealed = await connection.scalar(select(resident.c.name_sealed).where(resident.c.id == one.id))
    return None if sealed is None or one.wrapped_key is None else vault.person(one.wrapped_key).open(sealed)


async def add_name(connection: AsyncConnection, vault: Vault, one: Resident, called: str) -> None:
    """What somebody is called, where nobody told yet."""
    unnamed = update(resident).where(resident.c.id == one.id, resident.c.name_sealed.is_(None))
    await connection.execute(unnamed.values(name_sealed=vault.person(one.wrapped_key).seal(called)))


async def add_address(
    connection: AsyncConnection, vault: Vault, one: Resident, channel: str, value: str, at: datetime
) -> int:
    """Give a resident an address; gives its id."""
    statement = insert(address).values(
        organisation_id=one.organisation_id,
        resident_id=one.id,
        channel=channel,
        lookup=vault.lookup(lookup_value(channel, value)),
        sealed=vault.person(one.wrapped_key).seal(value),
        state="active",
        created_at=at,
    )
    return int((await connection.execute(statement.returning(address.c.id))).scalar_one())


async def addresses(connection: AsyncConnection, organisation_id: int, resident_id: int) -> list[Address]:
    """All ways to reach this resident."""
    statement = select(address).where(
        address.c.organisation_id == organisation_id, address.c.resident_id == resident_id
    )
    return [_address(row) for row in await connection.execute(statement.order_by(address.c.id))]


async def address_value(connection: AsyncConnection, vault: Vault, address_id: int) -> str:
    """The number or chat id itself; raises NotFound when the person was erased."""
    statement = (
        select(address.c.sealed, resident.c.wrapped_key)
        .join(resident, resident.c.id == address.c.resident_id)
        .where(address.c.id == address_id)
    )
    row = (await connection.execute(statement)).first()
    if row is None:
        raise NotFound(f"There is no address {address_id}")
    return vault.person(row.wrapped_key).open(row.sealed)


async def heard_from(connection: AsyncConnection, address_id: int, at: datetime, sender_id: int | None = None) -> None:
    """The person wrote: the address works, and WhatsApp's window of 24 hours opens. sender_id: to which of ours."""
    statement = update(address).where(address.c.id == address_id)
    ours = {} if sender_id is None else {"sender_id": sender_id}
    await connection.execute(statement.values(last_inbound_at=at, state="active", **ours))


async def set_address_state(connection: AsyncConnection, address_id: int, state: str) -> None:
    """Mark an address as active, blocked or bad."""
    await connection.execute(update(address).where(address.c.id == address_id).values(state=state))


async def close_window(connection: AsyncConnection, address_id: int) -> None:
    """WhatsApp says that the 24 hours since the person wrote are over: a template is needed until they write again."""
    await connection.execute(update(address).where(address.c.id == address_id).values(last_inbound_at=None))


async def replace_address(connection: AsyncConnection, vault: Vault, address_id: int, channel: str, value: str) -> None:
    """The provider moved the person to another id (a Telegram group that became a supergroup)."""
    statement = (
        select(resident.c.wrapped_key)
        .join(address, address.c.resident_id == resident.c.id)
        .where(address.c.id == address_id)
    )
    key = vault.person(await connection.scalar(statement))
    values = {"lookup": vault.lookup(lookup_value(channel, value)), "sealed": key.seal(value)}
    await connection.execute(update(address).where(address.c.id == address_id).values(**values))


async def set_language(connection: AsyncConnection, resident_id: int, language: str) -> None:
    """What the person writes in, for the next short message."""
    await connection.execute(update(resident).where(resident.c.id == resident_id).values(language=language))


async def request_language(connection: AsyncConnection, resident_id: int, language: str) -> None:
    """The person asked to be answered in this language."""
    statement = update(resident).where(resident.c.id == resident_id)
    await connection.execute(statement.values(requested_language=language))

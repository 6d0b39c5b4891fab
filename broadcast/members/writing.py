"""Members from a list, looked up or written down: nobody twice, and nobody sent anything without consent."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.members.entry import Entry
from broadcast.repository.imports import Import
from people.consent import Way
from people.home import Home
from people.repository import homes, networks, residents
from people.resident import Address, Resident
from storage.clock import now
from storage.encryption import Vault
from storage.facts import Fact, FactKind
from storage.repository import append_facts


async def check(connection: AsyncConnection, vault: Vault, one: Import, entry: Entry, seen: set[str]) -> list[str]:
    """What an import would make of a row."""
    found = await _found(connection, vault, one, entry)
    known = bool(found) or not seen.isdisjoint(number for _, number in entry.addresses)
    seen.update(number for _, number in entry.addresses)
    given_at = one.evidence.given_at(entry) if one.evidence else None
    stopped = given_at is not None and [await _stopped(connection, address, given_at) for address in found.values()]
    agreed = given_at is not None and not (stopped and all(stopped))
    return ["known" if known else "new", "agreed" if agreed else "silent"]


async def write(connection: AsyncConnection, vault: Vault, one: Import, entries: Sequence[Entry]) -> Counter[str]:
    """Write members down, with where they live and that they agreed; counts the outcomes."""
    counts: Counter[str] = Counter()
    facts: list[Fact] = []
    moved: dict[int, tuple[Resident, Home]] = {}
    for entry in entries:
        person, addresses, known = await _person(connection, vault, one, entry)
        if entry.home is not None:
            moved[person.id] = (person, entry.home)
        await _join(connection, one, person, entry)
        agreed = [channel for channel, address in addresses.items() if await _agree(connection, one, entry, address)]
        facts += [_fact(one, person, channel) for channel in agreed]
        has_consent = [await networks.has_consent(connection, address.id) for address in addresses.values()]
        counts.update(["known" if known else "new", "agreed" if any(has_consent) else "silent"])
    await homes.put(connection, vault, one.organisation_id, list(moved.values()), now())
    await append_facts(connection, facts)
    return counts


async def _found(connection: AsyncConnection, vault: Vault, one: Import, entry: Entry) -> dict[str, Address]:
    """By channel, the addresses of this row that somebody has already."""
    looked = {
        channel: await residents.find_address(connection, vault, one.organisation_id, channel, number)
        for channel, number in entry.addresses
    }
    return {channel: address for channel, address in looked.items() if address is not None}


async def _person(
    connection: AsyncConnection, vault: Vault, one: Import, entry: Entry
) -> tuple[Resident, dict[str, Address], bool]:
    """Whoever has one of these numbers, or somebody new; their addresses by channel; whether they were known."""
    addresses = await _found(connection, vault, one, entry)
    known = next(iter(addresses.values()), None)
    resident_id = (
        known.resident_id
        if known
        else await residents.create(
            connection, vault, one.organisation_id, now(), name=entry.name, language=entry.language
        )
    )
    person = await residents.get(connection, one.organisation_id, resident_id)
    if known and entry.name:
        await residents.add_name(connection, vault, person, entry.name)
    for channel, number in entry.addresses:
        if channel not in addresses:
            made = await residents.add_address(connection, vault, person, channel, number, now())
            addresses[channel] = Address(made, person.id, channel, "active", None)
    return person, addresses, known is not None


async def _join(connection: AsyncConnection, one: Import, person: Resident, entry: Entry) -> None:
    if one.network_id is None:
        return
    role = {} if entry.role is None else {"role": entry.role}
    joined = await networks.join(connection, one.network_id, person.id, now(), **role)
    if not joined and entry.role is not None:
        await networks.set_role(connection, one.network_id, person.id, entry.role)


async def _agree(connection: AsyncConnection, one: Import, entry: Entry, address: Address) -> bool:
    """Write consent down; False where there is none to write, or it was there."""
    given_at = one.evidence.given_at(entry) if one.evidence else None
    if one.evidence is None or given_at is None or await _stopped(connection, address, given_at):
        return False
    return await networks.give_consent(
        connection, one.organisation_id, address, given_at, Way.IMPORT, one.evidence.text
    )


async def _stopped(connection: AsyncConnection, address: Address, given_at: datetime) -> bool:
    withdrawn = await networks.withdrawn_at(connection, address.id)
    return withdrawn is not None and withdrawn >= given_at


def _fact(one: Import, person: Resident, channel: str) -> Fact:
    return Fact(
        kind=FactKind.CONSENT_GIVEN,
        organisation_id=one.organisation_id,
        at=now(),
        channel=channel,
        resident_id=person.id,
        network_id=one.network_id,
    )

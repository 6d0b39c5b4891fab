"""Members from a list, looked up or written down: nobody twice, and nobody sent anything without consent."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.members.entry import Entry
from broadcast.repository.imports import Import
from people.consent import Way
from people.repository import crowd, homes, residents
from people.resident import Address, Resident
from storage.clock import now
from storage.encryption import Vault
from storage.facts import Fact, FactKind
from storage.repository import append_facts

_Addresses = dict[crowd.Place, Address]


async def check(
    connection: AsyncConnection, vault: Vault, one: Import, entries: Sequence[Entry], seen: set[crowd.Place]
) -> Counter[str]:
    """Count what an import would make of rows. seen: the numbers of the rows before them, to which theirs are added."""
    found = await crowd.addresses_at(connection, vault, one.organisation_id, _places(entries))
    said = await crowd.consents(connection, [address.id for address in found.values()])
    counts: Counter[str] = Counter()
    for entry in entries:
        known = [found[place] for place in entry.addresses if place in found]
        is_new = not known and seen.isdisjoint(entry.addresses)
        seen.update(entry.addresses)
        given_at = _given_at(one, entry)
        stopped = [_is_stopped(said.get(address.id), given_at) for address in known]
        agreed = given_at is not None and not (stopped and all(stopped))
        counts.update(["new" if is_new else "known", "agreed" if agreed else "silent"])
    return counts


async def write(connection: AsyncConnection, vault: Vault, one: Import, entries: Sequence[Entry]) -> Counter[str]:
    """Write members down, with where they live and that they agreed; counts the outcomes."""
    counts: Counter[str] = Counter()
    for part in _apart(entries):
        counts += await _write(connection, vault, one, part)
    return counts


def _apart(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """The same rows in their order, in parts in which no number stands twice: the second finds what the first made."""
    left = list(entries)
    while left:
        part, later, seen = list[Entry](), list[Entry](), set[crowd.Place]()
        for entry in left:
            (part if seen.isdisjoint(entry.addresses) else later).append(entry)
            seen.update(entry.addresses)
        yield part
        left = later


def _places(entries: Sequence[Entry]) -> set[crowd.Place]:
    return {place for entry in entries for place in entry.addresses}


async def _write(connection: AsyncConnection, vault: Vault, one: Import, entries: list[Entry]) -> Counter[str]:
    addresses = await crowd.addresses_at(connection, vault, one.organisation_id, _places(entries))
    was_known = {*addresses}
    people = await _people(connection, vault, one, entries, addresses)
    added = [
        (person, place)
        for entry, person in zip(entries, people, strict=True)
        for place in entry.addresses
        if place not in addresses
    ]
    addresses |= await crowd.add_addresses(connection, vault, added, now())
    if one.network_id is not None:
        roles = {person.id: entry.role for entry, person in zip(entries, people, strict=True)}
        await crowd.join(connection, one.network_id, roles, now())
    moved = {person.id: (person, entry.home) for entry, person in zip(entries, people, strict=True) if entry.home}
    await homes.put(connection, vault, one.organisation_id, list(moved.values()), now())
    agreed = await _agree(connection, one, entries, people, addresses)
    return Counter(
        word
        for entry in entries
        for word in (
            "new" if was_known.isdisjoint(entry.addresses) else "known",
            "agreed" if any(addresses[place].id in agreed for place in entry.addresses) else "silent",
        )
    )


async def _people(
    connection: AsyncConnection, vault: Vault, one: Import, entries: list[Entry], addresses: _Addresses
) -> list[Resident]:
    """For each row whoever has one of its numbers, or somebody new; who was known and nameless gets the name."""
    owners = [_owner(entry, addresses) for entry in entries]
    known = await crowd.of_ids(connection, one.organisation_id, {owner for owner in owners if owner is not None})
    fresh = [(entry.name, entry.language) for entry, owner in zip(entries, owners, strict=True) if owner is None]
    made = iter(await crowd.create(connection, vault, one.organisation_id, fresh, now()))
    nameless = await crowd.unnamed(connection, known)
    for entry, owner in zip(entries, owners, strict=True):
        if owner in nameless and entry.name:
            await residents.add_name(connection, vault, known[owner], entry.name)
    return [next(made) if owner is None else known[owner] for owner in owners]


def _owner(entry: Entry, addresses: _Addresses) -> int | None:
    return next((addresses[place].resident_id for place in entry.addresses if place in addresses), None)


async def _agree(
    connection: AsyncConnection, one: Import, entries: list[Entry], people: list[Resident], addresses: _Addresses
) -> set[int]:
    """Write down who agreed, where there is evidence and no later STOP; gives the addresses that may be sent alerts."""
    said = await crowd.consents(connection, [addresses[place].id for place in _places(entries)])
    may = {address_id for address_id, (given, _) in said.items() if given}
    new: list[tuple[Address, datetime]] = []
    facts: list[Fact] = []
    for entry, person in zip(entries, people, strict=True):
        given_at = _given_at(one, entry)
        for place in entry.addresses:
            address = addresses[place]
            if given_at is None or address.id in may or _is_stopped(said.get(address.id), given_at):
                continue
            may.add(address.id)
            new.append((address, given_at))
            facts.append(_fact(one, person, address.channel))
    if one.evidence is not None:
        await crowd.give_consent(connection, one.organisation_id, new, Way.IMPORT, one.evidence.text)
    await append_facts(connection, facts)
    return may


def _given_at(one: Import, entry: Entry) -> datetime | None:
    return one.evidence.given_at(entry) if one.evidence else None


def _is_stopped(said: tuple[bool, datetime | None] | None, given_at: datetime | None) -> bool:
    """Whether consent was taken back after the day on which the list says that it was given."""
    withdrawn_at = said[1] if said else None
    return withdrawn_at is not None and given_at is not None and withdrawn_at >= given_at


def _fact(one: Import, person: Resident, channel: str) -> Fact:
    return Fact(
        kind=FactKind.CONSENT_GIVEN,
        organisation_id=one.organisation_id,
        at=now(),
        channel=channel,
        resident_id=person.id,
        network_id=one.network_id,
    )

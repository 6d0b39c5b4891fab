"""Many residents at once, as a list brings them: each look-up and each kind of row in one statement."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from people.consent import ALERTS, Way
from people.membership import MemberRole
from people.repository import networks
from people.repository.residents import lookup_value
from people.resident import Address, Resident
from people.tables import address, consent, membership, resident
from storage.encryption import Vault
from storage.repository import upsert

Place = tuple[str, str]
"""A channel, and the number or chat id on it."""


async def addresses_at(
    connection: AsyncConnection, vault: Vault, organisation_id: int, places: Collection[Place]
) -> dict[Place, Address]:
    """Those of these places that somebody has."""
    sought = {(place[0], hashed): place for place in places for hashed in vault.lookups(lookup_value(*place))}
    mine = (address.c.organisation_id == organisation_id, address.c.lookup.in_([hashed for _, hashed in sought]))
    rows = await connection.execute(select(address).where(*mine))
    return {
        sought[row.channel, row.lookup]: Address(row.id, row.resident_id, row.channel, row.state, row.last_inbound_at)
        for row in rows
        if (row.channel, row.lookup) in sought
    }


async def of_ids(connection: AsyncConnection, organisation_id: int, ids: Collection[int]) -> dict[int, Resident]:
    """Residents of this organisation by their ids."""
    mine = (resident.c.organisation_id == organisation_id, resident.c.id.in_(ids))
    return {
        row.id: Resident(row.id, row.organisation_id, row.wrapped_key, row.language, row.requested_language)
        for row in await connection.execute(select(resident).where(*mine))
    }


async def unnamed(connection: AsyncConnection, ids: Collection[int]) -> set[int]:
    """Those of these residents whose name nobody told yet."""
    nameless = select(resident.c.id).where(resident.c.id.in_(ids), resident.c.name_sealed.is_(None))
    return set(await connection.scalars(nameless))


async def create(
    connection: AsyncConnection,
    vault: Vault,
    organisation_id: int,
    people: Iterable[tuple[str | None, str | None]],
    at: datetime,
) -> list[Resident]:
    """Make residents, each with a key of their own. people: name and language of each, in this order."""
    given = [(name, language, *vault.new_person()) for name, language in people]
    rows = [
        {
            "organisation_id": organisation_id,
            "wrapped_key": wrapped,
            "name_sealed": None if name is None else key.seal(name),
            "language": language,
            "created_at": at,
        }
        for name, language, wrapped, key in given
    ]
    if not rows:
        return []
    statement = insert(resident).returning(resident.c.id, sort_by_parameter_order=True)
    ids = await connection.scalars(statement, rows)
    return [
        Resident(made, organisation_id, wrapped, language, None)
        for made, (_, language, wrapped, _) in zip(ids, given, strict=True)
    ]


async def add_addresses(
    connection: AsyncConnection, vault: Vault, given: Sequence[tuple[Resident, Place]], at: datetime
) -> dict[Place, Address]:
    """Give residents addresses that nobody has yet."""
    rows = [
        {
            "organisation_id": one.organisation_id,
            "resident_id": one.id,
            "channel": channel,
            "lookup": vault.lookup(lookup_value(channel, value)),
            "sealed": vault.person(one.wrapped_key).seal(value),
            "state": "active",
            "created_at": at,
        }
        for one, (channel, value) in given
    ]
    if not rows:
        return {}
    statement = insert(address).returning(address.c.id, sort_by_parameter_order=True)
    ids = await connection.scalars(statement, rows)
    return {
        place: Address(made, one.id, place[0], "active", None) for made, (one, place) in zip(ids, given, strict=True)
    }


async def join(
    connection: AsyncConnection, network_id: int, roles: Mapping[int, MemberRole | None], at: datetime
) -> None:
    """Put residents in a network. roles: what each is to it from now on; None: a member, or as they were."""
    mine = (membership.c.network_id == network_id, membership.c.resident_id.in_(roles))
    before = set(await connection.scalars(select(membership.c.resident_id).where(*mine)))
    rows = [
        {"network_id": network_id, "resident_id": one, "role": role or MemberRole.MEMBER, "joined_at": at}
        for one, role in roles.items()
        if one not in before
    ]
    if rows:
        await connection.execute(upsert(connection, membership).on_conflict_do_nothing(), rows)
    for one in before:
        if (role := roles[one]) is not None:
            await networks.set_role(connection, network_id, one, role)


async def consents(
    connection: AsyncConnection, address_ids: Collection[int]
) -> dict[int, tuple[bool, datetime | None]]:
    """Of each address of which something is known: whether it may be sent alerts, and when that was last taken back."""
    given = func.count().filter(consent.c.withdrawn_at.is_(None))
    last = func.max(consent.c.withdrawn_at, type_=consent.c.withdrawn_at.type)
    statement = select(consent.c.address_id, given, last).where(
        consent.c.address_id.in_(address_ids), consent.c.purpose == ALERTS
    )
    rows = await connection.execute(statement.group_by(consent.c.address_id))
    return {address_id: (number > 0, withdrawn_at) for address_id, number, withdrawn_at in rows}


async def give_consent(
    connection: AsyncConnection,
    organisation_id: int,
    given: Iterable[tuple[Address, datetime]],
    way: Way,
    wording: str,
) -> None:
    """Record that these addresses, none of which may yet, may be sent alerts, from when each agreed."""
    rows = [
        {
            "organisation_id": organisation_id,
            "resident_id": one.resident_id,
            "address_id": one.id,
            "purpose": ALERTS,
            "given_at": at,
            "way": way,
            "wording": wording,
        }
        for one, at in given
    ]
    if rows:
        await connection.execute(insert(consent), rows)

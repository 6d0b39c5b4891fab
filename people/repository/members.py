"""Members of networks as officers see them: page by page, opened; and one, found by the exact number."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from people.consent import ALERTS
from people.home import Home
from people.membership import MemberRole
from people.repository import homes
from people.repository.residents import lookup_value
from people.tables import address, consent, membership, network, resident
from storage.encryption import PersonKey, Vault


@dataclass(frozen=True, slots=True)
class Way:
    """An address of a member. value: the number itself; agreed_at: since when alerts may go there."""

    channel: str
    value: str
    state: str
    agreed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody in networks. roles: by network."""

    id: int
    name: str | None
    language: str | None
    roles: dict[int, MemberRole]
    ways: tuple[Way, ...]
    home: Home | None

    @property
    def agreed(self) -> bool:
        """Whether alerts may go to them at all."""
        return any(way.agreed_at is not None for way in self.ways)


async def page(
    connection: AsyncConnection,
    vault: Vault,
    organisation_id: int,
    *,
    network_id: int | None = None,
    role: MemberRole | None = None,
    after: int = 0,
    limit: int = 50,
) -> list[Member]:
    """The next members after a resident's id, in the order in which they came."""
    among = [membership.c.network_id == network_id] if network_id is not None else []
    ranked = [membership.c.role == role] if role is not None else []
    statement = select(resident.c.id).where(
        resident.c.organisation_id == organisation_id,
        resident.c.wrapped_key.is_not(None),
        resident.c.id > after,
        exists().where(membership.c.resident_id == resident.c.id, *among, *ranked),
    )
    ids = list(await connection.scalars(statement.order_by(resident.c.id).limit(limit)))
    return await of_ids(connection, vault, organisation_id, ids)


async def with_number(connection: AsyncConnection, vault: Vault, organisation_id: int, number: str) -> list[int]:
    """Whose this number is, on any channel: ids of residents."""
    channels = await connection.scalars(select(address.c.channel).distinct())
    lookups = [one for channel in channels for one in vault.lookups(lookup_value(channel, number))]
    mine = (address.c.organisation_id == organisation_id, address.c.lookup.in_(lookups))
    return list(await connection.scalars(select(address.c.resident_id).where(*mine).distinct()))


async def of_ids(connection: AsyncConnection, vault: Vault, organisation_id: int, ids: Sequence[int]) -> list[Member]:
    """These residents, opened, in the order of their ids; erased ones are left out."""
    mine = (resident.c.organisation_id == organisation_id, resident.c.id.in_(ids), resident.c.wrapped_key.is_not(None))
    people = (await connection.execute(select(resident).where(*mine).order_by(resident.c.id))).all()
    keys = {one.id: vault.person(one.wrapped_key) for one in people}
    roles, ways = await _roles(connection, ids), await _ways(connection, keys)
    where = await homes.of_residents(connection, vault, organisation_id, ids)
    return [
        Member(
            id=one.id,
            name=None if one.name_sealed is None else keys[one.id].open(one.name_sealed),
            language=one.requested_language or one.language,
            roles=roles[one.id],
            ways=tuple(ways[one.id]),
            home=where.get(one.id),
        )
        for one in people
    ]


async def _roles(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, dict[int, MemberRole]]:
    statement = (
        select(membership)
        .join(network, network.c.id == membership.c.network_id)
        .where(membership.c.resident_id.in_(ids))
        .order_by(network.c.name)
    )
    found: defaultdict[int, dict[int, MemberRole]] = defaultdict(dict)
    for row in await connection.execute(statement):
        found[row.resident_id][row.network_id] = MemberRole(row.role)
    return found


async def _ways(connection: AsyncConnection, keys: dict[int, PersonKey]) -> dict[int, list[Way]]:
    given = and_(consent.c.address_id == address.c.id, consent.c.purpose == ALERTS, consent.c.withdrawn_at.is_(None))
    statement = (
        select(address.c.resident_id, address.c.channel, address.c.sealed, address.c.state, consent.c.given_at)
        .outerjoin(consent, given)
        .where(address.c.resident_id.in_(keys))
        .order_by(address.c.id)
    )
    found: defaultdict[int, list[Way]] = defaultdict(list)
    for row in await connection.execute(statement):
        value = keys[row.resident_id].open(row.sealed)
        found[row.resident_id].append(Way(row.channel, value, row.state, row.given_at))
    return found

"""Neighbourhood networks, who is in them, and consent to alerts per address."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from people.consent import ALERTS, Way
from people.membership import MemberRole
from people.resident import Address
from people.tables import address, consent, membership, network
from storage.errors import NotFound
from storage.repository import upsert


@dataclass(frozen=True, slots=True)
class Network:
    """A neighbourhood information network."""

    id: int
    organisation_id: int
    name: str
    keyword: str


_EVERY = (
    select(network).where(network.c.organisation_id == bindparam("organisation")).order_by(network.c.name)
)  # built once: asked for with every message that comes in


async def every(connection: AsyncConnection, organisation_id: int) -> list[Network]:
    """The networks of an organisation, by name."""
    rows = await connection.execute(_EVERY, {"organisation": organisation_id})
    return [Network(row.id, row.organisation_id, row.name, row.keyword) for row in rows]


async def sizes(connection: AsyncConnection, organisation_id: int) -> dict[int, int]:
    """How many people are in each network of an organisation, by its id; a network with nobody in it is left out."""
    mine = select(network.c.id).where(network.c.organisation_id == organisation_id)
    counted = select(membership.c.network_id, func.count()).where(membership.c.network_id.in_(mine))
    rows = await connection.execute(counted.group_by(membership.c.network_id))
    return {row[0]: int(row[1]) for row in rows}


async def get(connection: AsyncConnection, organisation_id: int, network_id: int) -> Network:
    """One network of this organisation; raises NotFound."""
    statement = select(network).where(network.c.organisation_id == organisation_id, network.c.id == network_id)
    row = (await connection.execute(statement)).first()
    if row is None:
        raise NotFound(f"There is no network {network_id}")
    return Network(row.id, row.organisation_id, row.name, row.keyword)


async def create(connection: AsyncConnection, organisation_id: int, name: str, keyword: str, at: datetime) -> int:
    """Make a network and give its id."""
    statement = insert(network).values(
        organisation_id=organisation_id, name=name, keyword=keyword.lower(), created_at=at
    )
    return int((await connection.execute(statement.returning(network.c.id))).scalar_one())


async def join(
    connection: AsyncConnection, network_id: int, resident_id: int, at: datetime, role: str = MemberRole.MEMBER
) -> bool:
    """Put a resident in a network; False when they were in it already."""
    statement = upsert(connection, membership).values(
        network_id=network_id, resident_id=resident_id, role=role, joined_at=at
    )
    return (await connection.execute(statement.on_conflict_do_nothing())).rowcount == 1


async def set_role(connection: AsyncConnection, network_id: int, resident_id: int, role: MemberRole) -> bool:
    """What a member is to the network from now on; False when they are not in it."""
    mine = (membership.c.network_id == network_id, membership.c.resident_id == resident_id)
    return (await connection.execute(update(membership).where(*mine).values(role=role))).rowcount == 1


async def leave(connection: AsyncConnection, network_id: int, resident_id: int) -> bool:
    """Take a resident out of a network; False when they were not in it."""
    mine = (membership.c.network_id == network_id, membership.c.resident_id == resident_id)
    return (await connection.execute(delete(membership).where(*mine))).rowcount == 1


async def of_resident(connection: AsyncConnection, resident_id: int) -> list[int]:
    """The ids of the networks that a resident is in."""
    return list(
        await connection.scalars(select(membership.c.network_id).where(membership.c.resident_id == resident_id))
    )


async def give_consent(
    connection: AsyncConnection, organisation_id: int, one: Address, at: datetime, way: Way, wording: str
) -> bool:
    """Record that this address may be sent alerts, with the wording that was agreed to; False if it already could."""
    if await has_consent(connection, one.id):
        return False
    await connection.execute(
        insert(consent).values(
            organisation_id=organisation_id,
            resident_id=one.resident_id,
            address_id=one.id,
            purpose=ALERTS,
            given_at=at,
            way=way,
            wording=wording,
        )
    )
    return True


def _given(address_id: int) -> tuple[ColumnElement[bool], ...]:
    return (consent.c.address_id == address_id, consent.c.purpose == ALERTS, consent.c.withdrawn_at.is_(None))


async def has_consent(connection: AsyncConnection, address_id: int) -> bool:
    """Whether this address may be sent alerts now."""
    return bool(await connection.scalar(select(exists().where(*_given(address_id)))))


async def withdraw_consent(connection: AsyncConnection, address_id: int, at: datetime, way: Way) -> bool:
    """No more alerts to this address; False when there was no consent."""
    statement = update(consent).where(*_given(address_id)).values(withdrawn_at=at, withdrawn_way=way)
    return (await connection.execute(statement)).rowcount > 0


async def withdrawn_at(connection: AsyncConnection, address_id: int) -> datetime | None:
    """When consent for this address was last withdrawn; None when it never was."""
    statement = select(consent.c.withdrawn_at).where(
        consent.c.address_id == address_id, consent.c.purpose == ALERTS, consent.c.withdrawn_at.is_not(None)
    )
    found: datetime | None = await connection.scalar(statement.order_by(consent.c.withdrawn_at.desc()).limit(1))
    return found


async def opted_in(connection: AsyncConnection, organisation_id: int) -> int:
    """How many different residents can be sent alerts on at least one address."""
    statement = (
        select(func.count(func.distinct(consent.c.resident_id)))
        .join(address, address.c.id == consent.c.address_id)
        .where(
            consent.c.organisation_id == organisation_id,
            consent.c.withdrawn_at.is_(None),
            address.c.state == "active",
        )
    )
    return int(await connection.scalar(statement) or 0)

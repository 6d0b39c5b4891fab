"""Networks with what an alert to them would meet."""

from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from people.consent import ALERTS
from people.tables import address, consent, membership, network


@dataclass(frozen=True, slots=True)
class Reach:
    """A network. agreed: members who may be sent alerts at one address at least that works."""

    id: int
    name: str
    keyword: str
    members: int
    agreed: int


async def with_reach(connection: AsyncConnection, organisation_id: int) -> list[Reach]:
    """The networks of an organisation, by name."""
    agreed = exists().where(
        consent.c.resident_id == membership.c.resident_id,
        consent.c.purpose == ALERTS,
        consent.c.withdrawn_at.is_(None),
        address.c.id == consent.c.address_id,
        address.c.state == "active",
    )
    counts = (
        select(
            membership.c.network_id,
            func.count().label("members"),
            func.count().filter(agreed).label("agreed"),
        )
        .join(network, network.c.id == membership.c.network_id)
        .where(network.c.organisation_id == organisation_id)
        .group_by(membership.c.network_id)
        .subquery()
    )
    statement = (
        select(network, counts.c.members, counts.c.agreed)
        .outerjoin(counts, counts.c.network_id == network.c.id)
        .where(network.c.organisation_id == organisation_id)
        .order_by(network.c.name)
    )
    return [
        Reach(row.id, row.name, row.keyword, row.members or 0, row.agreed or 0)
        for row in await connection.execute(statement)
    ]


async def keyword_taken(connection: AsyncConnection, organisation_id: int, keyword: str) -> bool:
    """Whether a network of this organisation is joined by this word."""
    taken = exists().where(network.c.organisation_id == organisation_id, network.c.keyword == keyword.lower())
    return bool(await connection.scalar(select(taken)))

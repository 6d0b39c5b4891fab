"""Looks at an audience without names: how many in which network and street, and a few by pseudonym."""

from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.crowd import Crowd, Somebody, crowd
from broadcast.repository import audience
from broadcast.selection import Selection
from people.repository import homes
from people.tables import membership, network
from storage.encryption import Vault

MOST = 5_000
"""People that are looked at; of a larger audience the first."""
_AT_ONCE = 1_000


async def look(connection: AsyncConnection, vault: Vault, organisation_id: int, selection: Selection) -> Crowd:
    """The audience, counted; opens the addresses of at most 5,000 people."""
    found = await audience.members(connection, vault, organisation_id, selection, limit=MOST)
    channels = {
        resident_id: tuple(dict.fromkeys(one.channel for one in candidates)) for resident_id, candidates in found
    }
    ids = list(channels)
    networks: Counter[int] = Counter()
    people: list[Somebody] = []
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        statement = (
            select(membership.c.network_id, func.count())
            .join(network, network.c.id == membership.c.network_id)
            .where(membership.c.resident_id.in_(part), network.c.organisation_id == organisation_id)
            .group_by(membership.c.network_id)
        )
        for network_id, number in await connection.execute(statement):
            networks[network_id] += number
        where = await homes.of_residents(connection, vault, organisation_id, part)
        people += [
            Somebody(_pseudonym(vault, one), where[one].street if one in where else "", channels[one]) for one in part
        ]
    return crowd(people, networks)


def _pseudonym(vault: Vault, resident_id: int) -> str:
    return vault.lookup(f"pseudonym:{resident_id}")[8:14].upper()

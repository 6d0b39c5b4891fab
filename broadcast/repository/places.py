"""Who lives in the places of an audience, and places that are kept by name.

Homes are sealed: streets and post codes are found by keyed hash, points by an index in memory that is made anew when a
home of the organisation changed.
"""

from dataclasses import dataclass, field
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.places.area import Point, Points
from broadcast.places.street_map import Street, StreetMap
from broadcast.selection import Selection
from broadcast.tables import place
from people.municipalities import post_codes
from people.repository import homes
from storage.encryption import Vault
from storage.errors import NotFound
from storage.repository import upsert

_REMEMBERED = 8


@dataclass(frozen=True, slots=True)
class _Known:
    """An organisation's homes in memory. found: who lives in places that were asked for lately."""

    version: str | None
    points: Points
    streets: list[Street]
    found: dict[Selection, list[int]] = field(default_factory=dict)


# By the keys that opened them: without those there is nothing to remember.
_known: WeakKeyDictionary[Vault, dict[int, _Known]] = WeakKeyDictionary()


async def living(connection: AsyncConnection, vault: Vault, organisation_id: int, selection: Selection) -> list[int]:
    """The ids of everybody who lives in one of the places, in order, each once."""
    known = await _homes(connection, vault, organisation_id)
    where = selection.places
    if where not in known.found:
        for oldest in list(known.found)[: len(known.found) - _REMEMBERED + 1]:
            del known.found[oldest]
        known.found[where] = await _living(connection, vault, organisation_id, where, known.points)
    return known.found[where]


async def _living(
    connection: AsyncConnection, vault: Vault, organisation_id: int, where: Selection, points: Points
) -> list[int]:
    found: set[int] = set()
    codes = where.post_codes.union(*map(post_codes, where.municipalities))
    if codes:
        found |= set(await homes.with_post_codes(connection, vault, organisation_id, codes))
    if where.area is not None:
        found |= set(points.within(where.area))
    if where.houses:
        streets = {one.street for one in where.houses}
        async for resident_id, home in homes.in_streets(connection, vault, organisation_id, streets):
            if any(one.hold(home) for one in where.houses):
                found.add(resident_id)
    return sorted(found)


async def streets(connection: AsyncConnection, vault: Vault, organisation_id: int) -> list[Street]:
    """The streets of which enough homes are known to draw them."""
    return (await _homes(connection, vault, organisation_id)).streets


async def _homes(connection: AsyncConnection, vault: Vault, organisation_id: int) -> _Known:
    by_organisation = _known.setdefault(vault, {})
    version = await homes.version(connection, organisation_id)
    known = by_organisation.get(organisation_id)
    if known is None or known.version != version:
        ids: list[int] = []
        points: list[Point] = []
        street_map = StreetMap()
        async for resident_id, home in homes.every(connection, vault, organisation_id):
            street_map.add(home)
            if home.point is not None:
                ids.append(resident_id)
                points.append(home.point)
        known = by_organisation[organisation_id] = _Known(version, Points(ids, points), street_map.streets())
    return known


@dataclass(frozen=True, slots=True)
class Place:
    """Places that are kept under a name."""

    id: int
    name: str
    selection: Selection


async def kept(connection: AsyncConnection, organisation_id: int) -> list[Place]:
    """The organisation's places, by name."""
    statement = select(place).where(place.c.organisation_id == organisation_id).order_by(place.c.name)
    return [Place(row.id, row.name, Selection.read(row.selection)) for row in await connection.execute(statement)]


async def keep(connection: AsyncConnection, organisation_id: int, name: str, where: Selection, at: datetime) -> int:
    """Keep places under a name, in place of what had that name; gives the id."""
    values = {"selection": where.places.as_json(), "created_at": at}
    statement = upsert(connection, place).values(organisation_id=organisation_id, name=name, **values)
    kept = statement.on_conflict_do_update(index_elements=[place.c.organisation_id, place.c.name], set_=values)
    return int((await connection.execute(kept.returning(place.c.id))).scalar_one())


async def forget(connection: AsyncConnection, organisation_id: int, place_id: int) -> None:
    """Take a name away; alerts keep their copy. Raises NotFound."""
    statement = delete(place).where(place.c.organisation_id == organisation_id, place.c.id == place_id)
    if (await connection.execute(statement)).rowcount != 1:
        raise NotFound(f"There is no place {place_id}")

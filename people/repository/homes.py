"""Where residents live: written sealed, found by keyed hashes, read back to compare house numbers and places."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from people.home import Home, post_code_lookup, street_lookup
from people.resident import Resident
from people.tables import home, resident
from storage.encryption import Vault
from storage.repository import upsert

_PARTITION = 500


async def put(connection: AsyncConnection, vault: Vault, one: Resident, where: Home, at: datetime) -> None:
    """Write down where somebody lives; the last one holds."""
    values = {
        "organisation_id": one.organisation_id,
        "sealed": vault.person(one.wrapped_key).seal(where.written()),
        "street_lookup": vault.lookup(street_lookup(where.street)) if where.street else None,
        "post_code_lookup": vault.lookup(post_code_lookup(where.post_code)) if where.post_code else None,
        "changed_at": at,
    }
    statement = upsert(connection, home).values(resident_id=one.id, **values)
    await connection.execute(statement.on_conflict_do_update(index_elements=[home.c.resident_id], set_=values))


async def of_residents(
    connection: AsyncConnection, vault: Vault, organisation_id: int, resident_ids: Collection[int]
) -> dict[int, Home]:
    """By resident, where they live; who told nothing is not in it."""
    found = _opened(connection, vault, organisation_id, home.c.resident_id.in_(resident_ids))
    return {resident_id: where async for resident_id, where in found}


def in_streets(
    connection: AsyncConnection, vault: Vault, organisation_id: int, streets: Iterable[str]
) -> AsyncIterator[tuple[int, Home]]:
    """Everybody who lives in one of these streets."""
    lookups = [hashed for street in streets for hashed in vault.lookups(street_lookup(street))]
    return _opened(connection, vault, organisation_id, home.c.street_lookup.in_(lookups))


async def with_post_codes(
    connection: AsyncConnection, vault: Vault, organisation_id: int, post_codes: Iterable[str]
) -> list[int]:
    """The ids of everybody who lives under one of these post codes."""
    lookups = [hashed for code in post_codes for hashed in vault.lookups(post_code_lookup(code))]
    statement = select(home.c.resident_id).where(
        home.c.organisation_id == organisation_id, home.c.post_code_lookup.in_(lookups)
    )
    return list(await connection.scalars(statement))


def every(connection: AsyncConnection, vault: Vault, organisation_id: int) -> AsyncIterator[tuple[int, Home]]:
    """Everybody whose home is known."""
    return _opened(connection, vault, organisation_id)


async def version(connection: AsyncConnection, organisation_id: int) -> tuple[int, int]:
    """What changes whenever a home does: how many there are, and when the last was written."""
    statement = select(func.count(), func.max(home.c.changed_at)).where(home.c.organisation_id == organisation_id)
    number, last = (await connection.execute(statement)).one()
    return number, last


async def _opened(
    connection: AsyncConnection, vault: Vault, organisation_id: int, *conditions: ColumnElement[bool]
) -> AsyncIterator[tuple[int, Home]]:
    statement = (
        select(home.c.resident_id, home.c.sealed, resident.c.wrapped_key)
        .join(resident, resident.c.id == home.c.resident_id)
        .where(home.c.organisation_id == organisation_id, resident.c.wrapped_key.is_not(None), *conditions)
        .order_by(home.c.resident_id)
    )
    rows = await connection.execute(statement)
    for part in rows.partitions(_PARTITION):
        await asyncio.sleep(0)  # opening takes time, and whatever else this process does gets its turn
        for row in part:
            yield row.resident_id, Home.read(vault.person(row.wrapped_key).open(row.sealed))

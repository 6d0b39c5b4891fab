"""Where residents live: written sealed, found by keyed hashes, read back to compare house numbers and places."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from people.home import Home, post_code_lookup, street_lookup
from people.resident import Resident
from people.tables import home, resident
from storage.encryption import Vault
from storage.repository import installation_value, set_installation_value, upsert

_PARTITION = 500
_VERSION = "homes of {}"


async def put(
    connection: AsyncConnection,
    vault: Vault,
    organisation_id: int,
    where: Sequence[tuple[Resident, Home]],
    at: datetime,
) -> None:
    """Write down where people live; the last one holds."""
    rows = [
        {
            "resident_id": one.id,
            "organisation_id": organisation_id,
            "sealed": vault.person(one.wrapped_key).seal(place.written()),
            "street_lookup": vault.lookup(street_lookup(place.street)) if place.street else None,
            "post_code_lookup": vault.lookup(post_code_lookup(place.post_code)) if place.post_code else None,
            "changed_at": at,
        }
        for one, place in where
    ]
    if not rows:
        return
    statement = upsert(connection, home)
    changed = {name: statement.excluded[name] for name in rows[0] if name != "resident_id"}
    await connection.execute(statement.on_conflict_do_update(index_elements=[home.c.resident_id], set_=changed), rows)
    await set_installation_value(connection, _VERSION.format(organisation_id), secrets.token_hex(8))


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


async def version(connection: AsyncConnection, organisation_id: int) -> str | None:
    """What changes whenever somebody's home does."""
    return await installation_value(connection, _VERSION.format(organisation_id))


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

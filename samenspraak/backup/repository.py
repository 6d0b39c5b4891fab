"""What a backup must know of a database before it is made or overwritten."""

from sqlalchemy import LargeBinary, func, inspect, select
from sqlalchemy.ext.asyncio import AsyncConnection

from messaging.tables import sender
from people.tables import officer, organisation, resident
from storage.encryption import KEY_ID

_SEALED = (resident.c.wrapped_key, sender.c.credentials_sealed, officer.c.telegram_sealed)


async def key_ids(connection: AsyncConnection) -> tuple[str, ...]:
    """The ids of the secret keys by which something is sealed, in order."""
    found: set[str] = set()
    for column in _SEALED:
        start = func.substr(column, 1, KEY_ID, type_=LargeBinary)
        rows = await connection.scalars(select(start).where(column.is_not(None)).distinct())
        found |= {bytes(one).hex() for one in rows}
    return tuple(sorted(found))


async def is_empty(connection: AsyncConnection) -> bool:
    """Whether nobody set anything up in it."""
    names = await connection.run_sync(lambda one: inspect(one).get_table_names())
    if organisation.name not in names:
        return True
    return await connection.scalar(select(organisation.c.id).limit(1)) is None

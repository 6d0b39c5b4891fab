"""People whom nobody can tell any more: their keys are destroyed, and all by which they could be found again."""

from collections.abc import Sequence

from sqlalchemy import String, cast, delete, literal, update
from sqlalchemy.ext.asyncio import AsyncConnection

from people.tables import address, declined_kind, home, resident


async def forget(connection: AsyncConnection, resident_ids: Sequence[int]) -> None:
    """Forget these people.

    When and to what somebody once agreed stays, of whom nobody can tell any more.
    """
    gone = update(resident).where(resident.c.id.in_(resident_ids))
    await connection.execute(gone.values(wrapped_key=None, name_sealed=None))
    nowhere = literal("erased-", String).concat(cast(address.c.id, String))
    closed = update(address).where(address.c.resident_id.in_(resident_ids))
    await connection.execute(closed.values(lookup=nowhere, sealed=b"", state="bad"))
    for table in (home, declined_kind):
        await connection.execute(delete(table).where(table.c.resident_id.in_(resident_ids)))

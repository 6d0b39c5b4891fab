"""Which kinds of message somebody does not want."""

from collections.abc import Collection

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from people.kinds import MessageKind
from people.tables import declined_kind


async def declined(connection: AsyncConnection, resident_id: int) -> frozenset[MessageKind]:
    """The kinds that this resident does not want."""
    statement = select(declined_kind.c.kind).where(declined_kind.c.resident_id == resident_id)
    return frozenset(map(MessageKind, await connection.scalars(statement)))


async def choose(connection: AsyncConnection, resident_id: int, wanted: Collection[MessageKind]) -> None:
    """From now on this resident wants these kinds and no others."""
    await connection.execute(delete(declined_kind).where(declined_kind.c.resident_id == resident_id))
    rows = [{"resident_id": resident_id, "kind": kind} for kind in MessageKind if kind not in wanted]
    if rows:
        await connection.execute(insert(declined_kind), rows)

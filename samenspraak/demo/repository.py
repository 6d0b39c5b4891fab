"""Writes what was generated: many rows at a time, ids and moments in the past as given."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

import samenspraak.tables  # noqa: F401 - makes every table known
from messaging.tables import delivery, inbox
from storage.tables import metadata

_AT_ONCE = 2_000
ORDER = (
    "resident",
    "address",
    "home",
    "declined_kind",
    "place",
    "membership",
    "consent",
    "conversation",
    "message",
    "alert",
    "event",
    "chunk",
    "delivery",
)
"""What is referred to comes first."""


async def write(connection: AsyncConnection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns."""
    statement = insert(metadata.tables[table])
    for start in range(0, len(rows), _AT_ONCE):
        await connection.execute(statement, list(rows[start : start + _AT_ONCE]))


async def forget_provider_ids(connection: AsyncConnection) -> None:
    """The far end numbers its messages anew at every start: what is known by the old numbers must not stand for new."""
    await connection.execute(delete(inbox).where(inbox.c.state == "done"))
    await connection.execute(update(delivery).values(provider_id=None))


def by_table(rows: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Rows sorted by the table that they belong to."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table, row in rows:
        found.setdefault(table, []).append(row)
    return found

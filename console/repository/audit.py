"""The audit, read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import audit

PAGE = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the audit as it is shown."""

    id: int
    at: datetime
    officer_id: int | None
    action: str
    subject: str
    allowed: bool
    data: dict[str, Any] | None


async def last(connection: AsyncConnection, organisation_id: int, *, before: int | None = None) -> list[Line]:
    """A page of lines, the newest first."""
    statement = select(audit).where(audit.c.organisation_id == organisation_id)
    if before is not None:
        statement = statement.where(audit.c.id < before)
    rows = await connection.execute(statement.order_by(audit.c.id.desc()).limit(PAGE))
    return [Line(row.id, row.at, row.officer_id, row.action, row.subject, bool(row.allowed), row.data) for row in rows]

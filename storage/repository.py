"""What every package writes along: facts, audit lines, the counter that live pages follow, installation values, and
which workers live."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, delete, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.facts import Fact
from storage.tables import MICROSECOND, audit, change, database_now, fact, installation, worker

_FIRST = "0" * 64


def upsert(connection: AsyncConnection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, in the dialect of this connection."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


async def look_at_sizes(connection: AsyncConnection) -> None:
    """Call it when many rows were written at once: PostgreSQL, which looks at its tables only now and then, would go
    on planning for few, and read a whole network for each part of it. SQLite plans by the indexes alone."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("ANALYZE"))


async def append_facts(connection: AsyncConnection, facts: Iterable[Fact]) -> None:
    """Append to the log, in the transaction of what happened."""
    rows = [{name: getattr(one, name) for name in Fact.__slots__} for one in facts]
    if rows:
        await connection.execute(insert(fact), rows)


async def mark_changed(connection: AsyncConnection, organisation_id: int) -> None:
    """Tell the live pages of this organisation that there is something new to show."""
    statement = upsert(connection, change).values(organisation_id=organisation_id, counter=1)
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=[change.c.organisation_id], set_={"counter": change.c.counter + 1}
        )
    )


async def changes(connection: AsyncConnection, organisation_id: int) -> int:
    """How often something changed: a page is fresh while this number stays."""
    row = await connection.scalar(select(change.c.counter).where(change.c.organisation_id == organisation_id))
    return row or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """Who did what to what, or was refused it."""

    organisation_id: int
    at: datetime
    officer_id: int | None
    action: str
    subject: str
    allowed: bool = True
    data: dict[str, Any] | None = None


def _digest(previous: str, line: AuditLine) -> str:
    content = {**asdict(line), "at": line.at.astimezone(UTC).isoformat()}
    return hashlib.sha256((previous + json.dumps(content, sort_keys=True)).encode()).hexdigest()


async def append_audit(connection: AsyncConnection, line: AuditLine) -> None:
    """Append to the organisation's chain: each line carries the digest of the one before, so none can be cut out."""
    # The counter's row is the organisation's lock: two lines at once must not carry the same predecessor.
    await mark_changed(connection, line.organisation_id)
    last = (
        select(audit.c.digest)
        .where(audit.c.organisation_id == line.organisation_id)
        .order_by(audit.c.id.desc())
        .limit(1)
    )
    previous = await connection.scalar(last) or _FIRST
    values = {
        **asdict(line),
        "allowed": int(line.allowed),
        "previous": previous,
        "digest": _digest(previous, line),
    }
    await connection.execute(insert(audit).values(values))


async def broken_audit_line(connection: AsyncConnection, organisation_id: int) -> int | None:
    """The id of the first line that does not follow from the one before; None when the chain is whole."""
    previous = _FIRST
    lines = select(audit).where(audit.c.organisation_id == organisation_id).order_by(audit.c.id)
    async for row in await connection.stream(lines):
        line = AuditLine(
            organisation_id=row.organisation_id,
            at=row.at,
            officer_id=row.officer_id,
            action=row.action,
            subject=row.subject,
            allowed=bool(row.allowed),
            data=row.data,
        )
        if row.previous != previous or row.digest != _digest(previous, line):
            return int(row.id)
        previous = row.digest
    return None


async def installation_value(connection: AsyncConnection, name: str) -> str | None:
    """A value that belongs to the installation as a whole."""
    value: str | None = await connection.scalar(select(installation.c.value).where(installation.c.name == name))
    return value


async def set_installation_value(connection: AsyncConnection, name: str, value: str) -> None:
    """Write a value of the installation, the last one wins."""
    statement = upsert(connection, installation).values(name=name, value=value)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=[installation.c.name], set_={"value": value})
    )


async def beat(connection: AsyncConnection, name: str) -> None:
    """A worker shows that it lives."""
    statement = upsert(connection, worker).values(name=name, seen_at=database_now())
    await connection.execute(
        statement.on_conflict_do_update(index_elements=[worker.c.name], set_={"seen_at": database_now()})
    )


async def silent_workers(connection: AsyncConnection, silence: timedelta) -> list[str]:
    """The workers that showed no life for so long. Until the end of a writing transaction they cannot come back."""
    last = database_now() - silence // MICROSECOND
    statement = select(worker.c.name).where(worker.c.seen_at < last).order_by(worker.c.name)
    return list(await connection.scalars(statement.with_for_update()))


async def forget_worker(connection: AsyncConnection, name: str) -> None:
    """Nothing of this worker is left to be taken over."""
    await connection.execute(delete(worker).where(worker.c.name == name))

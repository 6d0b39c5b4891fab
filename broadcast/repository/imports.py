"""Lists of members that are brought in: the file, how far it is, and the rows that were refused."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.members.columns import Columns, Field
from broadcast.members.evidence import Evidence
from broadcast.tables import member_import, refused_row
from storage.encryption import Vault
from storage.errors import Conflict, NotFound

LEASE = timedelta(seconds=60)
HEADER = 1
"""The number of the first row of a file, as a spreadsheet counts."""
_FILE, _REFUSED = "member import", "refused row"
RUNNING = ("checking", "importing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One list. rows: how many it has; done: how many were looked at in this state; counts: by outcome."""

    id: int
    organisation_id: int
    network_id: int | None
    name: str
    state: str
    columns: Columns
    evidence: Evidence | None
    rows: int
    done: int
    counts: dict[str, int]
    problem: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken. number: as a spreadsheet counts."""

    number: int
    cells: Sequence[str]
    reason: str


def _import(row: Row[Any]) -> Import:
    return Import(
        id=row.id,
        organisation_id=row.organisation_id,
        network_id=row.network_id,
        name=row.name,
        state=row.state,
        columns={Field(field): place for field, place in row.columns.items()},
        evidence=None if row.evidence is None else Evidence.read(row.evidence),
        rows=row.rows,
        done=row.done,
        counts=row.counts,
        problem=row.problem,
        created_at=row.created_at,
    )


async def create(
    connection: AsyncConnection,
    vault: Vault,
    organisation_id: int,
    officer_id: int | None,
    name: str,
    content: bytes,
    header: str,
    rows: int,
    at: datetime,
) -> int:
    """Keep a file, sealed; gives the import's id."""
    statement = insert(member_import).values(
        organisation_id=organisation_id,
        officer_id=officer_id,
        name=name,
        sealed=vault.seal(content, _FILE),
        header=header,
        state="uploaded",
        columns={},
        rows=rows,
        done=0,
        counts={},
        created_at=at,
        changed_at=at,
    )
    return int((await connection.execute(statement.returning(member_import.c.id))).scalar_one())


async def get(connection: AsyncConnection, organisation_id: int, import_id: int) -> Import:
    """One import of this organisation; raises NotFound."""
    mine = (member_import.c.organisation_id == organisation_id, member_import.c.id == import_id)
    row = (await connection.execute(select(member_import).where(*mine))).first()
    if row is None:
        raise NotFound(f"There is no import {import_id}")
    return _import(row)


async def recent(connection: AsyncConnection, organisation_id: int, limit: int = 20) -> list[Import]:
    """The newest imports of an organisation."""
    mine = select(member_import).where(member_import.c.organisation_id == organisation_id)
    return [_import(row) for row in await connection.execute(mine.order_by(member_import.c.id.desc()).limit(limit))]


async def content(connection: AsyncConnection, vault: Vault, import_id: int) -> bytes:
    """The file itself; raises NotFound once it was dropped."""
    sealed = await connection.scalar(select(member_import.c.sealed).where(member_import.c.id == import_id))
    if sealed is None:
        raise NotFound("This file is not kept any more: bring it in again")
    return vault.open(sealed, _FILE)


async def remembered(connection: AsyncConnection, organisation_id: int, header: str) -> dict[Field, int] | None:
    """The columns that were chosen last for a file with the same header."""
    alike = select(member_import.c.columns).where(
        member_import.c.organisation_id == organisation_id,
        member_import.c.header == header,
        member_import.c.state != "uploaded",
    )
    found = await connection.scalar(alike.order_by(member_import.c.id.desc()).limit(1))
    return {Field(field): place for field, place in found.items()} if found else None


async def start(
    connection: AsyncConnection, one: Import, state: str, sources: Sequence[str], at: datetime, **values: Any
) -> None:
    """Begin to check or to import, from the first row. Raises Conflict when it is in another state."""
    await connection.execute(delete(refused_row).where(refused_row.c.import_id == one.id))
    ready = update(member_import).where(member_import.c.id == one.id, member_import.c.state.in_(sources))
    begun = ready.values(state=state, done=0, counts={}, lease=None, lease_until=None, changed_at=at, **values)
    if (await connection.execute(begun)).rowcount != 1:
        raise Conflict("This list is being worked on, or was brought in already")


def _free(at: datetime) -> tuple[ColumnElement[bool], ...]:
    nobody = or_(member_import.c.lease_until.is_(None), member_import.c.lease_until < at)
    return member_import.c.state.in_(RUNNING), nobody


async def is_waiting(connection: AsyncConnection, at: datetime) -> bool:
    """Whether there is a list on which nobody works."""
    return bool(await connection.scalar(select(exists().where(*_free(at)))))


async def claim(connection: AsyncConnection, lease: str, at: datetime) -> Import | None:
    """Take the oldest list on which nobody works; None when there is none."""
    oldest = select(member_import.c.id).where(*_free(at)).order_by(member_import.c.id).limit(1).scalar_subquery()
    mine = update(member_import).where(member_import.c.id == oldest, *_free(at))
    taken = mine.values(lease=lease, lease_until=at + LEASE).returning(member_import)
    row = (await connection.execute(taken)).first()
    return None if row is None else _import(row)


async def advance(
    connection: AsyncConnection,
    vault: Vault,
    one: Import,
    lease: str,
    at: datetime,
    *,
    done: int,
    counts: Mapping[str, int],
    refused: Sequence[Refused],
) -> None:
    """Write down how far it is, in the transaction of the rows. Raises Conflict when another worker went on with it."""
    mine = update(member_import).where(
        member_import.c.id == one.id,
        member_import.c.state == one.state,
        member_import.c.lease == lease,
        member_import.c.done == one.done,
    )
    moved = mine.values(done=done, counts=dict(counts), lease_until=at + LEASE, changed_at=at)
    if (await connection.execute(moved)).rowcount != 1:
        raise Conflict("Another worker goes on with this list")
    rows = [
        {
            "import_id": one.id,
            "number": row.number,
            "sealed": vault.seal(json.dumps(row.cells).encode(), _REFUSED),
            "reason": row.reason[:200],
        }
        for row in refused
    ]
    if rows:
        await connection.execute(insert(refused_row), rows)


async def end(
    connection: AsyncConnection, one: Import, lease: str, state: str, at: datetime, problem: str | None = None
) -> None:
    """Nothing of it is left to do; the file is dropped when it will not be read again."""
    mine = update(member_import).where(member_import.c.id == one.id, member_import.c.lease == lease)
    kept: dict[str, Any] = {} if state == "checked" else {"sealed": None}
    await connection.execute(mine.values(state=state, problem=problem, lease=None, changed_at=at, **kept))


async def refused(connection: AsyncConnection, vault: Vault, import_id: int) -> list[Refused]:
    """The rows that were not taken, in order."""
    return await _kept(connection, vault, import_id, refused_row.c.number > HEADER)


async def header(connection: AsyncConnection, vault: Vault, import_id: int) -> Sequence[str]:
    """The names of the columns, as long as something of the file is kept."""
    found = await _kept(connection, vault, import_id, refused_row.c.number == HEADER)
    return found[0].cells if found else ()


async def _kept(connection: AsyncConnection, vault: Vault, import_id: int, which: ColumnElement[bool]) -> list[Refused]:
    statement = select(refused_row).where(refused_row.c.import_id == import_id, which)
    return [
        Refused(row.number, json.loads(vault.open(row.sealed, _REFUSED)), row.reason)
        for row in await connection.execute(statement.order_by(refused_row.c.number))
    ]


async def drop_old(connection: AsyncConnection, before: datetime) -> None:
    """Forget files and refused rows of lists that nobody went on with since then."""
    old = select(member_import.c.id).where(member_import.c.changed_at < before)
    await connection.execute(delete(refused_row).where(refused_row.c.import_id.in_(old)))
    await connection.execute(update(member_import).where(member_import.c.id.in_(old)).values(sealed=None))

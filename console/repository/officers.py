"""Officers as an administrator sees them, and what they choose for themselves."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from people.roles import Role
from people.tables import login, officer
from storage.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class Listed:
    """A line in the list of officers."""

    id: int
    name: str
    email: str
    role: Role
    active: bool
    locked_until: datetime | None
    last_seen_at: datetime | None


async def listed(connection: AsyncConnection, organisation_id: int) -> list[Listed]:
    """All officers of an organisation; those who left come last."""
    last_seen = select(func.max(login.c.last_seen_at)).where(login.c.officer_id == officer.c.id).scalar_subquery()
    statement = select(officer, last_seen.label("last_seen_at")).where(officer.c.organisation_id == organisation_id)
    rows = await connection.execute(statement.order_by(officer.c.active.desc(), officer.c.name))
    return [
        Listed(
            id=row.id,
            name=row.name,
            email=row.email,
            role=Role(row.role),
            active=row.active,
            locked_until=row.locked_until,
            last_seen_at=row.last_seen_at,
        )
        for row in rows
    ]


async def names(connection: AsyncConnection, organisation_id: int) -> dict[int, str]:
    """How each officer is called, those who left too."""
    statement = select(officer.c.id, officer.c.name).where(officer.c.organisation_id == organisation_id)
    return {row.id: row.name for row in await connection.execute(statement)}


async def is_taken(connection: AsyncConnection, email: str) -> bool:
    """Whether somebody logs in with this address, in whichever organisation."""
    statement = select(func.count()).where(officer.c.email == email.strip().lower())
    return bool(await connection.scalar(statement))


async def set_locale(connection: AsyncConnection, officer_id: int, locale: str) -> None:
    """The language in which somebody reads the pages."""
    await connection.execute(update(officer).where(officer.c.id == officer_id).values(locale=locale))


async def set_role(connection: AsyncConnection, organisation_id: int, officer_id: int, role: Role) -> None:
    """Give an active officer another role. Raises NotFound."""
    statement = update(officer).where(
        officer.c.organisation_id == organisation_id, officer.c.id == officer_id, officer.c.active
    )
    if (await connection.execute(statement.values(role=role))).rowcount != 1:
        raise NotFound(f"There is no officer {officer_id}")


async def require_administrator(connection: AsyncConnection, organisation_id: int) -> None:
    """Raise Conflict when nobody is left who may administer; looked at in the transaction that took one away."""
    statement = select(func.count()).where(
        officer.c.organisation_id == organisation_id, officer.c.active, officer.c.role == Role.ADMINISTRATOR
    )
    if not await connection.scalar(statement):
        raise Conflict("At least one administrator must remain")

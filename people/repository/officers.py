"""Officers and their logins."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from people.officer import Officer, hash_password
from people.roles import Action, Role, may
from people.tables import login, officer
from storage.errors import NotFound

LOGIN_LASTS = timedelta(hours=12)
IDLE_LOGIN_LASTS = timedelta(hours=2)
_TRIES = 5
_LOCKED_FOR = timedelta(minutes=15)


def _officer(row: Row[Any]) -> Officer:
    return Officer(
        id=row.id,
        organisation_id=row.organisation_id,
        email=row.email,
        name=row.name,
        role=Role(row.role),
        locale=row.locale,
        telegram_sealed=row.telegram_sealed,
        password_once=row.password_once,
    )


async def create(
    connection: AsyncConnection,
    *,
    organisation_id: int,
    email: str,
    name: str,
    role: Role,
    password: str,
    at: datetime,
    locale: str = "nl",
    telegram_sealed: bytes | None = None,
    password_once: bool = False,
) -> int:
    """Make an officer and give its id; raises InvalidInput when the password is too short.

    password_once: somebody else knows the password, so that its owner must choose another one first.
    """
    statement = insert(officer).values(
        organisation_id=organisation_id,
        email=email.strip().lower(),
        name=name,
        role=role,
        password_hash=hash_password(password),
        password_once=password_once,
        locale=locale,
        telegram_sealed=telegram_sealed,
        active=True,
        failed_logins=0,
        created_at=at,
    )
    return int((await connection.execute(statement.returning(officer.c.id))).scalar_one())


async def every(connection: AsyncConnection, organisation_id: int) -> list[Officer]:
    """The active officers of an organisation, by name."""
    statement = select(officer).where(officer.c.organisation_id == organisation_id, officer.c.active)
    return [_officer(row) for row in await connection.execute(statement.order_by(officer.c.name))]


async def who_may(connection: AsyncConnection, organisation_id: int, action: Action) -> list[Officer]:
    """The active officers whose role allows this."""
    return [one for one in await every(connection, organisation_id) if may(one.role, action)]


async def get(connection: AsyncConnection, organisation_id: int, officer_id: int) -> Officer:
    """One officer of this organisation; raises NotFound."""
    statement = select(officer).where(officer.c.organisation_id == organisation_id, officer.c.id == officer_id)
    row = (await connection.execute(statement)).first()
    if row is None:
        raise NotFound(f"There is no officer {officer_id}")
    return _officer(row)


async def by_email(connection: AsyncConnection, email: str, at: datetime) -> tuple[Officer, str] | None:
    """The active officer with this address and the password's hash; None while locked out, or when there is none."""
    statement = select(officer).where(officer.c.email == email.strip().lower(), officer.c.active)
    row = (await connection.execute(statement)).first()
    if row is None or (row.locked_until is not None and row.locked_until > at):
        return None
    return _officer(row), row.password_hash


async def count_failed_login(connection: AsyncConnection, email: str, at: datetime) -> None:
    """Remember a wrong password; the fifth in a row locks the account for a quarter of an hour."""
    mine = officer.c.email == email.strip().lower()
    await connection.execute(update(officer).where(mine).values(failed_logins=officer.c.failed_logins + 1))
    locked = update(officer).where(mine, officer.c.failed_logins >= _TRIES)
    await connection.execute(locked.values(failed_logins=0, locked_until=at + _LOCKED_FOR))


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def log_in(connection: AsyncConnection, officer_id: int, at: datetime) -> str:
    """Start a login and give its token, of which only the hash is kept."""
    token = secrets.token_urlsafe(32)
    await connection.execute(delete(login).where(login.c.expires_at < at))
    await connection.execute(update(officer).where(officer.c.id == officer_id).values(failed_logins=0))
    await connection.execute(
        insert(login).values(
            token_hash=_token_hash(token),
            officer_id=officer_id,
            csrf=secrets.token_urlsafe(24),
            created_at=at,
            last_seen_at=at,
            expires_at=at + LOGIN_LASTS,
        )
    )
    return token


async def logged_in(connection: AsyncConnection, token: str, at: datetime) -> tuple[Officer, str, datetime] | None:
    """The officer behind a token, the token against forged forms, and when they were last seen; None when it ended."""
    statement = (
        select(officer, login.c.csrf, login.c.last_seen_at)
        .join(login, login.c.officer_id == officer.c.id)
        .where(
            login.c.token_hash == _token_hash(token),
            login.c.expires_at > at,
            login.c.last_seen_at > at - IDLE_LOGIN_LASTS,
            officer.c.active,
        )
    )
    row = (await connection.execute(statement)).first()
    return None if row is None else (_officer(row), row.csrf, row.last_seen_at)


async def touch_login(connection: AsyncConnection, token: str, at: datetime) -> None:
    """Remember that the login is in use."""
    await connection.execute(update(login).where(login.c.token_hash == _token_hash(token)).values(last_seen_at=at))


async def log_out(connection: AsyncConnection, token: str) -> None:
    """End a login."""
    await connection.execute(delete(login).where(login.c.token_hash == _token_hash(token)))


async def set_password(connection: AsyncConnection, officer_id: int, password: str) -> None:
    """The officer chose a new password: every login ends; raises InvalidInput when it is too short."""
    statement = update(officer).where(officer.c.id == officer_id)
    values = {"password_hash": hash_password(password), "password_once": False, "locked_until": None}
    await connection.execute(statement.values(values))
    await connection.execute(delete(login).where(login.c.officer_id == officer_id))


async def set_telegram(
    connection: AsyncConnection, organisation_id: int, officer_id: int, sealed: bytes | None
) -> bool:
    """Where an officer is told that somebody waits, or nowhere any more; False when there is no such officer."""
    mine = (officer.c.organisation_id == organisation_id, officer.c.id == officer_id, officer.c.active)
    return (await connection.execute(update(officer).where(*mine).values(telegram_sealed=sealed))).rowcount == 1


async def deactivate(connection: AsyncConnection, organisation_id: int, officer_id: int) -> None:
    """Somebody left: no login any more, the name stays with what they did."""
    statement = update(officer).where(officer.c.organisation_id == organisation_id, officer.c.id == officer_id)
    await connection.execute(statement.values(active=False))
    await connection.execute(delete(login).where(login.c.officer_id == officer_id))

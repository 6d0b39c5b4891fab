"""Tokens by which another system, such as a dispatch room, hands in drafts for an organisation; kept as a hash only."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from people.tables import api_token
from storage.errors import InvalidInput, NotFound

_LONGEST_NAME = 120
_PREFIX = "sst_"
"""Lets whoever finds one in a file or a log see what it is."""


@dataclass(frozen=True, slots=True)
class Token:
    """Who holds a token. The token itself is shown once, when it is made."""

    id: int
    organisation_id: int
    name: str
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    @property
    def use(self) -> str:
        """Whether it still lets somebody in, in words."""
        if self.revoked_at is not None:
            return "revoked"
        return f"used {self.used_at:%Y-%m-%d %H:%M}" if self.used_at else "never used"


def _hash(token: str) -> str:
    # A token is 256 random bits: nobody finds one by trying, so a fast hash is as good as a slow one.
    return hashlib.sha256(token.encode()).hexdigest()


async def create(connection: AsyncConnection, organisation_id: int, name: str, at: datetime) -> tuple[int, str]:
    """Make a token; gives its id and the token. Raises InvalidInput without a name."""
    if not 1 <= len(name.strip()) <= _LONGEST_NAME:
        raise InvalidInput("A token needs the name of who holds it, at most 120 characters")
    token = _PREFIX + secrets.token_urlsafe(32)
    values = {"organisation_id": organisation_id, "name": name.strip(), "token_hash": _hash(token), "created_at": at}
    made = await connection.execute(insert(api_token).values(values).returning(api_token.c.id))
    return int(made.scalar_one()), token


async def holder(connection: AsyncConnection, token: str, at: datetime) -> Token | None:
    """Who comes with this token, noted as used; None for one that never was, or was revoked."""
    known = (api_token.c.token_hash == _hash(token), api_token.c.revoked_at.is_(None))
    statement = update(api_token).where(*known).values(used_at=at).returning(*_COLUMNS)
    row = (await connection.execute(statement)).first()
    return None if row is None else Token(*row)


async def every(connection: AsyncConnection) -> list[Token]:
    """All tokens of the installation, also those that were revoked."""
    return [Token(*row) for row in await connection.execute(select(*_COLUMNS).order_by(api_token.c.id))]


async def of_organisation(connection: AsyncConnection, organisation_id: int) -> list[Token]:
    """Its tokens, also those that were revoked, the newest first."""
    mine = select(*_COLUMNS).where(api_token.c.organisation_id == organisation_id)
    return [Token(*row) for row in await connection.execute(mine.order_by(api_token.c.id.desc()))]


async def revoke(connection: AsyncConnection, organisation_id: int, token_id: int, at: datetime) -> None:
    """Let nobody in with this token any more; raises NotFound."""
    mine = (
        api_token.c.organisation_id == organisation_id,
        api_token.c.id == token_id,
        api_token.c.revoked_at.is_(None),
    )
    if (await connection.execute(update(api_token).where(*mine).values(revoked_at=at))).rowcount != 1:
        raise NotFound(f"There is no token {token_id} in use")


_COLUMNS = (
    api_token.c.id,
    api_token.c.organisation_id,
    api_token.c.name,
    api_token.c.created_at,
    api_token.c.used_at,
    api_token.c.revoked_at,
)

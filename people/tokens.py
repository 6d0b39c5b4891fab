"""Tokens given out and taken back, each with its line in the audit. Nothing here commits."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from people.repository import tokens
from storage.repository import AuditLine, append_audit


async def give_out(
    connection: AsyncConnection, organisation_id: int, name: str, officer_id: int | None, at: datetime
) -> str:
    """Make a token for whoever is named; gives it, this once. officer_id: None for the command line.

    Raises InvalidInput without a name.
    """
    token_id, token = await tokens.create(connection, organisation_id, name, at)
    await _note(connection, organisation_id, "token_create", token_id, officer_id, at, name.strip())
    return token


async def take_back(
    connection: AsyncConnection, organisation_id: int, token_id: int, officer_id: int | None, at: datetime
) -> None:
    """Let nobody in any more with this token; raises NotFound."""
    await tokens.revoke(connection, organisation_id, token_id, at)
    await _note(connection, organisation_id, "token_revoke", token_id, officer_id, at)


async def _note(
    connection: AsyncConnection,
    organisation_id: int,
    action: str,
    token_id: int,
    officer_id: int | None,
    at: datetime,
    name: str | None = None,
) -> None:
    line = AuditLine(
        organisation_id=organisation_id,
        at=at,
        officer_id=officer_id,
        action=action,
        subject=f"token {token_id}",
        data={"name": name} if name else None,
    )
    await append_audit(connection, line)

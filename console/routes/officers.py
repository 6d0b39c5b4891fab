"""Officers: who they are, what each may do, and who may not come in any more."""

import re
import secrets

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from console.context import Console
from console.login import Administrator, Here, Visit
from console.pages import go, page, text
from console.parameters import Field, Key
from console.repository import officers as listed
from people.repository import officers
from people.roles import Role
from storage.errors import Conflict, InvalidInput
from storage.repository import AuditLine, append_audit

router = APIRouter(prefix="/officers")
_EMAIL = re.compile(r"[^@\s]{1,100}@[^@\s]{1,99}")
_LONGEST_NAME = 120


@router.get("")
async def every_officer(console: Here, visit: Administrator, done: str = "") -> Response:
    """All officers of the organisation."""
    return await _page(console, visit, done=done)


async def _page(
    console: Console,
    visit: Visit,
    *,
    status: int = 200,
    done: str = "",
    filled: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
    password: str | None = None,
) -> Response:
    async with console.database.read() as connection:
        rows = await listed.listed(connection, visit.organisation_id)
    return page(
        visit,
        "officers.html",
        status=status,
        rows=rows,
        roles=list(Role),
        done=done,
        filled=filled or {"name": "", "email": "", "role": Role.OFFICER},
        problems=problems or {},
        password=password,
    )


@router.post("")
async def create_officer(
    console: Here, visit: Administrator, name: Field = "", email: Field = "", role: Field = ""
) -> Response:
    """Make an officer; the password that is shown once is theirs to change."""
    filled = {"name": name.strip(), "email": email.strip(), "role": role}
    password = secrets.token_urlsafe(12)
    async with console.database.write() as connection:
        problems = _problems(visit, filled, taken=await listed.is_taken(connection, filled["email"]))
        if not problems:
            made = await officers.create(
                connection,
                organisation_id=visit.organisation_id,
                email=filled["email"],
                name=filled["name"],
                role=Role(role),
                password=password,
                password_once=True,
                at=visit.at,
                locale=visit.language,
            )
            await _note(connection, visit, "officer_create", made, role=role)
    if problems:
        return await _page(console, visit, status=422, filled=filled, problems=problems)
    return await _page(console, visit, done="created", password=password)


def _problems(visit: Visit, filled: dict[str, str], *, taken: bool) -> dict[str, str]:
    problems = {}
    if not 1 <= len(filled["name"]) <= _LONGEST_NAME:
        problems["name"] = text(visit, "A name has 1 to 120 characters")
    if _EMAIL.fullmatch(filled["email"]) is None:
        problems["email"] = text(visit, "This is no e-mail address")
    elif taken:
        problems["email"] = text(visit, "Somebody logs in with this address already")
    if filled["role"] not in set(Role):
        problems["role"] = text(visit, "Choose one of the roles")
    return problems


@router.post("/{officer_id}/role")
async def change_role(console: Here, visit: Administrator, officer_id: Key, role: Field = "") -> Response:
    """Give somebody another role."""
    if role not in set(Role):
        raise InvalidInput("Choose one of the roles")
    async with console.database.write() as connection:
        await listed.set_role(connection, visit.organisation_id, officer_id, Role(role))
        await listed.require_administrator(connection, visit.organisation_id)
        await _note(connection, visit, "officer_role", officer_id, role=role)
    return go("/officers?done=role")


@router.post("/{officer_id}/deactivate")
async def deactivate(console: Here, visit: Administrator, officer_id: Key) -> Response:
    """Somebody left: they cannot log in any more, and are logged out where they are."""
    if officer_id == visit.officer.id:
        raise Conflict("You cannot take away your own access")
    async with console.database.write() as connection:
        await officers.get(connection, visit.organisation_id, officer_id)
        await officers.deactivate(connection, visit.organisation_id, officer_id)
        await _note(connection, visit, "officer_deactivate", officer_id)
    return go("/officers?done=deactivated")


async def _note(connection: AsyncConnection, visit: Visit, action: str, officer_id: int, **data: str) -> None:
    line = AuditLine(
        organisation_id=visit.organisation_id,
        at=visit.at,
        officer_id=visit.officer.id,
        action=action,
        subject=f"officer {officer_id}",
        data=data or None,
    )
    await append_audit(connection, line)

"""Neighbourhood networks: how many people are in each, and how many of them agreed to alerts."""

import re

from fastapi import APIRouter, Response

from console.context import Console
from console.login import Administrator, AlertReader, Here, Visit
from console.pages import go, page, text
from console.parameters import Field
from console.repository import networks as listed
from people.repository import networks
from storage.repository import AuditLine, append_audit

router = APIRouter(prefix="/networks")
_LONGEST_NAME = 120
_KEYWORD = re.compile(r"[a-z0-9]{2,40}")


@router.get("")
async def every_network(console: Here, visit: AlertReader, done: str = "") -> Response:
    """All networks."""
    return await _page(console, visit, done=done)


async def _page(
    console: Console,
    visit: Visit,
    *,
    status: int = 200,
    done: str = "",
    name: str = "",
    keyword: str = "",
    problems: dict[str, str] | None = None,
) -> Response:
    async with console.database.read() as connection:
        rows = await listed.with_reach(connection, visit.organisation_id)
        opted_in = await networks.opted_in(connection, visit.organisation_id)
    return page(
        visit,
        "networks.html",
        status=status,
        rows=rows,
        opted_in=opted_in,
        done=done,
        name=name,
        keyword=keyword,
        problems=problems or {},
    )


@router.post("")
async def create_network(console: Here, visit: Administrator, name: Field = "", keyword: Field = "") -> Response:
    """Make a network that residents can join."""
    name, keyword = name.strip(), keyword.strip().lower()
    async with console.database.write() as connection:
        taken = await listed.keyword_taken(connection, visit.organisation_id, keyword)
        problems = _problems(visit, name, keyword, taken=taken)
        if not problems:
            made = await networks.create(connection, visit.organisation_id, name, keyword, visit.at)
            line = AuditLine(
                organisation_id=visit.organisation_id,
                at=visit.at,
                officer_id=visit.officer.id,
                action="network_create",
                subject=f"network {made}",
            )
            await append_audit(connection, line)
    if problems:
        return await _page(console, visit, status=422, name=name, keyword=keyword, problems=problems)
    return go("/networks?done=created")


def _problems(visit: Visit, name: str, keyword: str, *, taken: bool) -> dict[str, str]:
    problems = {}
    if not 1 <= len(name) <= _LONGEST_NAME:
        problems["name"] = text(visit, "A name has 1 to 120 characters")
    if _KEYWORD.fullmatch(keyword) is None:
        problems["keyword"] = text(visit, "The word to join has 2 to 40 letters or digits, without spaces or accents")
    elif taken:
        problems["keyword"] = text(visit, "Another network is joined by this word already")
    return problems

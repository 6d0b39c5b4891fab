"""Forgetting a person who asked for it: what that means, and doing it."""

from fastapi import APIRouter, Response

from bots import erasure
from bots.handover import Desk
from bots.repository import conversations
from console.context import Console
from console.login import Administrator, Here, Visit
from console.pages import go, page, text
from console.parameters import Field, Key
from console.repository import people
from people.repository import networks, residents
from storage.repository import mark_changed

router = APIRouter(prefix="/residents/{resident_id}/erasure")


@router.get("")
async def before(console: Here, visit: Administrator, resident_id: Key) -> Response:
    """What would go and what stays; or that it is done."""
    return await _page(console, visit, resident_id)


@router.post("")
async def erase(console: Here, visit: Administrator, resident_id: Key, sure: Field = "") -> Response:
    """Forget this person."""
    if not sure:
        problems = {"sure": text(visit, "Tick that you made sure of who is asking.")}
        return await _page(console, visit, resident_id, problems)
    async with console.database.write() as connection:
        await erasure.erase(Desk(connection, console.vault, visit.officer, visit.at), resident_id)
        await mark_changed(connection, visit.organisation_id)
    return go(f"/residents/{resident_id}/erasure")


async def _page(console: Console, visit: Visit, resident_id: int, problems: dict[str, str] | None = None) -> Response:
    async with console.database.read() as connection:
        one = await residents.get(connection, visit.organisation_id, resident_id)
        person = (await people.by_id(connection, console.vault, visit.organisation_id, [one.id])).get(one.id)
        joined = set(await networks.of_resident(connection, one.id))
        known = await networks.every(connection, visit.organisation_id)
        talks = await conversations.of_resident(connection, visit.organisation_id, one.id)
    return page(
        visit,
        "erasure.html",
        status=422 if problems else 200,
        resident=one,
        person=person,
        networks=[net.name for net in known if net.id in joined],
        talks=talks,
        problems=problems or {},
    )

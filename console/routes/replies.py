"""What people wrote in answer to an alert: the newest on its page, all of it page by page, marked by officers."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from bots.repository import alert_answers
from bots.repository.alert_answers import Mark, Which
from broadcast.alert import Alert
from broadcast.alerts import note
from broadcast.repository import alerts as stored
from broadcast.repository import events
from console.context import Console
from console.login import AlertReader, Here, Replier, Visit
from console.pages import Part, go, page, part
from console.parameters import LARGEST_ID, Field, Key
from console.repository import officers, people
from people.roles import Action, require
from storage.repository import mark_changed

router = APIRouter(prefix="/alerts/{alert_id}/replies")
_NEWEST, _PAGE = 10, 50


@router.get("")
async def replies_part(console: Here, visit: AlertReader, alert_id: Key, seen: str = "") -> Response:
    """The newest, anew."""
    async with console.database.read() as connection:
        one = await stored.get(connection, visit.organisation_id, alert_id)
        return (await replies_of(connection, console, visit, one)).answer(seen)


async def replies_of(connection: AsyncConnection, console: Console, visit: Visit, one: Alert) -> Part:
    """The part of the alert's page with the newest of what people wrote."""
    sent, may_read = await _sent(connection, visit, one.id), visit.may(Action.READ_CONVERSATIONS)
    limit = _NEWEST if may_read else 0
    found = await alert_answers.page(connection, console.vault, visit.organisation_id, sent, limit)
    context = {
        "alert": one,
        "counts": await alert_answers.counts(connection, visit.organisation_id, sent),
        "replies": found,
        "persons": await _persons(connection, console, visit, found),
        "names": await officers.names(connection, visit.organisation_id),
        "may_read": may_read,
        "sent": bool(sent),
    }
    return part(visit, "replies", f"/alerts/{one.id}/replies", "alert/replies.html", **context)


async def _sent(connection: AsyncConnection, visit: Visit, alert_id: int) -> list[int]:
    return [one.id for one in await events.of_alert(connection, visit.organisation_id, alert_id)]


async def _persons(
    connection: AsyncConnection, console: Console, visit: Visit, found: list[alert_answers.AlertAnswer]
) -> dict[int, people.Person]:
    talks = {one.message.conversation_id for one in found}
    return await people.in_conversations(connection, console.vault, visit.organisation_id, talks)


@router.get("/all")
async def replies_page(
    console: Here,
    visit: AlertReader,
    alert_id: Key,
    which: Which = Which.ALL,
    before: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
) -> Response:
    """All of it, or what is open, or what was seen, page by page."""
    require(visit.officer.role, Action.READ_CONVERSATIONS)
    async with console.database.read() as connection:
        one = await stored.get(connection, visit.organisation_id, alert_id)
        sent = await _sent(connection, visit, alert_id)
        found = await alert_answers.page(
            connection, console.vault, visit.organisation_id, sent, _PAGE + 1, which, before
        )
        shown = found[:_PAGE]
        return page(
            visit,
            "alert/all_replies.html",
            alert=one,
            counts=await alert_answers.counts(connection, visit.organisation_id, sent),
            replies=shown,
            persons=await _persons(connection, console, visit, shown),
            names=await officers.names(connection, visit.organisation_id),
            which=which,
            before=before,
            earlier=shown[-1].message.id if len(found) > _PAGE else None,
            may_mark=visit.may(Action.REPLY),
        )


@router.post("/{message_id}")
async def mark(
    console: Here,
    visit: Replier,
    alert_id: Key,
    message_id: Key,
    noted: Mark,
    which: Which = Which.ALL,
    before: Field = "",
) -> Response:
    """Note that an answer was dealt with, or that it tells of something seen; or take that back."""
    async with console.database.write() as connection:
        await stored.get(connection, visit.organisation_id, alert_id)
        sent = await _sent(connection, visit, alert_id)
        if await alert_answers.mark(connection, visit.organisation_id, sent, message_id, noted, visit.officer.id):
            await note(connection, visit.officer, f"alert_reply_{noted}", alert_id, visit.at, message=message_id)
            await mark_changed(connection, visit.organisation_id)
    place = f"&before={before}" if before.isdecimal() else ""
    return go(f"/alerts/{alert_id}/replies/all?which={which}{place}#reply-{message_id}")

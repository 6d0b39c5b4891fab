"""Alerts: the list, and writing one, with how it will read and whom it will reach."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast import alerts, sending
from broadcast.alert import LANGUAGES, TRANSITIONS, AlertState, Severity, Step
from broadcast.repository import alerts as stored
from broadcast.repository import places
from console import draft as drafts
from console.audience_form import with_kept_place
from console.context import Console
from console.draft import Draft, draft_form, event_of, readings
from console.errors import explanation
from console.login import AlertDrafter, AlertReader, Here, Visit
from console.pages import Part, go, page, part
from console.parameters import Field, Key
from console.repository import alerts as listed
from console.repository import officers
from people.repository import networks
from storage.errors import Conflict, InvalidInput

router = APIRouter(prefix="/alerts")


async def filled(console: Here, visit: AlertDrafter, draft: Annotated[Draft, Depends(draft_form)]) -> Draft:
    """The form as it came in, with the kept place that was chosen in it."""
    return replace(draft, audience=await with_kept_place(console, visit, draft.audience))


Filled = Annotated[Draft, Depends(filled)]


@router.get("")
async def every_alert(console: Here, visit: AlertReader) -> Response:
    """The newest alerts."""
    async with console.database.read() as connection:
        return page(visit, "alerts.html", listed=await _list(connection, visit))


@router.get("/list")
async def list_part(console: Here, visit: AlertReader, seen: str = "") -> Response:
    """The list, anew."""
    async with console.database.read() as connection:
        return (await _list(connection, visit)).answer(seen)


async def _list(connection: AsyncConnection, visit: Visit) -> Part:
    context = {
        "alerts": await stored.recent(connection, visit.organisation_id),
        "without_feedback": await listed.without_feedback(connection, visit.organisation_id),
        "names": await officers.names(connection, visit.organisation_id),
        "states": AlertState,
    }
    return part(visit, "alerts", "/alerts/list", "alerts/list.html", **context)


@router.get("/new")
async def new_alert(console: Here, visit: AlertDrafter) -> Response:
    """An empty form."""
    return await _form(console, visit, drafts.empty(visit.at))


@router.post("/new")
async def create_alert(console: Here, visit: AlertDrafter, draft: Filled) -> Response:
    """Keep what was written as a draft."""
    problems = draft.problems(visit)
    if not problems:
        try:
            async with console.database.write() as connection:
                made = await alerts.create(connection, visit.officer, draft.content(), visit.at)
            return go(f"/alerts/{made}?done=drafted")
        except InvalidInput as error:
            problems = {"text_nl": explanation(error, visit.language)}
    return await _form(console, visit, draft, status=422, problems=problems)


@router.get("/{alert_id}/edit")
async def edit_alert(console: Here, visit: AlertDrafter, alert_id: Key) -> Response:
    """The form of an alert that has not left yet."""
    async with console.database.read() as connection:
        alert = await stored.get(connection, visit.organisation_id, alert_id)
    if alert.state not in TRANSITIONS[Step.CHANGE]:
        raise Conflict("This alert cannot be changed any more: what was sent stays as it was")
    return await _form(console, visit, drafts.of(alert), alert_id=alert_id)


@router.post("/{alert_id}/edit")
async def change_alert(console: Here, visit: AlertDrafter, alert_id: Key, draft: Filled) -> Response:
    """Keep the changes; the alert is a draft again."""
    problems = draft.problems(visit)
    if not problems:
        try:
            async with console.database.write() as connection:
                await alerts.change(connection, visit.officer, alert_id, draft.content(), visit.at)
            return go(f"/alerts/{alert_id}?done=drafted")
        except InvalidInput as error:
            problems = {"text_nl": explanation(error, visit.language)}
    return await _form(console, visit, draft, status=422, problems=problems, alert_id=alert_id)


@router.post("/preview")
async def preview(console: Here, visit: AlertDrafter, draft: Filled, alert: Field = "") -> Response:
    """The form again with how it reads: for browsers without script."""
    return await _form(console, visit, draft, alert_id=int(alert) if alert.isdecimal() else None)


@router.post("/preview/text")
async def preview_text(visit: AlertDrafter, draft: Filled) -> Response:
    """How it reads on each channel, while somebody writes."""
    event = event_of(draft, visit.organisation, visit.at)
    return page(visit, "alerts/readings.html", readings=list(readings(event)))


@router.post("/preview/audience")
async def preview_audience(console: Here, visit: AlertDrafter, draft: Filled) -> Response:
    """Whom it would reach, while somebody chooses networks."""
    async with console.database.read() as connection:
        reach = await sending.preview(
            connection, console.vault, visit.organisation_id, draft.audience.selection, visit.at
        )
    return page(visit, "alerts/audience.html", reach=reach)


async def _form(
    console: Console,
    visit: Visit,
    draft: Draft,
    *,
    status: int = 200,
    problems: dict[str, str] | None = None,
    alert_id: int | None = None,
) -> Response:
    async with console.database.read() as connection:
        known = await networks.every(connection, visit.organisation_id)
        kept = await places.kept(connection, visit.organisation_id)
        reach = await sending.preview(
            connection, console.vault, visit.organisation_id, draft.audience.selection, visit.at
        )
    return page(
        visit,
        "alerts/form.html",
        status=status,
        draft=draft,
        problems=problems or {},
        alert_id=alert_id,
        networks=known,
        places=kept,
        tiles=console.tiles,
        severities=list(Severity),
        languages_of_alerts=LANGUAGES,
        readings=list(readings(event_of(draft, visit.organisation, visit.at))),
        reach=reach,
    )

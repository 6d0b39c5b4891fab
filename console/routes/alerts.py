"""Alerts: the list, and writing one, with how it will read, whom it will reach and what that takes."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast import alerts
from broadcast.alert import LANGUAGES, TRANSITIONS, Alert, AlertState, Content, Step
from broadcast.cap import repository as received
from broadcast.event import first
from broadcast.preflight import checks
from broadcast.repository import alerts as stored
from broadcast.repository import places, templates
from broadcast.template import Template
from broadcast.vocabulary import Category, Certainty, Kind, ResponseType, Severity, Status, Urgency
from console import draft as drafts
from console.audience_form import with_kept_place
from console.context import Console
from console.draft import Draft, draft_form
from console.errors import explanation
from console.login import AlertDrafter, AlertReader, Here, Visit
from console.pages import Part, go, page, part
from console.parameters import LARGEST_ID, Field, Key
from console.problems import problems
from console.readings import readings
from console.repository import alerts as listed
from console.repository import officers
from people.repository import networks
from storage.errors import Conflict, InvalidInput, NotFound
from storage.repository import mark_changed

router = APIRouter(prefix="/alerts")


async def filled(console: Here, visit: AlertDrafter, draft: Annotated[Draft, Depends(draft_form)]) -> Draft:
    """The form as it came in, with the kept place that was chosen in it."""
    return replace(draft, audience=await with_kept_place(console, visit, draft.audience))


ProposalId = Annotated[int, Query(ge=0, le=LARGEST_ID)]
Filled = Annotated[Draft, Depends(filled)]
_WORDS: dict[str, Any] = {
    "kinds": list(Kind),
    "statuses": list(Status),
    "severities": list(Severity),
    "urgencies": list(Urgency),
    "certainties": list(Certainty),
    "categories": list(Category),
    "responses": list(ResponseType),
    "languages_of_alerts": LANGUAGES,
}


@router.get("")
async def every_alert(console: Here, visit: AlertReader) -> Response:
    """The newest alerts."""
    async with console.database.read() as connection:
        waiting = await received.waiting(connection, visit.organisation_id)
        return page(visit, "alerts.html", listed=await _list(connection, visit), waiting=waiting)


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
async def new_alert(console: Here, visit: AlertDrafter, template: str = "") -> Response:
    """An empty form, or one that begins from a template."""
    draft = Draft(key=drafts.new_key())
    async with console.database.read() as connection:
        chosen = await _template(connection, visit, template)
        if chosen is not None:
            draft = drafts.from_template(chosen)
        return await _form(connection, console, visit, draft)


@router.post("/new")
async def create_alert(console: Here, visit: AlertDrafter, draft: Filled, do: Field = "") -> Response:
    """Keep what was written as a draft, and offer it for approval if that is asked."""
    return await _keep(console, visit, draft, None, submit=do == "submit")


@router.get("/{alert_id}/edit")
async def edit_alert(console: Here, visit: AlertDrafter, alert_id: Key, proposal: ProposalId = 0) -> Response:
    """The form of an alert that has not left yet. proposal: a CAP message whose words are put in it."""
    async with console.database.read() as connection:
        alert = await stored.get(connection, visit.organisation_id, alert_id)
        if alert.state not in TRANSITIONS[Step.CHANGE]:
            raise Conflict("This alert cannot be changed any more: what was sent stays as it was")
        draft = drafts.of(alert)
        if proposal:
            message = await received.get(connection, visit.organisation_id, proposal)
            draft = replace(draft, texts={**draft.texts, **message.texts})
        return await _form(connection, console, visit, draft, alert=alert)


@router.post("/{alert_id}/edit")
async def change_alert(console: Here, visit: AlertDrafter, alert_id: Key, draft: Filled, do: Field = "") -> Response:
    """Keep the changes, and offer the alert for approval if that is asked; else it is a draft again."""
    return await _keep(console, visit, draft, alert_id, submit=do == "submit")


async def _keep(console: Console, visit: Visit, draft: Draft, alert_id: int | None, *, submit: bool) -> Response:
    wrong = problems(draft, visit)
    if not wrong:
        try:
            codes = await _seen(console, visit, draft) if submit else None
            async with console.database.write() as connection:
                kept = await _write(connection, visit, draft, alert_id)
                if codes is not None:
                    await alerts.submit(connection, visit.officer, kept, visit.at, codes)
                    await mark_changed(connection, visit.organisation_id)
            return go(f"/alerts/{kept}?done={'submitted' if submit else 'drafted'}")
        except checks.Unseen as error:
            wrong = {"checks": explanation(error, visit.language)}
        except InvalidInput as error:
            wrong = {"text_nl": explanation(error, visit.language)}
    async with console.database.read() as connection:
        alert = None if alert_id is None else await stored.get(connection, visit.organisation_id, alert_id)
        return await _form(connection, console, visit, draft, status=422, problems=wrong, alert=alert)


async def _seen(console: Console, visit: Visit, draft: Draft) -> tuple[str, ...]:
    """The codes of the warnings; raises Unseen. Counted before anything is written: a large audience takes a while."""
    async with console.database.read() as connection:
        found = await checks.of(connection, console.vault, visit.organisation, draft.content(visit.at), visit.at)
    return found.require_seen(draft.seen)


async def _write(connection: AsyncConnection, visit: Visit, draft: Draft, alert_id: int | None) -> int:
    before = None if alert_id is None else await stored.get(connection, visit.organisation_id, alert_id)
    content = await _content(connection, visit, draft, before)
    if alert_id is None:
        return await alerts.create(connection, visit.officer, content, visit.at, draft.key or None)
    await alerts.change(connection, visit.officer, alert_id, content, visit.at, draft.key or None)
    return alert_id


async def _content(connection: AsyncConnection, visit: Visit, draft: Draft, before: Alert | None) -> Content:
    """With the approved template, as long as the Dutch text is the one that it was approved for."""
    content, template = draft.content(visit.at), await _template(connection, visit, draft.template)
    sid, values = "", tuple[str, ...]()
    if template is not None:
        sid, values = template.bound(content.texts["nl"], draft.values, content.status)
    elif before is not None and before.content.texts["nl"] == content.texts["nl"]:
        sid, values = before.content.template_sid, before.content.template_values
    return replace(content, template_sid=sid, template_values=values)


@router.post("/preview")
async def preview(console: Here, visit: AlertDrafter, draft: Filled, alert: Field = "") -> Response:
    """The form again with how it reads: for browsers without script."""
    async with console.database.read() as connection:
        before = await stored.get(connection, visit.organisation_id, int(alert)) if alert.isdecimal() else None
        return await _form(connection, console, visit, draft, alert=before)


@router.post("/preview/text")
async def preview_text(visit: AlertDrafter, draft: Filled) -> Response:
    """How it reads on each channel, while somebody writes."""
    event = first(draft.content(visit.at), visit.organisation, visit.at)
    return page(visit, "alerts/look_readings.html", readings=list(readings(event)))


@router.post("/preview/checks")
async def preview_checks(console: Here, visit: AlertDrafter, draft: Filled) -> Response:
    """Whom it would reach and what that takes, while somebody writes."""
    async with console.database.read() as connection:
        content = draft.content(visit.at)
        found = await checks.of(connection, console.vault, visit.organisation, content, visit.at)
    return page(visit, "alerts/checks.html", checks=found, content=content, seen=draft.seen)


async def _template(connection: AsyncConnection, visit: Visit, template: str) -> Template | None:
    """The template of this number, as long as there is one."""
    try:
        return await templates.get(connection, visit.organisation_id, int(template)) if template.isdecimal() else None
    except NotFound:
        return None


async def _form(
    connection: AsyncConnection,
    console: Console,
    visit: Visit,
    draft: Draft,
    *,
    status: int = 200,
    problems: dict[str, str] | None = None,
    alert: Alert | None = None,
) -> Response:
    content = draft.content(visit.at)
    found = await checks.of(connection, console.vault, visit.organisation, content, visit.at)
    return page(
        visit,
        "alerts/form.html",
        status=status,
        draft=draft,
        content=content,
        problems=problems or {},
        alert_id=None if alert is None else alert.id,
        templates=await templates.every(connection, visit.organisation_id),
        networks=await networks.every(connection, visit.organisation_id),
        sizes=await networks.sizes(connection, visit.organisation_id),
        places=await places.kept(connection, visit.organisation_id),
        tiles=console.tiles,
        readings=list(readings(first(content, visit.organisation, visit.at))),
        checks=found,
        seen=draft.seen,
        **_WORDS,
    )

"""CAP messages that came in: what became of each, and what an officer makes of it; what we sent, as CAP."""

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.alert import TRANSITIONS, Alert, Step
from broadcast.cap import exchange, reworking
from broadcast.cap import repository as received
from broadcast.cap.repository import Received
from broadcast.repository import alerts as stored
from console.login import AlertDrafter, AlertReader, AlertSteerer, Here, Visit
from console.pages import go, page
from console.parameters import Before, Key
from console.routes.alert import alert_page
from storage.repository import mark_changed

router = APIRouter(prefix="/alerts")
_CAP = "application/cap+xml"


@router.get("/cap")
async def every_message(console: Here, visit: AlertReader, before: Before = 0) -> Response:
    """The messages that came in, the newest first."""
    async with console.database.read() as connection:
        found = await received.latest(connection, visit.organisation_id, before or None)
    older = found[-1].id if len(found) == received.PAGE else None
    return page(visit, "cap.html", messages=found, older=older)


@router.get("/cap/{message_id}")
async def one_message(console: Here, visit: AlertReader, message_id: Key, done: str = "") -> Response:
    """One message, and what can be done with it."""
    async with console.database.read() as connection:
        message = await received.get(connection, visit.organisation_id, message_id)
        alert = await _alert(connection, visit, message)
    return page(visit, "cap/message.html", message=message, alert=alert, done=done, use=use_of(message, alert))


async def _alert(connection: AsyncConnection, visit: Visit, message: Received) -> Alert | None:
    return None if message.alert_id is None else await stored.get(connection, visit.organisation_id, message.alert_id)


def use_of(message: Received, alert: Alert | None) -> str | None:
    """Where the words of a proposal go: in the form that follows the alert, or in the draft; None where neither can."""
    if alert is None or message.kind is None or not message.texts:
        return None
    if alert.state in TRANSITIONS[Step(message.kind)] and alert.state not in TRANSITIONS[Step.CHANGE]:
        return f"/alerts/{alert.id}/use/{message.id}#{message.kind}-text_nl"
    return f"/alerts/{alert.id}/edit?proposal={message.id}" if alert.state in TRANSITIONS[Step.CHANGE] else None


@router.get("/{alert_id}/use/{message_id}")
async def use(console: Here, visit: AlertSteerer, alert_id: Key, message_id: Key) -> Response:
    """The alert, with the words of a proposal in the form by which they would be told. Nothing is sent yet."""
    async with console.database.read() as connection:
        message = await received.get(connection, visit.organisation_id, message_id)
    written = {message.kind: message.texts} if message.alert_id == alert_id and message.kind else {}
    return await alert_page(console, visit, alert_id, written=written)


@router.post("/cap/{message_id}/draft")
async def draft(console: Here, visit: AlertDrafter, message_id: Key) -> Response:
    """Draft an alert of its own from a message; the officer is its author, and somebody else approves it."""
    async with console.database.write() as connection:
        made = await reworking.draft(connection, visit.officer, message_id, visit.at)
        await mark_changed(connection, visit.organisation_id)
    return go(f"/alerts/{made}?done=drafted")


@router.post("/cap/{message_id}/set-aside")
async def set_aside(console: Here, visit: AlertSteerer, message_id: Key) -> Response:
    """Nothing is to be told of what was proposed."""
    async with console.database.write() as connection:
        await reworking.set_aside(connection, visit.officer, message_id, visit.at)
        await mark_changed(connection, visit.organisation_id)
    return go(f"/alerts/cap/{message_id}?done=aside")


@router.get("/cap/{message_id}/document")
async def document(console: Here, visit: AlertReader, message_id: Key) -> Response:
    """The document in which a message came in, to the byte."""
    async with console.database.read() as connection:
        message = await received.get(connection, visit.organisation_id, message_id)
        content = await received.document(connection, visit.organisation_id, message.document_id)
    return _file(content, f"cap-{message.document_id}.xml")


@router.get("/{alert_id}/cap")
async def draft_as_cap(console: Here, visit: AlertReader, alert_id: Key) -> Response:
    """The latest that was sent under an alert, or else its draft, as CAP."""
    return await _written(console, visit, alert_id, None)


@router.get("/{alert_id}/cap/{event_id}")
async def event_as_cap(console: Here, visit: AlertReader, alert_id: Key, event_id: Key) -> Response:
    """What was sent under an alert, as CAP."""
    return await _written(console, visit, alert_id, event_id)


async def _written(console: Here, visit: Visit, alert_id: int, event_id: int | None) -> Response:
    async with console.database.read() as connection:
        content = await exchange.of_alert(connection, visit.organisation, alert_id, console.public_url, event_id)
    return _file(content, f"{visit.organisation.slug}-{alert_id}{f'-{event_id}' if event_id else ''}.xml")


def _file(content: bytes, name: str) -> Response:
    return Response(content, media_type=_CAP, headers={"Content-Disposition": f'attachment; filename="{name}"'})

"""An alert that has left: paused, resumed, withdrawn, followed by news, by the all-clear and by feedback, closed."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast import retrying, steering
from broadcast.event import EventKind
from console.context import Console
from console.errors import explanation
from console.login import AlertSteerer, Here, Visit
from console.pages import go
from console.parameters import Field, Key
from console.routes.alert import alert_page
from people.officer import Officer
from storage.errors import InvalidInput

router = APIRouter(prefix="/alerts/{alert_id}")
Steer = Callable[[AsyncConnection, Officer, int, datetime], Awaitable[None]]


async def _steer(console: Console, visit: Visit, alert_id: int, step: Steer, done: str) -> Response:
    async with console.database.write() as connection:
        await step(connection, visit.officer, alert_id, visit.at)
    return go(f"/alerts/{alert_id}?done={done}")


@router.post("/pause")
async def pause(console: Here, visit: AlertSteerer, alert_id: Key) -> Response:
    """Let nothing more leave for now."""
    return await _steer(console, visit, alert_id, steering.pause, "paused")


@router.post("/resume")
async def resume(console: Here, visit: AlertSteerer, alert_id: Key) -> Response:
    """Go on sending."""
    return await _steer(console, visit, alert_id, steering.resume, "resumed")


@router.post("/cancel")
async def cancel(console: Here, visit: AlertSteerer, alert_id: Key, text_nl: Field = "") -> Response:
    """Withdraw it; with a text, those whom it reached are told so."""
    if text_nl.strip():
        return await _follow_up(console, visit, alert_id, EventKind.CANCEL, {"nl": text_nl})
    return await _steer(console, visit, alert_id, steering.cancel, "cancelled")


@router.post("/follow-up/{kind}")
async def follow_up(
    console: Here,
    visit: AlertSteerer,
    alert_id: Key,
    kind: EventKind,
    text_nl: Field = "",
    text_fr: Field = "",
    text_de: Field = "",
    text_en: Field = "",
) -> Response:
    """Tell those whom the alert reached what followed."""
    given = {"nl": text_nl, "fr": text_fr, "de": text_de, "en": text_en}
    return await _follow_up(console, visit, alert_id, kind, given)


async def _follow_up(console: Console, visit: Visit, alert_id: int, kind: EventKind, given: dict[str, str]) -> Response:
    texts = {language: said.replace("\r\n", "\n").strip() for language, said in given.items() if said.strip()}
    try:
        async with console.database.write() as connection:
            await steering.follow_up(connection, console.vault, visit.officer, alert_id, kind, texts, visit.at)
    except InvalidInput as error:
        problems = {f"{kind}-text_nl": explanation(error, visit.language)}
        return await alert_page(console, visit, alert_id, status=422, problems=problems, written={kind: given})
    return go(f"/alerts/{alert_id}?done=told")


@router.post("/retry")
async def retry(console: Here, visit: AlertSteerer, alert_id: Key, retries: Annotated[int, Form(ge=0)]) -> Response:
    """Send to those whom it did not reach."""
    async with console.database.write() as connection:
        await retrying.retry(connection, console.vault, visit.officer, alert_id, visit.at, retries=retries)
    return go(f"/alerts/{alert_id}?done=retried")


@router.post("/close")
async def close(console: Here, visit: AlertSteerer, alert_id: Key, reason: Field = "") -> Response:
    """The alert is dealt with."""
    async with console.database.write() as connection:
        await steering.close(connection, visit.officer, alert_id, visit.at, reason=reason)
    return go(f"/alerts/{alert_id}?done=closed")

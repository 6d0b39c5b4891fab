"""The stream that tells open pages that something changed."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from console.context import Console
from console.errors import NotLoggedIn
from console.live import Live
from console.login import Here, Visit, console_of, visit_of
from people.repository import officers
from storage.clock import now

router = APIRouter()
# At half a second a look: a login that ended closes the stream within ten seconds.
_LOOKS_BETWEEN_CHECKS = 20


async def _visit(request: Request, console: Here) -> Visit | None:
    """A page that outlived its login must be told so: an error would only make it connect again."""
    try:
        return await visit_of(request, console)
    except NotLoggedIn:
        return None


@router.get("/events", response_class=EventSourceResponse)
async def events(request: Request, visit: Annotated[Visit | None, Depends(_visit)]) -> AsyncIterator[ServerSentEvent]:
    """`change` with the counter at once and after each change; `ended` when the login has. No data leave here."""
    console, live = console_of(request), request.app.state.live
    if visit is not None:
        async for event in _changes(console, live, visit):
            yield event
    if not console.stopping():
        yield ServerSentEvent(event="ended", raw_data="login")


async def _changes(console: Console, live: Live, visit: Visit) -> AsyncIterator[ServerSentEvent]:
    told, looks = None, 0
    async for counter in live.follow(visit.organisation_id):
        looks += 1
        if looks % _LOOKS_BETWEEN_CHECKS == 0 and not await _still_logged_in(console, visit):
            return
        if counter != told:
            told = counter
            yield ServerSentEvent(event="change", raw_data=str(counter))


async def _still_logged_in(console: Console, visit: Visit) -> bool:
    async with console.database.read() as connection:
        return await officers.logged_in(connection, visit.token, now()) is not None

"""CAP over HTTP: where a dispatch room hands in a message, and the feed of what was sent, for everybody."""

import asyncio
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from broadcast.cap.importing import Incoming, open_document, take_in
from broadcast.cap.parsing import LARGEST
from broadcast.cap.repository import Received
from console.api import JsonErrors
from console.context import Console
from console.feeds import Feeds
from console.login import Here
from console.parameters import Key
from people.repository import organisations, tokens
from people.repository.tokens import Token
from storage.clock import now
from storage.repository import mark_changed

router = APIRouter(tags=["cap"], route_class=JsonErrors)
_BEARER = "bearer "
_CAP = "application/cap+xml"


class MessageResult(BaseModel):
    """What became of a message. outcome: drafted, proposed (under the alert that it refers to) or kept."""

    sender: str
    identifier: str
    sent: datetime
    outcome: str
    alert_id: int | None
    reason: str | None
    signature: str
    notes: list[str]


class PushResult(BaseModel):
    """What became of a document. warnings: what is allowed but unwise."""

    messages: list[MessageResult]
    warnings: list[str]


push = APIRouter(prefix="/api/v1", tags=["cap"], route_class=JsonErrors)


@push.post(
    "/cap",
    status_code=201,
    response_model=PushResult,
    openapi_extra={
        "requestBody": {"required": True, "content": {_CAP: {"schema": {"type": "string"}}}},
        "security": [{"token": []}],
    },
    responses={
        200: {"description": "All of it came in before"},
        401: {"description": "No token, or one that is not in use"},
        413: {"description": "Larger than 2 MB"},
        422: {"description": "No valid CAP 1.2; `detail` says why"},
    },
)
async def hand_in(request: Request, console: Here) -> Response:
    """Draft what a CAP 1.2 document asks for, by a token of the organisation. Nothing is sent by it.

    The same sender and identifier again changes nothing, and gives the same answer with status 200.
    """
    moment = now()
    holder = await _holder(request, console, moment)
    if holder is None:
        headers = {"WWW-Authenticate": "Bearer"}
        return JSONResponse({"detail": "A token of the organisation is needed"}, status_code=401, headers=headers)
    content = await _body(request)
    if content is None:
        return JSONResponse({"detail": "larger than 2 MB"}, status_code=413)
    incoming = await asyncio.to_thread(open_document, content, console.certificates)
    found = await _take_in(console, holder, incoming, moment)
    result = PushResult(messages=[_result(one) for one in found], warnings=list(incoming.warnings))
    is_new = any(one.received_at == moment for one in found)
    return JSONResponse(result.model_dump(mode="json"), status_code=201 if is_new else 200)


async def _take_in(console: Console, holder: Token, incoming: Incoming, moment: datetime) -> list[Received]:
    async with console.database.write() as connection:
        organisation = await organisations.get(connection, holder.organisation_id)
        found = await take_in(connection, organisation, incoming, holder.name, moment, console.public_url)
        await mark_changed(connection, organisation.id)
    return found


async def _holder(request: Request, console: Console, moment: datetime) -> Token | None:
    given = request.headers.get("authorization", "")
    if not given.lower().startswith(_BEARER):
        return None
    async with console.database.write() as connection:
        return await tokens.holder(connection, given[len(_BEARER) :].strip(), moment)


async def _body(request: Request) -> bytes | None:
    """The document; None when it is too large to be one, of which no more is read."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            return None
    return bytes(body)


def _result(one: Received) -> MessageResult:
    return MessageResult(
        sender=one.sender,
        identifier=one.identifier,
        sent=one.sent_at,
        outcome=one.outcome,
        alert_id=one.alert_id,
        reason=one.reason or None,
        signature=one.trust,
        notes=list(one.notes),
    )


@router.get("/feeds/cap/{organisation}", response_class=Response)
async def feed(
    request: Request, console: Here, organisation: str, exercises: Annotated[bool, Query()] = False
) -> Response:
    """What was sent, as an Atom feed of CAP 1.2 messages. exercises: with exercises and tests too."""
    feeds: Feeds = request.app.state.feeds
    found = await feeds.of(console, organisation, exercises=exercises)
    return found.answer(request.headers)


@router.get("/feeds/cap/{organisation}/{event_id}", response_class=Response)
async def message(console: Here, organisation: str, event_id: Key) -> Response:
    """One message that was sent."""
    content = await Feeds.message(console, organisation, event_id)
    return Response(content, media_type=_CAP, headers={"Cache-Control": "public, max-age=3600"})

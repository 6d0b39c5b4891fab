"""Where providers hand messages and statuses over: verify, store durably, answer 200. Nothing else happens here."""

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from sqlalchemy.exc import SQLAlchemyError

from locales.catalogue import translate
from messaging import receipts
from messaging.delivery import DeliveryState, provider_state
from messaging.incoming import ChannelKind
from messaging.intake import Intake
from messaging.repository import statuses
from messaging.repository.inbox import Arrival
from messaging.sender import Sender
from messaging.spool import Spool
from messaging.telegram import update
from messaging.twilio import voice, webhook
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault
from storage.errors import NotFound
from storage.repository import mark_changed

_log = logging.getLogger(__name__)
_LARGEST_BODY = 1_000_000
_PATIENCE = 8.0
"""Seconds that the database may take: Twilio gives us fifteen."""
_LONGEST_ID = 18  # digits that every database takes
_TWIML = "text/xml"
_EMPTY_REPLY = "<Response/>"
_DOMAIN = "broadcast"
_HEARD = "Thank you. We know that you heard this. In danger? Call 112."


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What the routes need. public_url: the address that providers signed, never taken from a request's headers."""

    database: Database
    vault: Vault
    intake: Intake
    spool: Spool
    public_url: str | None


class _Refused(Exception):
    def __init__(self, status: int) -> None:
        self.status = status


def router(endpoint: Endpoint) -> APIRouter:
    """The routes that providers call."""
    routes = APIRouter(prefix="/webhooks", include_in_schema=False)

    @routes.post("/telegram/{slug}")
    async def telegram(slug: str, request: Request) -> Response:
        return await _answered(_take_telegram(endpoint, slug, request))

    @routes.post("/twilio/{slug}")
    async def twilio(slug: str, request: Request) -> Response:
        return await _answered(_take_twilio(endpoint, slug, request))

    @routes.post("/twilio/{slug}/status")
    async def twilio_status(slug: str, request: Request) -> Response:
        return await _answered(_take_status(endpoint, slug, request))

    @routes.post("/twilio/{slug}/voice")
    async def twilio_voice(slug: str, request: Request) -> Response:
        return await _answered(_take_key(endpoint, slug, request))

    return routes


async def _answered(work: Any) -> Response:
    try:
        answer: Response = await work
    except _Refused as refused:
        return Response(status_code=refused.status)
    except SQLAlchemyError as error:
        _log.error("The database does not take a message: %s", type(error).__name__)
        return Response(status_code=503)
    return answer


async def _sender(endpoint: Endpoint, slug: str, *kinds: ChannelKind) -> Sender:
    try:
        found = await endpoint.intake.sender(slug)
    except NotFound:
        raise _Refused(404) from None
    if found.channel not in kinds:
        raise _Refused(404)
    return found


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST_BODY:
            raise _Refused(413)
    return bytes(body)


async def _take_telegram(endpoint: Endpoint, slug: str, request: Request) -> Response:
    sender = await _sender(endpoint, slug, ChannelKind.TELEGRAM)
    given = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
    if not update.secret_valid(sender.credentials.secret, given):
        raise _Refused(403)
    body = await _body(request)
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise _Refused(400) from None
    if not isinstance(content, dict):
        raise _Refused(400)
    await endpoint.intake.store(endpoint.intake.telegram(sender, content))
    return Response(status_code=200)


async def _signed_form(endpoint: Endpoint, slug: str, request: Request) -> tuple[Sender, list[tuple[str, str]]]:
    sender = await _sender(endpoint, slug, ChannelKind.SMS, ChannelKind.WHATSAPP, ChannelKind.VOICE)
    body = await _body(request)
    form = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    query = f"?{request.url.query}" if request.url.query else ""
    url = f"{endpoint.public_url or ''}{request.url.path}{query}"
    signature = request.headers.get("X-Twilio-Signature")
    is_json = request.headers.get("Content-Type", "").startswith("application/json")
    if not webhook.signature_valid(sender.credentials.token, url, body if is_json else form, signature):
        raise _Refused(403)
    return sender, form


async def _take_twilio(endpoint: Endpoint, slug: str, request: Request) -> Response:
    sender, form = await _signed_form(endpoint, slug, request)
    arrival = endpoint.intake.twilio(sender, form)
    try:
        async with asyncio.timeout(_PATIENCE):
            await endpoint.intake.store(arrival)
    except (SQLAlchemyError, OSError) as error:
        _log.error("The database is away (%s): the message waits on disk", type(error).__name__)
        await _keep(endpoint.spool, arrival)
    return Response(_EMPTY_REPLY, media_type=_TWIML)


async def _keep(spool: Spool, arrival: Arrival) -> None:
    try:
        await asyncio.to_thread(spool.keep, arrival)
    except OSError:
        raise _Refused(503) from None


async def _take_status(endpoint: Endpoint, slug: str, request: Request) -> Response:
    sender, form = await _signed_form(endpoint, slug, request)
    report = webhook.parse_status(form)
    state = None if report is None else provider_state(report.status)
    if report is not None and state is not None:
        async with endpoint.database.write() as connection:
            told = await statuses.advance(
                connection,
                sender_id=sender.id,
                provider_id=report.provider_id,
                state=state,
                at=now(),
                delivery_id=_delivery(request),
                error=_reason(report, state),
            )
            if told:
                await receipts.learn_from(connection, sender.id, report)
                await mark_changed(connection, sender.organisation_id)
    return Response(status_code=204)


def _delivery(request: Request) -> int | None:
    given = request.query_params.get("delivery", "")
    return int(given) if given.isdecimal() and len(given) <= _LONGEST_ID else None


def _reason(report: webhook.StatusReport, state: DeliveryState) -> str | None:
    """Why it failed: Twilio's code, or for a call its status."""
    if report.error_code is not None:
        return str(report.error_code)
    return report.status if state is DeliveryState.FAILED else None


async def _take_key(endpoint: Endpoint, slug: str, request: Request) -> Response:
    """Somebody pressed a key in a call: with 1 they say that they heard it."""
    sender, form = await _signed_form(endpoint, slug, request)
    pressed = webhook.parse_key(form)
    if pressed is None or pressed[1] != voice.HEARD:
        return Response(_EMPTY_REPLY, media_type=_TWIML)
    async with endpoint.database.write() as connection:
        await receipts.heard(connection, sender.id, pressed[0], _delivery(request), now())
        await mark_changed(connection, sender.organisation_id)
    thanks = {"nl": translate(_DOMAIN, "nl", _HEARD)}
    return Response(voice.thanks(thanks), media_type=_TWIML)

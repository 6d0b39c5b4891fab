"""A provider on loopback that answers, or fails, as a test tells it to."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from aiohttp import web

from messaging.channel import Channel, ChannelKind
from messaging.exchange import open_session
from messaging.telegram.channel import TelegramChannel
from messaging.twilio.channel import TwilioChannel
from messaging.twilio.voice import VoiceChannel
from tests.ports import free_port

TOKEN = "123456:very-secret-bot-token"
ACCOUNT = "AC" + "0" * 32
AUTH_TOKEN = "very-secret-auth-token"
OURS = "+32460000000"
ADDRESS = dict.fromkeys(ChannelKind, "+32470123456") | {ChannelKind.TELEGRAM: "42"}

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it arrived: the address's path, its query, and the form in its body."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]


@dataclass(slots=True)
class Loopback:
    """What arrived, and how the next requests are answered."""

    port: int
    answer: Answer
    received: list[Received] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        form = dict(parse_qsl(await request.text(), keep_blank_values=True))
        headers = dict(request.headers)
        self.received.append(Received(request.method, request.path, dict(request.query), form, headers))
        return await self.answer(request)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def answering(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """An answer with this JSON, or with these words when they are not an object."""

    async def answer(_: web.Request) -> web.StreamResponse:
        text = body if isinstance(body, str) else json.dumps(body)
        return web.Response(text=text, status=status, headers=headers)

    return answer


async def reset(request: web.Request) -> web.StreamResponse:
    """Break the connection after the request was read."""
    if request.transport:
        request.transport.abort()
    return web.Response()


async def silence(request: web.Request) -> web.StreamResponse:
    """Take the request and never answer; ends when the other side gives up."""
    while request.transport:  # noqa: ASYNC110 aiohttp has no event for it
        await asyncio.sleep(0.01)
    return web.Response()


async def half(request: web.Request) -> web.StreamResponse:
    """Announce an answer and break the connection in the middle of it."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"ok": tr')
    return await reset(request)


@asynccontextmanager
async def loopback(answer: Answer) -> AsyncIterator[Loopback]:
    """A provider that listens for the length of a test."""
    provider = Loopback(free_port(), answer)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", provider.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", provider.port).start()
    try:
        yield provider
    finally:
        await runner.cleanup()


@asynccontextmanager
async def channel(kind: ChannelKind, address: str, answer_within: float = 5.0) -> AsyncIterator[Channel]:
    """Our channel of a kind, towards a provider at this address."""
    async with open_session() as session:
        if kind is ChannelKind.TELEGRAM:
            yield TelegramChannel(TOKEN, session, f"{address}/bot", answer_within=answer_within)
        elif kind is ChannelKind.VOICE:
            yield VoiceChannel(
                account_sid=ACCOUNT,
                auth_token=AUTH_TOKEN,
                sender=OURS,
                session=session,
                base_url=address,
                answer_within=answer_within,
            )
        else:
            yield TwilioChannel(
                kind,
                account_sid=ACCOUNT,
                auth_token=AUTH_TOKEN,
                sender=OURS,
                session=session,
                base_url=address,
                answer_within=answer_within,
            )


TELEGRAM_SENT = {
    "ok": True,
    "result": {"message_id": 7, "date": 1_700_000_000, "chat": {"id": 42, "type": "private", "first_name": "An"}},
}
TWILIO_SENT = {"sid": "SM" + "1" * 32, "status": "queued", "error_code": None, "date_created": None}
SENT = dict.fromkeys(ChannelKind, TWILIO_SENT) | {ChannelKind.TELEGRAM: TELEGRAM_SENT}

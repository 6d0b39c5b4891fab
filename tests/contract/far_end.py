"""A running far end for tests, and an application that its webhooks can reach."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from telegram import Bot
from telegram.request import HTTPXRequest
from twilio.rest import Client  # type: ignore[import-untyped]

from simulator.app import Simulator
from simulator.client import SimulatorClient
from simulator.options import Options
from tests.ports import free_port

TOKEN = Options().telegram_tokens[0]
SMS = "+32460000000"
WHATSAPP = "whatsapp:+32460000000"


@dataclass(frozen=True)
class FarEnd:
    simulator: Simulator
    control: SimulatorClient

    def bot(self, token: str = TOKEN) -> Bot:
        return Bot(token, base_url=self.simulator.telegram_base_url, request=HTTPXRequest(read_timeout=3))

    def twilio(self, *, token: str | None = None) -> Client:
        account = self.simulator.world.account
        client = Client(account.sid, token or account.token)
        client.api.base_url = self.simulator.base_url
        return client


@asynccontextmanager
async def running(options: Options | None = None) -> AsyncIterator[FarEnd]:
    """A far end on a free port, with nobody registered."""
    simulator = Simulator(options)
    await simulator.serve(free_port())
    try:
        async with SimulatorClient(simulator.base_url) as control:
            yield FarEnd(simulator, control)
    finally:
        await simulator.stop()


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Application:
    """What the far end posted to us; `answers` are given first, then 200."""

    url: str
    received: list[Received] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def answer(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        async with self.changed:
            self.received.append(Received(request.path_qs, headers, await request.text()))
            self.changed.notify_all()
        return self.answers.pop(0) if self.answers else web.Response()

    async def until(self, count: int) -> None:
        """Wait for so many requests."""
        async with self.changed, asyncio.timeout(5):
            await self.changed.wait_for(lambda: len(self.received) >= count)


@asynccontextmanager
async def application() -> AsyncIterator[Application]:
    """Something of ours that webhooks reach."""
    port = free_port()
    ours = Application(f"http://127.0.0.1:{port}")
    server = web.Application()
    server.router.add_route("*", "/{path:.*}", ours.answer)
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield ours
    finally:
        await runner.cleanup()

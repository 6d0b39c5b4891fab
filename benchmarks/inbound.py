"""From a signed webhook to the stored message to the reply at the provider, through the real `serve`."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import numpy as np
import psutil
from aiohttp import web
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from messaging.channel import Outgoing
from messaging.exchange import open_session
from messaging.telegram.channel import TelegramChannel
from people.organisation import OrganisationKind
from people.repository import organisations
from samenspraak.migrations import upgrade
from samenspraak.settings import load
from storage.clock import now
from storage.database import Database
from tests.ports import free_port

_COMMAND = Path(sys.executable).with_name("samenspraak")
_TOKEN, _SECRET, _AUTH = "7000001:benchmark", "bench-secret", "bench-auth-token"
_ACCOUNT, _OURS = "AC" + "1" * 32, "+32460000001"
_QUESTIONS = (
    "Wanneer wordt het papier opgehaald?",
    "Ik heb een nieuwe identiteitskaart nodig, wat kost dat?",
    "hoe laat is het containerpark open op zaterdag",
    "Er ligt al een week afval in de gracht aan de Kerkstraat, kan iemand dat komen ophalen?",
    "Bonjour, je voudrais un passeport pour mon fils",
)
_WARM_UP = 20
_AT_ONCE = 64
_BARE, _BARE_IN_FLIGHT = 3_000, 50


@dataclass(slots=True)
class _FarEnd:
    """Telegram on loopback, in the bench's own process: one clock for both ends. arrived: chat to moment."""

    arrived: dict[int, float] = field(default_factory=dict)

    async def answer(self, request: web.Request) -> web.Response:
        moment = time.perf_counter()
        if not request.path.endswith("sendMessage"):
            return web.json_response({"ok": True, "result": True})
        chat = int(parse_qs(await request.text())["chat_id"][0])
        self.arrived.setdefault(chat, moment)
        result = {"message_id": 1, "date": 1_700_000_000, "chat": {"id": chat, "type": "private"}, "text": "x"}
        return web.json_response({"ok": True, "result": result})


@dataclass(slots=True)
class _Site:
    """A running `serve`. ready_s: from its start to the first 200 of /readyz; cpu: seconds that it used so far."""

    url: str
    process: psutil.Process
    ready_s: float
    peak_rss: int = 0

    @property
    def cpu(self) -> float:
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def look(self) -> None:
        """Remember the most memory that the process and its children had together."""
        family = (self.process, *self.process.children(recursive=True))
        self.peak_rss = max(self.peak_rss, sum(one.memory_info().rss for one in family))


async def run(
    webhooks: int = 3_000, messages: int = 300, per_second: float = 20.0, database_url: str | None = None
) -> dict[str, Any]:
    """Measure intake alone (`serve --no-worker`), then answering at a steady rate, then answering as fast as it goes.

    database_url: an empty database; fresh SQLite files unless told. Gives webhooks_per_second (signed forms of
    Twilio's, 64 at once, each answered after its durable commit), reply_p50_ms and reply_p99_ms (from posting the
    webhook to the reply's arrival at the provider, at `per_second`), cpu_us_per_message of the whole application,
    messages_per_second answered when all come at once, its ratio_to_bare_loop (our channel's own `send`, no database),
    peak_rss_mb of all processes, and ready_s after a first start.
    """
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        async with _provider() as (far_end, base_url), aiohttp.ClientSession() as client:
            first = database_url or f"sqlite:///{home / 'intake.db'}"
            await _organisation(first)
            async with _serving(home, first, base_url, client, "--no-worker") as site:
                intake = await _intake(site, client, webhooks)
            second = database_url or f"sqlite:///{home / 'answers.db'}"
            if second != first:
                await _organisation(second)
            async with _serving(home, second, base_url, client) as site:
                answers = await _answers(site, client, far_end, messages, per_second)
            bare = await _bare_loop(base_url)
    return {
        "database": "postgresql" if first.startswith("postgresql") else "sqlite",
        **intake,
        **answers,
        "bare_messages_per_second": round(bare),
        "ratio_to_bare_loop": round(answers["messages_per_second"] / bare, 3),
    }


async def _intake(site: _Site, client: aiohttp.ClientSession, number: int) -> dict[str, Any]:
    """Webhooks a second, and CPU a webhook."""
    address = f"{site.url}/webhooks/twilio/sms"
    validator = RequestValidator(_AUTH)
    forms = [
        {
            "MessageSid": f"SM{one:032x}",
            "AccountSid": _ACCOUNT,
            "From": f"+3247{one:07}",
            "To": _OURS,
            "Body": _text(one),
        }
        for one in range(number)
    ]
    signatures = [validator.compute_signature(address, form) for form in forms]
    work = iter(zip(forms, signatures, strict=True))

    async def post() -> None:
        for form, signature in work:
            async with client.post(address, data=form, headers={"X-Twilio-Signature": signature}) as answer:
                assert answer.status == 200, answer.status

    began, cpu = time.perf_counter(), site.cpu
    await asyncio.gather(*(post() for _ in range(_AT_ONCE)))
    elapsed = time.perf_counter() - began
    return {
        "webhooks_per_second": round(number / elapsed),
        "cpu_us_per_webhook": round((site.cpu - cpu) / number * 1e6),
    }


async def _answers(
    site: _Site, client: aiohttp.ClientSession, far_end: _FarEnd, number: int, per_second: float
) -> dict[str, Any]:
    async def post(chat: int) -> float:
        person = {"id": chat, "type": "private", "is_bot": False, "first_name": "An", "language_code": "nl"}
        message = {"message_id": chat, "date": 1_700_000_000, "chat": person, "from": person, "text": _text(chat)}
        headers = {"X-Telegram-Bot-Api-Secret-Token": _SECRET, "Content-Type": "application/json"}
        body = json.dumps({"update_id": chat, "message": message})
        began = time.perf_counter()
        async with client.post(f"{site.url}/webhooks/telegram/telegram", data=body, headers=headers) as answer:
            assert answer.status == 200, answer.status
        return began

    async def paced(first: int, count: int, rate: float) -> list[float]:
        """The waits of so many messages at this rate."""

        async def one(number: int) -> float:
            await asyncio.sleep(number / rate)
            return await post(first + number)

        began = await asyncio.gather(*(one(number) for number in range(count)))
        await _until(lambda: _all_in(far_end, first, count))
        return [far_end.arrived[first + number] - moment for number, moment in enumerate(began)]

    await paced(1, _WARM_UP, per_second)
    cpu = site.cpu
    waits = await paced(1_000, number, per_second)
    spent = site.cpu - cpu
    began = time.perf_counter()
    await paced(1_000_000, number, 1e9)
    elapsed = time.perf_counter() - began
    site.look()
    p50, p99 = np.percentile(waits, (50, 99)) * 1000
    return {
        "reply_p50_ms": round(float(p50), 1),
        "reply_p99_ms": round(float(p99), 1),
        "cpu_us_per_message": round(spent / number * 1e6),
        "messages_per_second": round(number / elapsed, 1),
        "peak_rss_mb": site.peak_rss >> 20,
        "ready_s": round(site.ready_s, 2),
    }


def _all_in(far_end: _FarEnd, first: int, count: int) -> bool:
    return all(first + number in far_end.arrived for number in range(count))


def _text(number: int) -> str:
    return _QUESTIONS[number % len(_QUESTIONS)]


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(300):
        while not holds():  # noqa: ASYNC110 the far end has no event for it
            await asyncio.sleep(0.01)


async def _bare_loop(base_url: str) -> float:
    """Messages a second of the channel alone."""
    async with open_session() as session:
        channel = TelegramChannel(_TOKEN, session, base_url)
        chats = iter(range(_BARE))

        async def send() -> None:
            for chat in chats:
                await channel.send(str(chat + 1), Outgoing(_text(chat)))

        began = time.perf_counter()
        await asyncio.gather(*(send() for _ in range(_BARE_IN_FLIGHT)))
        return _BARE / (time.perf_counter() - began)


async def _organisation(database_url: str) -> None:
    await asyncio.to_thread(upgrade, database_url)
    database = Database(database_url)
    try:
        async with database.write() as connection:
            kind = OrganisationKind.MUNICIPALITY
            await organisations.create(connection, kind=kind, name="Lindebeke", slug="bench", at=now())
    finally:
        await database.close()


@asynccontextmanager
async def _provider() -> AsyncIterator[tuple[_FarEnd, str]]:
    far_end, port = _FarEnd(), free_port()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", far_end.answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield far_end, f"http://127.0.0.1:{port}/bot"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _serving(
    home: Path, database_url: str, base_url: str, client: aiohttp.ClientSession, *options: str
) -> AsyncIterator[_Site]:
    """`serve` in a process of its own, once it is ready; its model is trained before, so that it is no first start."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = _environment(home, database_url, base_url, url)
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: ASYNC220 it starts at once
        [_COMMAND, "serve", "--port", str(port), *options], cwd=home, env=environment
    )
    try:
        await _answering(client, f"{url}/readyz", process)
        site = _Site(url, psutil.Process(process.pid), time.perf_counter() - began)
        watching = asyncio.create_task(_watch(site))
        try:
            yield site
        finally:
            watching.cancel()
    finally:
        process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(process.wait, 30)


async def _answering(client: aiohttp.ClientSession, url: str, process: subprocess.Popen[bytes]) -> None:
    async def ready() -> bool:
        if process.poll() is not None:
            raise RuntimeError(f"`serve` ended with {process.returncode} before it was ready")
        with contextlib.suppress(aiohttp.ClientError):
            async with client.get(url) as answer:
                return answer.status == 200
        return False

    await _until_true(ready)


async def _until_true(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(600):  # a first start trains
        while not await holds():  # noqa: ASYNC110 another process has no event for it
            await asyncio.sleep(0.02)


async def _watch(site: _Site) -> None:
    while True:
        site.look()
        await asyncio.sleep(0.1)


def _environment(home: Path, database_url: str, base_url: str, url: str) -> Mapping[str, str]:
    settings = {
        "DATABASE_URL": database_url,
        "DATA": str(home / "data"),
        "MODELS": str(load().models.resolve()),
        "SECRET_KEY": "a secret that is long enough for a bench",
        "PUBLIC_URL": url,
        "TELEGRAM_TOKEN": _TOKEN,
        "TELEGRAM_SECRET": _SECRET,
        "TELEGRAM_BASE_URL": base_url,
        "TELEGRAM_PER_SECOND": "100000",
        "TWILIO_ACCOUNT_SID": _ACCOUNT,
        "TWILIO_AUTH_TOKEN": _AUTH,
        "TWILIO_SMS_FROM": _OURS,
    }
    return os.environ | {f"SAMENSPRAAK_{name}": value for name, value in settings.items()}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run()), indent=2))

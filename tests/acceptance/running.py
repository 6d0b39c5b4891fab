"""The real command in processes of its own, with the far end of the wire in the test's."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Table, select
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from people.organisation import OrganisationKind
from people.repository import organisations
from simulator.app import Simulator
from simulator.client import SimulatorClient
from simulator.options import Options
from storage.clock import now
from storage.database import Database
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("samenspraak")
SMS, WHATSAPP = "+32460000001", "+32460000002"
TELEGRAM_SECRET = "what-Telegram-repeats"
OPTIONS = Options(
    telegram_rate=None,
    telegram_chat_rate=None,
    any_chat=True,
    twilio_numbers=(SMS, f"whatsapp:{WHATSAPP}"),
    latency=0.01,
    keep=20_000,
)
_START_SECONDS = 120
_STOP_SECONDS = 30


@dataclass
class Installation:
    """An installation in a folder, made by `init`; its processes end with it."""

    home: Path
    database_url: str
    far_end: Simulator
    port: int
    with_public_url: bool = True
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where its web process listens."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """All that its processes know. The model comes from where `make setup` put it."""
        settings = {
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": "a secret that is long enough for the tests",
            "DATA": str(self.home / "data"),
            "MODELS": os.environ.get("SAMENSPRAAK_MODELS", str(ROOT / "var" / "nlu")),
            "TELEGRAM_TOKEN": OPTIONS.telegram_tokens[0],
            "TELEGRAM_SECRET": TELEGRAM_SECRET,
            "TELEGRAM_BASE_URL": self.far_end.telegram_base_url,
            "TELEGRAM_PER_SECOND": "1000",
            "TWILIO_ACCOUNT_SID": OPTIONS.twilio_account_sid,
            "TWILIO_AUTH_TOKEN": OPTIONS.twilio_auth_token,
            "TWILIO_BASE_URL": self.far_end.base_url,
            "TWILIO_SMS_FROM": SMS,
            "TWILIO_WHATSAPP_FROM": WHATSAPP,
            "TWILIO_SMS_PER_SECOND": "1000",
        }
        if self.with_public_url:
            settings["PUBLIC_URL"] = self.url
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SAMENSPRAAK_")}
        return kept | {f"SAMENSPRAAK_{name}": value for name, value in settings.items()}

    def run(self, *arguments: str, **settings: str) -> subprocess.Popen[bytes]:
        """Start the command, with further settings; what it says goes to a file in the folder."""
        more = {f"SAMENSPRAAK_{name.upper()}": value for name, value in settings.items()}
        with (self.home / f"{arguments[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                [COMMAND, *arguments], cwd=self.home, env=self.environment() | more, stdout=log, stderr=log
            )
        self.processes.append(process)
        return process

    async def serve(self, *options: str) -> subprocess.Popen[bytes]:
        """Start `serve` and wait until it is ready."""
        process = self.run("serve", "--port", str(self.port), *options)
        async with asyncio.timeout(_START_SECONDS):
            while not await self.is_ready():
                assert process.poll() is None, self.log("serve")
                await asyncio.sleep(0.05)
        return process

    async def is_ready(self) -> bool:
        """Whether the web process answers that it is ready."""
        try:
            return (await self.get("/readyz")).status_code == 200
        except httpx.TransportError:
            return False

    def log(self, command: str) -> str:
        """What a command said."""
        return (self.home / f"{command}.log").read_text()

    def logs(self) -> str:
        """What all commands said."""
        return "\n".join(f"{log.name}:\n{log.read_text()}" for log in sorted(self.home.glob("*.log")))

    async def get(self, path: str) -> httpx.Response:
        """Ask the web process."""
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.get(self.url + path)

    async def rows(self, table: Table) -> list[Any]:
        """All rows of a table."""
        database = Database(self.database_url)
        try:
            async with database.read() as connection:
                return list(await connection.execute(select(table).order_by(table.c.id)))
        finally:
            await database.close()

    async def settled(self) -> None:
        """Wait until all that came in is answered and all that is to leave has left."""
        async with asyncio.timeout(60):
            while True:
                figures = dict(
                    line.split() for line in (await self.get("/metrics")).text.splitlines() if line[0] != "#"
                )
                if figures["samenspraak_inbox_waiting"] == figures["samenspraak_outbox_waiting"] == "0":
                    return
                await asyncio.sleep(0.1)


async def eventually(holds: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    """Wait until it holds; raises TimeoutError when it does not in time."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110 other processes have no event for it
            await asyncio.sleep(0.05)


async def _organisation(database_url: str) -> None:
    """What `init` leaves in the database for `serve` to find."""
    database = Database(database_url)
    try:
        async with database.write() as connection:
            municipality = OrganisationKind.MUNICIPALITY
            await organisations.create(connection, kind=municipality, name="Lindebeke", slug="lindebeke", at=now())
    finally:
        await database.close()


def update(number: int, text: str) -> dict[str, Any]:
    """Somebody of that number writes to the bot; the number is the update's too."""
    person = {"id": number, "type": "private", "is_bot": False, "first_name": "An", "language_code": "nl"}
    message = {"message_id": number, "date": 1_700_000_000, "chat": person, "from": person, "text": text}
    return {"update_id": number, "message": message}


def signed(url: str, form: Mapping[str, str]) -> dict[str, str]:
    """Twilio's header for a form."""
    signature = RequestValidator(OPTIONS.twilio_auth_token).compute_signature(url, form)
    return {"X-Twilio-Signature": str(signature)}


@asynccontextmanager
async def installation(
    home: Path,
    database_url: str,
    *,
    with_public_url: bool = True,
    by_command: bool = False,
    options: Options = OPTIONS,
) -> AsyncIterator[tuple[Installation, SimulatorClient]]:
    """A fresh installation with its far end; every process is ended afterwards.

    by_command: made by `init` itself, which takes as long as a start.
    """
    far_end = Simulator(options)
    await far_end.serve(free_port())
    made = Installation(home, database_url, far_end, free_port(), with_public_url)
    try:
        if by_command:
            assert await asyncio.to_thread(made.run("init", "--yes").wait) == 0, made.log("init")
        else:
            await _organisation(database_url)
        async with SimulatorClient(far_end.base_url) as control:
            if with_public_url:
                await control.number(SMS, f"{made.url}/webhooks/twilio/sms")
                await control.number(f"whatsapp:{WHATSAPP}", f"{made.url}/webhooks/twilio/whatsapp")
            yield made, control
    except Exception as error:
        error.add_note(made.logs())
        raise
    finally:
        for process in made.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            await asyncio.to_thread(process.wait, _STOP_SECONDS)
        await far_end.stop()

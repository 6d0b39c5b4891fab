"""The stage: both providers on loopback with people's phones, and the real application in front of them."""

import asyncio
import random
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from samenspraak import server
from samenspraak import settings as all_settings
from samenspraak.demo.town import (
    ACCOUNT_SID,
    AT_THE_POLICE,
    AUTH_TOKEN,
    GAS_TEMPLATE,
    GAS_TEMPLATE_TEXT,
    IN_TOWN_HALL,
    MUNICIPALITY,
    POLICE,
    POLICE_SLUGS,
    TELEGRAM_TOKENS,
    TELEGRAM_USERNAME,
    TEMPLATE,
    TEMPLATE_TEXT,
)
from samenspraak.settings import Settings
from simulator.app import Simulator
from simulator.client import SimulatorClient
from simulator.options import Options
from simulator.personas import Medium
from storage.errors import InvalidInput, Unavailable

_READY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody with a phone at the far end."""

    name: str
    chat_id: int | None = None
    phone: str | None = None
    language: str = "nl"
    media: tuple[Medium, ...] | None = None


PAPER_MEMBER = "Georgette Pauwels"
"""Signed up on paper, for alerts over WhatsApp, and has never written: outside its 24 hours."""
RESIDENTS = (
    Resident("Mia Janssens", phone="+32460100001", media=("whatsapp",)),
    Resident("Amélie Laurent", chat_id=500_002, language="fr"),
    Resident("Jonas De Smet", phone="+32460100003", media=("sms", "whatsapp")),
    Resident("Noor El Amrani", chat_id=500_004, phone="+32460100004"),
    Resident("Tom Hendrickx", phone="+32460100005", media=("sms",)),
    Resident("Rachid Bouzid", chat_id=500_006),
    Resident("Lotte Goris", phone="+32460100007", media=("sms",)),
    Resident("Jef Van den Broeck", chat_id=500_008),
    Resident("Ingrid Weber", chat_id=500_009, language="de"),
    Resident(PAPER_MEMBER, phone="+32460100010", media=("whatsapp",)),
    Resident("Emma Willems", chat_id=500_011),
)


def resident(name: str) -> Resident:
    """The resident of that name; raises StopIteration for nobody."""
    return next(one for one in RESIDENTS if one.name == name)


@dataclass(frozen=True, slots=True)
class Ports:
    """Loopback ports of the application and of the far end."""

    console: int
    phone: int

    def refuse_taken(self) -> None:
        """Raises InvalidInput when something listens on one of them."""
        for port in (self.console, self.phone):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError as error:
                    raise InvalidInput(f"Port {port} is taken: choose others with --port and --phone-port") from error


def free_ports() -> Ports:
    """Two ports on which nothing listens now; below those that systems hand out for outgoing connections."""
    found: list[int] = []
    while len(found) < 2:  # noqa: PLR2004 - one for each
        port = random.randint(20_000, 32_000)  # noqa: S311 - no secret
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            found.append(port)
    return Ports(*found)


def settings_in(folder: Path, ports: Ports) -> Settings:
    """The settings of an installation in this folder that knows the loopback providers only."""
    folder.mkdir(parents=True, exist_ok=True)
    key = folder / "secret.key"
    if not key.exists():
        key.touch(0o600)
        key.write_text(secrets.token_urlsafe(48))
    config = folder / "samenspraak.toml"
    config.touch()  # empty: no settings file of a real installation counts here
    far_end = f"http://127.0.0.1:{ports.phone}"
    return all_settings.load(
        {
            "SAMENSPRAAK_CONFIG": str(config),
            "SAMENSPRAAK_DATA": str(folder),
            # What `samenspraak nlu train` made: a demonstration need not learn the language anew.
            "SAMENSPRAAK_MODELS": str(all_settings.load().models.absolute()),
            "SAMENSPRAAK_PUBLIC_URL": f"http://127.0.0.1:{ports.console}",
            "SAMENSPRAAK_TELEGRAM_TOKEN": TELEGRAM_TOKENS[0],
            "SAMENSPRAAK_TELEGRAM_BASE_URL": f"{far_end}/bot",
            "SAMENSPRAAK_TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "SAMENSPRAAK_TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "SAMENSPRAAK_TWILIO_BASE_URL": far_end,
            "SAMENSPRAAK_TWILIO_SMS_FROM": MUNICIPALITY.sms,
            "SAMENSPRAAK_TWILIO_WHATSAPP_FROM": MUNICIPALITY.whatsapp,
            "SAMENSPRAAK_TWILIO_WHATSAPP_TEMPLATE": TEMPLATE,
        }
    )


@dataclass(frozen=True, slots=True)
class Stage:
    """A running demonstration. serving: ends when the application does."""

    far_end: SimulatorClient
    console_url: str
    phone_url: str
    serving: asyncio.Task[None]


@asynccontextmanager
async def on_stage(settings: Settings, ports: Ports, options: Options) -> AsyncIterator[Stage]:
    """Start the far end, then the application; stop both at the end. Raises OSError for a port that is taken."""
    simulator = Simulator(options)
    await simulator.serve(ports.phone)
    serving: asyncio.Task[None] | None = None
    try:
        async with SimulatorClient(simulator.base_url) as far_end:
            console_url = f"http://127.0.0.1:{ports.console}"
            await _furnish(far_end, console_url)
            serving = asyncio.create_task(server.serve(settings, "127.0.0.1", ports.console, with_worker=True))
            await _ready(console_url, serving)
            yield Stage(far_end, console_url, simulator.base_url, serving)
    finally:
        if serving is not None:
            await _stop(serving)
        await simulator.stop()


async def _stop(serving: asyncio.Task[None]) -> None:
    """End the application as an operator would, by a signal; by force while it does not listen to any yet."""
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        serving.cancel()
    elif not serving.done():
        signal.raise_signal(signal.SIGTERM)
    await asyncio.wait({serving})


def far_end_options(log_file: Path | None, *, any_chat: bool) -> Options:
    """The providers' accounts. any_chat: chats of generated residents exist, without a phone to look at."""
    return Options(
        telegram_tokens=TELEGRAM_TOKENS,
        telegram_username=TELEGRAM_USERNAME,
        twilio_account_sid=ACCOUNT_SID,
        twilio_auth_token=AUTH_TOKEN,
        any_chat=any_chat,
        log_file=log_file,
        contacts=(("Gemeente Lindebeke", MUNICIPALITY.in_log), ("Politiezone Lindebeke", POLICE.in_log)),
    )


async def _furnish(far_end: SimulatorClient, console_url: str) -> None:
    webhooks = f"{console_url}/webhooks/twilio"
    await far_end.number(MUNICIPALITY.sms, f"{webhooks}/sms")
    await far_end.number(f"whatsapp:{MUNICIPALITY.whatsapp}", f"{webhooks}/whatsapp")
    await far_end.number(POLICE.sms, f"{webhooks}/{POLICE_SLUGS['sms']}")
    await far_end.number(f"whatsapp:{POLICE.whatsapp}", f"{webhooks}/{POLICE_SLUGS['whatsapp']}")
    await far_end.template(TEMPLATE, "buurtmelding", TEMPLATE_TEXT)
    await far_end.template(GAS_TEMPLATE, "gaslek", GAS_TEMPLATE_TEXT)
    for one in RESIDENTS:
        await far_end.person(
            one.name, chat_id=one.chat_id, phone=one.phone, language_code=one.language, media=one.media
        )
    for name, chat_id in _officers_with_telegram():
        await far_end.person(name, chat_id=chat_id, language_code="nl")


def _officers_with_telegram() -> Iterable[tuple[str, int]]:
    return [(seat.name, seat.chat_id) for seat in (*IN_TOWN_HALL, *AT_THE_POLICE) if seat.chat_id is not None]


async def _ready(console_url: str, serving: asyncio.Task[None]) -> None:
    """Wait until the application answers; raises what stopped it, or Unavailable."""
    async with aiohttp.ClientSession() as session:
        for _ in range(_READY_SECONDS * 10):
            if serving.done():
                serving.result()
                raise Unavailable("The application stopped while it started")
            with suppress(aiohttp.ClientError):
                async with session.get(f"{console_url}/readyz") as answer:
                    if answer.ok:
                        return
            await asyncio.sleep(0.1)
    raise Unavailable("The application is not ready after a minute")

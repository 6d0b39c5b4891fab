"""Puts the application together: opened once a process, closed in reverse."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from cryptography.x509 import Certificate

import bots.content
from bots.answers import Answers
from broadcast.cap.signature import certificates_from
from messaging.channels import Channels
from messaging.exchange import open_session
from messaging.intake import Intake
from messaging.outbox import Outbox
from messaging.repository import senders
from messaging.spool import Spool
from nlu import embedded
from nlu.interpreter import Interpreter
from nlu.rasa_server import RasaInterpreter, RasaServer
from nlu.streets import Street, read_streets
from nlu.topics import topic_names
from people.organisation import Organisation
from people.repository import organisations
from samenspraak.migrations import is_current
from samenspraak.senders import put_senders
from samenspraak.settings import Settings
from storage.database import Database
from storage.encryption import Vault
from storage.errors import ConfigurationError

_log = logging.getLogger(__name__)
SHIPPED_ANSWERS = Path(bots.content.__file__).with_name("lindebeke.yml")
SHIPPED_STREETS = Path(bots.content.__file__).with_name("lindebeke_streets.tsv")


@dataclass(frozen=True, slots=True)
class Application:
    """What every part of the application shares. rasa: None where the embedded engine is chosen."""

    settings: Settings
    database: Database
    vault: Vault
    organisations: tuple[Organisation, ...]
    channels: Channels
    intake: Intake
    outbox: Outbox
    spool: Spool
    rasa: RasaServer | None


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Application]:
    """Open database and channels; raises ConfigurationError when the installation is not set up."""
    vault = Vault(settings.require_secret_key())
    if not await asyncio.to_thread(is_current, settings.database_url):
        raise ConfigurationError(
            "The database is not up to date: run `samenspraak init` once, or `samenspraak upgrade`"
        )
    database = Database(settings.database_url, pool_size=settings.database_pool)
    try:
        async with database.write() as connection:
            known = await organisations.every(connection)
            if not known:
                raise ConfigurationError("There is no organisation yet: run `samenspraak init`")
            await put_senders(connection, vault, settings, known[0].id)
            all_senders = await senders.every(connection, vault)
        intake = Intake(database, vault)
        intake.remember(all_senders)
        async with open_session() as session:
            channels = Channels(all_senders, session, settings.public_url)
            yield Application(
                settings=settings,
                database=database,
                vault=vault,
                organisations=tuple(known),
                channels=channels,
                intake=intake,
                outbox=Outbox(database, vault, channels, settings.worker),
                spool=Spool(settings.data / "spool"),
                rasa=rasa_server(settings, session),
            )
    finally:
        await database.close()


def cap_certificates(settings: Settings) -> tuple[Certificate, ...]:
    """Of those whose signature on CAP messages is trusted; raises ConfigurationError."""
    path = settings.cap_certificates
    if path is None:
        return ()
    try:
        return certificates_from(path.read_bytes())
    except OSError as error:
        text = f"SAMENSPRAAK_CAP_CERTIFICATES cannot be read: {type(error).__name__}"
        raise ConfigurationError(text) from None


def load_answers(settings: Settings) -> Answers:
    """The municipality's content; raises InvalidInput with file and line."""
    return Answers.load(settings.answers or SHIPPED_ANSWERS, topic_names())


def load_streets(settings: Settings) -> list[Street]:
    """The municipality's streets, the example's with the example's content; raises InvalidInput with file and line."""
    path = settings.streets or (SHIPPED_STREETS if settings.answers is None else None)
    return read_streets(path) if path else []


async def load_interpreter(settings: Settings, rasa: RasaServer | None = None) -> Interpreter:
    """The engine that the settings choose; trains at the first start. rasa: what `rasa_server` gave."""
    streets = load_streets(settings)
    engine = await asyncio.to_thread(embedded.load, settings.models, streets, size=settings.nlu_size)
    return engine if rasa is None else RasaInterpreter(rasa, engine)


def rasa_server(settings: Settings, session: aiohttp.ClientSession) -> RasaServer | None:
    """The Rasa server, where that engine is chosen; raises ConfigurationError when its token is not known."""
    if settings.nlu_engine != "rasa":
        return None
    if settings.rasa.token is None:
        raise ConfigurationError(
            "The Rasa server's token is not known: start that server first (`samenspraak nlu serve`), "
            "or set SAMENSPRAAK_RASA_TOKEN"
        )
    return RasaServer(session, settings.rasa.url, settings.rasa.token)

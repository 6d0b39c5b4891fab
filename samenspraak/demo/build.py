"""From an empty folder to a town that can be shown."""

import asyncio

from rich.console import Console
from rich.progress import Progress

from messaging.incoming import ChannelKind
from nlu import embedded
from nlu.encoder import UniversalSentenceEncoder
from nlu.training_data import TRAINING_FOLDER
from people.consent import Way
from people.repository import networks, residents
from samenspraak.demo.town import Town, found
from samenspraak.migrations import upgrade
from samenspraak.settings import Settings
from storage import jobs
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault

PAPER_FORM = "Ja, ik wil de meldingen van het buurtinformatienetwerk ontvangen via WhatsApp. (formulier aan de balie)"


def learn(settings: Settings, console: Console) -> None:
    """Train what understands the residents, unless that was done before."""
    cache = settings.models
    known = cache / f"model-{embedded.content_hash(TRAINING_FOLDER, UniversalSentenceEncoder())}.npz"
    if known.exists():
        return
    console.print("The language is learnt first: a few minutes, once.")
    with Progress(console=console) as progress:
        tasks = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(step, total=total)
            progress.update(tasks[step], completed=done, total=total)

        embedded.train(TRAINING_FOLDER, cache, show).close()


async def found_town(settings: Settings, *, municipal_hours: object = None, police_hours: object = None) -> Town:
    """Make the database with both organisations in it."""
    await asyncio.to_thread(upgrade, settings.database_url)
    await asyncio.to_thread(jobs.prepare, settings.database_url)
    database = Database(settings.database_url)
    vault = Vault(settings.require_secret_key())
    try:
        async with database.write() as connection:
            return await found(
                connection, vault, settings, now(), municipal_hours=municipal_hours, police_hours=police_hours
            )
    finally:
        await database.close()


async def enrol_on_paper(settings: Settings, town: Town, network: str, name: str, phone: str) -> None:
    """Somebody filled in a form at the desk: a member, with consent, who has never written to us."""
    database = Database(settings.database_url)
    vault = Vault(settings.require_secret_key())
    at = now()
    try:
        async with database.write() as connection:
            made = await residents.create(connection, vault, town.police, at, name=name, language="nl")
            person = await residents.get(connection, town.police, made)
            await residents.add_address(connection, vault, person, ChannelKind.WHATSAPP, phone, at)
            (address,) = await residents.addresses(connection, town.police, made)
            await networks.give_consent(connection, town.police, address, at, Way.IMPORT, PAPER_FORM)
            await networks.join(connection, town.networks[network], made, at)
    finally:
        await database.close()

"""From an empty folder to a town that can be shown."""

import asyncio
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from rich.console import Console
from rich.progress import Progress, TaskID
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.selection import Selection
from messaging.incoming import ChannelKind
from nlu import embedded
from nlu.embedded import EmbeddedInterpreter
from nlu.training_data import TRAINING_FOLDER, read_training_data
from people.consent import Way
from people.repository import networks, officers, organisations, residents
from people.roles import Action, Role
from samenspraak.application import load_answers
from samenspraak.demo import alerts_past, history, population, streets
from samenspraak.demo.dialogues import FOR_THE_POLICE, QUESTIONS, Sentences, Teller
from samenspraak.demo.population import Person
from samenspraak.demo.repository import ORDER, by_table, write
from samenspraak.demo.scene import Resident, resident
from samenspraak.demo.talk import Archive
from samenspraak.demo.town import Town, found
from samenspraak.migrations import upgrade
from samenspraak.settings import Settings
from storage import jobs
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault
from storage.repository import append_facts

_SEED = 1830
PAPER_FORM = "Ja, ik wil de meldingen van het buurtinformatienetwerk ontvangen op dit nummer. (formulier aan de balie)"


def learn(settings: Settings, console: Console) -> EmbeddedInterpreter:
    """What understands the residents; trained first, unless that was done before."""
    with Progress(console=console) as progress:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int, total: int) -> None:
            if not tasks:
                console.print("The language of the residents is learnt first: some minutes, once.")
            if step not in tasks:
                tasks[step] = progress.add_task(step, total=total)
            progress.update(tasks[step], completed=done, total=total)

        return embedded.train(TRAINING_FOLDER, settings.models, show)


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


async def enrol_on_paper(settings: Settings, town: Town, network: str, names: Sequence[str]) -> None:
    """People who filled in a form at the desk: members, with consent, who have never written to us."""
    database = Database(settings.database_url)
    vault = Vault(settings.require_secret_key())
    try:
        async with database.write() as connection:
            for name in names:
                await _enrol(connection, vault, town, town.networks[network], resident(name))
    finally:
        await database.close()


async def _enrol(connection: AsyncConnection, vault: Vault, town: Town, network_id: int, one: Resident) -> None:
    at, (channel, value) = now(), _address(one)
    made = await residents.create(connection, vault, town.police, at, name=one.name, language=one.language)
    person = await residents.get(connection, town.police, made)
    await residents.add_address(connection, vault, person, channel, value, at)
    (address,) = await residents.addresses(connection, town.police, made)
    await networks.give_consent(connection, town.police, address, at, Way.IMPORT, PAPER_FORM)
    await networks.join(connection, network_id, made, at)


def _address(one: Resident) -> tuple[ChannelKind, str]:
    """Where somebody wants alerts: on Telegram, else by the first way that their phone has."""
    if one.phone is None:
        return ChannelKind.TELEGRAM, str(one.chat_id)
    return ChannelKind(one.media[0] if one.media else "whatsapp"), one.phone


async def write_history(settings: Settings, town: Town, console: Console) -> None:
    """Fill the town with residents and what they did in the past month: the same each time but for the moments."""
    database, vault, at = Database(settings.database_url), Vault(settings.require_secret_key()), now()
    with Progress(console=console) as progress:
        task = progress.add_task("writing a month of history", total=None)
        try:
            everybody, archive = await _generated(settings, database, vault, town, at)
            archive.add("place", _station(town, at))
            tables = by_table(population.rows(vault, everybody, archive.last_wrote)) | archive.rows
            total = sum(len(rows) for rows in tables.values()) + len(archive.facts)
            progress.update(task, total=total)
            async with database.write() as connection:
                for table in ORDER:
                    await write(connection, table, tables.get(table, []))
                    progress.advance(task, len(tables.get(table, [])))
                await append_facts(connection, sorted(archive.facts, key=lambda one: one.at))
            progress.update(task, completed=total)
        finally:
            await database.close()


def _station(town: Town, at: datetime) -> dict[str, object]:
    """A place that the police zone keeps under a name."""
    where = Selection(area=streets.around_the_station())
    return {"organisation_id": town.police, "name": "Rond het station", "selection": where.as_json(), "created_at": at}


async def _generated(
    settings: Settings, database: Database, vault: Vault, town: Town, at: datetime
) -> tuple[list[Person], Archive]:
    chance, archive = random.Random(_SEED), Archive()  # noqa: S311 - no secret
    everybody = population.populate(vault, town, chance, at)
    answers, examples = load_answers(settings), read_training_data().examples
    for organisation_id, number, topics in (
        (town.municipality, history.OF_THE_MUNICIPALITY, QUESTIONS),
        (town.police, history.OF_THE_POLICE, FOR_THE_POLICE),
    ):
        async with database.read() as connection:
            organisation = await organisations.get(connection, organisation_id)
            able = {one.id: one.name for one in await officers.who_may(connection, organisation_id, Action.REPLY)}
        teller = Teller(organisation, answers, Sentences(examples, chance), able, topics, chance, at)
        people = [one for one in everybody if one.organisation_id == organisation_id]
        history.converse(archive, teller, chance.sample(people, number))
    async with database.read() as connection:
        police = {one.role: one.id for one in await officers.every(connection, town.police)}
    who = alerts_past.Officers(author=police[Role.EDITOR], approver=police[Role.APPROVER])
    alerts_past.warn(archive, town, who, everybody, chance, at)
    archive.facts += population.facts(everybody, at - timedelta(days=history.DAYS))
    return everybody, archive

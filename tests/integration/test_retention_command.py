"""`samenspraak retention`: what was kept long enough goes, what is in use stays, and a receipt is written."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bots.tables import conversation, message
from broadcast.cap import repository as cap
from broadcast.cap.importing import open_document, take_in
from broadcast.cap.tables import cap_document
from console.repository import audit
from people.repository import organisations, residents
from people.tables import address, consent, membership, resident
from samenspraak.commands.retention import retention
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault
from storage.errors import ConfigurationError, NotFound
from storage.repository import broken_audit_line
from tests.browser.seed import SECRET, Town, seed
from tests.cap_documents import alert, info

T = TypeVar("T")
AGES = timedelta(days=4000)
CLASSES = ("messages", "sent", "people", "intake", "cap")


class Place:
    """A town in a database, and the command."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.town: Town = self.do(self._seed)

    def do(self, work: Callable[[Database], Awaitable[T]]) -> T:
        async def run() -> T:
            database = Database(self._url)
            try:
                return await work(database)
            finally:
                await database.close()

        return asyncio.run(run())

    def ask(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        async def run(database: Database) -> T:
            async with database.write() as connection:
                return await work(connection)

        return self.do(run)

    async def _seed(self, database: Database) -> Town:
        town = await seed(database, Vault(SECRET))
        await seed(database, Vault(SECRET), "elders", "Elders", roles=())
        async with database.write() as connection:
            organisation = await organisations.get(connection, town.organisation_id)
            await take_in(connection, organisation, open_document(alert(info()).encode()), "Meldkamer", now())
        return town

    def age(self) -> None:
        """Everything in the first town happened long ago, and its conversations were closed."""

        async def work(connection: AsyncConnection) -> None:
            before, mine = now() - AGES, self.town.organisation_id
            old = {"created_at": before}
            await connection.execute(update(resident).where(resident.c.organisation_id == mine).values(**old))
            talks = update(conversation).where(conversation.c.organisation_id == mine)
            await connection.execute(talks.values(closed_at=before, last_message_at=before, state="closed"))
            await connection.execute(update(cap_document).values(received_at=before))

        self.ask(work)

    def run(self, *options: str) -> dict[str, int]:
        """What went, or would go, of the first town."""
        done = CliRunner().invoke(retention, [*options, "--json"])
        if done.exception is not None:
            raise done.exception
        rows = json.loads(done.output)["rows"]
        assert {row["rows"] for row in rows if row["organisation"] == "elders"} == {0}
        return {row["class"]: row["rows"] for row in rows if row["organisation"] == "lindebeke"}

    def count(self, *conditions: Any) -> int:
        """Rows that are so."""

        async def work(connection: AsyncConnection) -> int:
            statement = select(func.count()).where(*conditions)
            return int(await connection.scalar(statement) or 0)

        return self.ask(work)


@pytest.fixture
def place(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("SAMENSPRAAK_DATABASE_URL", database_url)
    monkeypatch.setenv("SAMENSPRAAK_SECRET_KEY", SECRET)
    return Place(database_url)


def test_nothing_goes_of_what_is_in_use(place: Place) -> None:
    assert place.run() == dict.fromkeys(CLASSES, 0)


def test_a_dry_run_says_what_would_go_and_leaves_it(place: Place) -> None:
    place.age()
    mine = message.c.organisation_id == place.town.organisation_id
    messages = place.count(mine)
    would = place.run("--dry-run")
    assert (would["messages"], would["cap"]) == (messages, 1)
    assert place.count(mine) == messages
    went = place.run()
    assert went == would
    assert place.count(mine) == 0
    assert place.run() == dict.fromkeys(CLASSES, 0)


def test_only_who_is_in_no_network_and_agreed_to_nothing_is_forgotten(place: Place) -> None:
    place.age()
    assert place.run()["people"] == place.count(
        resident.c.organisation_id == place.town.organisation_id, resident.c.wrapped_key.is_(None)
    )
    member, agreed = membership.c.resident_id == resident.c.id, consent.c.resident_id == resident.c.id
    assert place.count(member, resident.c.wrapped_key.is_(None)) == 0
    assert place.count(agreed, consent.c.withdrawn_at.is_(None), resident.c.wrapped_key.is_(None)) == 0


def test_nobody_finds_or_reads_who_was_forgotten(place: Place) -> None:
    person = place.town.resident_ids[0]

    async def leave(connection: AsyncConnection) -> None:
        await connection.execute(membership.delete().where(membership.c.resident_id == person))
        gone = update(consent).where(consent.c.resident_id == person)
        await connection.execute(gone.values(withdrawn_at=now(), withdrawn_way="chat"))

    place.ask(leave)
    place.age()
    theirs = select(address.c.id, address.c.lookup).where(address.c.resident_id == person)

    async def first(connection: AsyncConnection) -> tuple[int, str]:
        row = (await connection.execute(theirs)).one()
        return row.id, row.lookup

    address_id, lookup = place.ask(first)
    assert place.run()["people"] >= 1
    assert place.count(address.c.lookup == lookup) == 0
    with pytest.raises(NotFound, match="was erased"):
        place.ask(lambda connection: residents.address_value(connection, Vault(SECRET), address_id))


def test_a_document_goes_and_what_became_of_it_stays(place: Place) -> None:
    place.age()
    place.run()
    (kept,) = place.ask(lambda connection: cap.latest(connection, place.town.organisation_id))
    assert kept.identifier == "LB-1"
    with pytest.raises(NotFound, match="not kept"):
        place.ask(lambda connection: cap.document(connection, place.town.organisation_id, kept.document_id))


def test_the_terms_are_those_of_the_settings(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.age()
    monkeypatch.setenv("SAMENSPRAAK_KEEP_MESSAGES_DAYS", "9000")
    monkeypatch.setenv("SAMENSPRAAK_KEEP_CAP_DAYS", "9000")
    went = place.run()
    assert (went["messages"], went["cap"]) == (0, 0)
    for wrong in ("0", "6", "7.5", "altijd"):
        monkeypatch.setenv("SAMENSPRAAK_KEEP_CAP_DAYS", wrong)
        with pytest.raises(ConfigurationError, match="KEEP_CAP_DAYS must be a"):
            place.run()


def test_the_receipt_stands_in_an_audit_that_is_whole(place: Place) -> None:
    place.age()
    place.run("--dry-run")
    place.run()
    mine = place.town.organisation_id
    assert place.ask(lambda connection: broken_audit_line(connection, mine)) is None
    lines = place.ask(lambda connection: _receipts(connection, mine))
    assert [one["cap"] for one in lines] == [{"days": 1095, "rows": 1}]


async def _receipts(connection: AsyncConnection, organisation_id: int) -> list[dict[str, Any]]:
    lines = await audit.last(connection, organisation_id)
    return [one.data or {} for one in lines if one.action == "retention"]

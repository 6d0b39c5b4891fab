"""An organisation with a log, for the tests that count it."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Table, select

from participation.rollup import Rollups
from participation.tables import rollup, rollup_conversation, rollup_resident
from people.organisation import OrganisationKind
from people.repository import organisations
from storage.database import Database
from storage.facts import Fact
from storage.repository import append_facts
from tests.participation_log import MORNING


async def make_organisation(database: Database, slug: str = "lindebeke") -> int:
    async with database.write() as connection:
        return await organisations.create(
            connection,
            kind=OrganisationKind.MUNICIPALITY,
            name=slug.title(),
            slug=slug,
            at=MORNING,
            inhabitants=21_032,
        )


async def append(database: Database, facts: Iterable[Fact]) -> None:
    async with database.write() as connection:
        await append_facts(connection, facts)


async def catch_up(rollups: Rollups) -> int:
    """Work until nothing is left; gives how many rounds that took."""
    rounds = 1
    while await rollups.work():
        rounds += 1
    return rounds


async def content(database: Database, organisation_id: int) -> list[Sequence[Any]]:
    """Everything that is kept for an organisation, but for its number."""
    async with database.read() as connection:
        return [
            (await connection.execute(_rows(table, organisation_id))).all()
            for table in (rollup, rollup_resident, rollup_conversation)
        ]


def _rows(table: Table, organisation_id: int) -> Any:
    mine = select(*list(table.c)[1:]).where(table.c.organisation_id == organisation_id)
    return mine.order_by(*table.primary_key)

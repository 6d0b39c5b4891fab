"""A worker that brings a list in is killed at random moments; another goes on, and nobody is there twice or missing."""

import asyncio
import random
import signal
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from broadcast.members.evidence import Evidence
from broadcast.members.importing import open_list
from broadcast.repository import imports
from broadcast.repository.imports import Import
from broadcast.tables import member_import, refused_row
from people.repository import networks
from people.tables import address, consent, membership, resident
from storage import jobs
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault
from storage.facts import FactKind
from storage.tables import fact
from tests.acceptance.running import eventually, installation

ROWS, REFUSED, KILLS = 20_000, 40, 3
EVIDENCE = Evidence(on=date(2026, 1, 31), how="formulier", wording="Ja", everybody=True)


def _list() -> bytes:
    """Every five hundredth row holds no number."""
    step = ROWS // REFUSED
    lines = (f"An{one};{'geen' if one % step == 0 else f'+3247{one:07}'};Straat;{one % 400 + 1}" for one in range(ROWS))
    return "\n".join(["voornaam;gsm;straat;nr", *lines]).encode()


async def _begin(database: Database, vault: Vault) -> int:
    content = _list()
    opened = open_list("leden.csv", content)
    async with database.write() as connection:
        network = await networks.create(connection, 1, "BIN", "bin", now())
        made = await imports.create(connection, vault, 1, None, "leden.csv", content, opened.digest, opened.rows, now())
        one = await imports.get(connection, 1, made)
        more = {"network_id": network, "columns": opened.columns, "evidence": EVIDENCE.as_json()}
        await imports.start(connection, one, "importing", ["uploaded"], now(), **more)
    return made


async def test_a_list_is_brought_in_once_however_often_its_worker_is_killed(database_url: str, tmp_path: Path) -> None:
    async with installation(tmp_path, database_url, with_public_url=False) as (site, _):
        database, vault = Database(database_url), Vault(site.environment()["SAMENSPRAAK_SECRET_KEY"])
        await asyncio.to_thread(jobs.prepare, database_url)
        made, chance = await _begin(database, vault), random.Random(7)  # noqa: S311 - which moment is no secret

        async def so_far() -> Import:
            async with database.read() as connection:
                return await imports.get(connection, 1, made)

        for _ in range(KILLS):
            worker, line = site.run("worker"), (await so_far()).done + chance.randrange(400, 3_000)

            async def is_past(line: int = line) -> bool:
                assert worker.poll() is None, site.log("worker")  # noqa: B023 - asked while this one runs
                return (await so_far()).done >= line

            await eventually(is_past, 120)
            worker.send_signal(signal.SIGKILL)
            await asyncio.to_thread(worker.wait)
            assert (await so_far()).state == "importing"
            async with database.write() as connection:  # as if the minute were over for which a dead worker holds it
                await connection.execute(update(member_import).values(lease_until=now() - timedelta(seconds=1)))
        site.run("worker")

        async def is_done() -> bool:
            return (await so_far()).state == "done"

        await eventually(is_done, 180)
        done = await so_far()
        assert (done.done, done.counts) == (ROWS, {"new": ROWS - REFUSED, "agreed": ROWS - REFUSED, "refused": REFUSED})
        async with database.read() as connection:
            for table in (resident, address, membership, consent):
                assert await connection.scalar(select(func.count()).select_from(table)) == ROWS - REFUSED
            given = select(fact.c.resident_id).where(fact.c.kind == FactKind.CONSENT_GIVEN)
            assert set(Counter(await connection.scalars(given)).values()) == {1}
            refused = await connection.scalars(select(refused_row.c.number).order_by(refused_row.c.number))
            assert list(refused) == [2 + one * (ROWS // REFUSED) for one in range(REFUSED)]
        await database.close()

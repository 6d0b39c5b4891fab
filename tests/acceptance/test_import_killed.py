"""A process that brings a list in is killed at random moments; others go on, and nobody is there twice or missing."""

import asyncio
import random
import signal
import subprocess
from collections import Counter
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from broadcast.repository import imports
from broadcast.repository.imports import Import
from broadcast.tables import member_import, refused_row
from people.repository import networks
from people.tables import address, consent, membership, resident
from storage import jobs
from storage.clock import now
from storage.database import Database
from storage.facts import FactKind
from storage.tables import fact
from tests.acceptance.running import Installation, eventually, installation

ROWS, REFUSED, KILLS = 6_000, 40, 3
STEP = ROWS // REFUSED  # each row of that many holds no number
HEAD = "voornaam;gsm;straat;nr"


def _row(one: int) -> str:
    return f"An{one};{'geen' if one % STEP == 0 else f'+3247{one:07}'};Straat;{one % 400 + 1}"


def _bring_in(site: Installation, name: str, rows: list[str]) -> subprocess.Popen[bytes]:
    """The command, which works on every list that waits, the oldest first."""
    (site.home / name).write_text("\n".join([HEAD, *rows]))
    how = ("--consent-date=2026-01-31", "--consent-how=formulier", "--consent-wording=Ja", "--everybody-agreed")
    return site.run("members", "import", name, "--network=bin", *how)


async def test_a_list_is_brought_in_once_however_often_a_process_is_killed(database_url: str, tmp_path: Path) -> None:
    async with installation(tmp_path, database_url, with_public_url=False) as (site, _):
        database = Database(database_url)
        await asyncio.to_thread(jobs.prepare, database_url)
        async with database.write() as connection:
            await networks.create(connection, 1, "BIN", "bin", now())

        async def so_far() -> Import:
            async with database.read() as connection:
                return await imports.get(connection, 1, 1)

        chance, line = random.Random(7), 0  # noqa: S311 - which moment is no secret
        process = _bring_in(site, "leden.csv", [_row(one) for one in range(ROWS)])
        for kill in range(KILLS):
            line += chance.randrange(200, 1_500)

            async def is_past(line: int = line) -> bool:
                async with database.read() as connection:
                    found = await imports.recent(connection, 1)
                return any(one.id == 1 and one.done >= line for one in found)

            await eventually(is_past, 120)
            process.send_signal(signal.SIGKILL)
            await asyncio.to_thread(process.wait)
            assert (await so_far()).state == "importing"
            async with database.write() as connection:  # as if the minute were over for which the dead one holds it
                await connection.execute(update(member_import).values(lease_until=now() - timedelta(seconds=1)))
            process = _bring_in(site, f"een-{kill}.csv", [_row(ROWS + 1 + kill)])
        assert await asyncio.to_thread(process.wait, 180) == 0, site.log("members")
        done, everybody = await so_far(), ROWS - REFUSED + KILLS
        assert (done.state, done.done) == ("done", ROWS)
        assert done.counts == {"new": ROWS - REFUSED, "agreed": ROWS - REFUSED, "refused": REFUSED}
        async with database.read() as connection:
            for table in (resident, address, membership, consent):
                assert await connection.scalar(select(func.count()).select_from(table)) == everybody
            given = select(fact.c.resident_id).where(fact.c.kind == FactKind.CONSENT_GIVEN)
            assert set(Counter(await connection.scalars(given)).values()) == {1}
            kept = select(refused_row.c.number).where(refused_row.c.import_id == 1).order_by(refused_row.c.number)
            assert list(await connection.scalars(kept)) == [1, *(2 + one * STEP for one in range(REFUSED))]
        await database.close()

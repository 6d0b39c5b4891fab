"""Two `samenspraak worker` processes share an alert; the one that sends is killed, and the other sends the rest."""

import asyncio
from collections import Counter
from pathlib import Path

from sqlalchemy import select

from benchmarks.crowd import gather
from broadcast.event import EventState
from broadcast.repository import events
from messaging.repository import tallies
from messaging.tables import delivery
from storage import jobs
from storage.database import Database
from storage.encryption import Vault
from storage.tables import worker
from tests.acceptance.running import eventually, installation

MEMBERS = 1_200
RATE = "100"
TAKEN_OVER_WITHIN = 30.0


async def test_a_worker_that_is_killed_for_good_has_its_part_of_an_alert_sent_by_the_other(
    postgresql_url: str, tmp_path: Path
) -> None:
    async with installation(tmp_path, postgresql_url) as (site, control):
        database = Database(postgresql_url)
        await asyncio.to_thread(jobs.prepare, postgresql_url)
        crowd = await gather(database, Vault(site.environment()["SAMENSPRAAK_SECRET_KEY"]), 1, MEMBERS)
        workers = {name: site.run("worker", worker=name, telegram_per_second=RATE) for name in ("one", "two")}
        taken = site.far_end.world.log.counts

        async def both_live() -> bool:
            async with database.read() as connection:
                return len(list(await connection.scalars(select(worker.c.name)))) == len(workers)

        await eventually(both_live, 60)
        event_id = await crowd.approve(*await crowd.submit())
        busy: set[str] = set()

        async def under_way() -> bool:
            nonlocal busy
            async with database.read() as connection:
                leases = await connection.scalars(select(delivery.c.lease).where(delivery.c.state == "sending"))
                busy = {lease.split(":")[0] for lease in leases}
            return taken["telegram.accepted"] > MEMBERS // 4 and len(busy) > 0

        async def sent() -> bool:
            async with database.read() as connection:
                return await events.state_of(connection, event_id) is EventState.SENT

        await eventually(under_way, 60)
        workers[busy.pop()].kill()
        await eventually(sent, MEMBERS / float(RATE) + TAKEN_OVER_WITHIN)
        times = Counter(one["address"] for one in await control.log() if one["event"] == "accepted")
        async with database.read() as connection:
            counts = await tallies.counts(connection, event_id)
        await database.close()
        assert len(times) == MEMBERS
        assert sum(number > 1 for number in times.values()) <= sum(
            one.number for one in counts if one.possible_duplicate
        )

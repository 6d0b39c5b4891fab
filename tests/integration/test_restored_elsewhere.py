"""A backup that is put back on another machine: its worker has another name than the one that was sending."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update

from messaging.delivery import REACHED
from messaging.incoming import ChannelKind
from messaging.tables import delivery
from samenspraak.commands.backup import backup, restore
from storage.database import Database
from storage.tables import MICROSECOND, worker
from tests.integration.broadcast_setting import SECRET, Zone, police_zone
from tests.integration.test_broadcast_crash import worker as sending
from tests.postgres import PostgresServer

MEMBERS = 60
A_NIGHT = timedelta(hours=8)


@pytest.fixture
def elsewhere(database_url: str, tmp_path: Path, postgres: PostgresServer) -> Iterator[str]:
    """A database that is not there yet, or empty."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'elsewhere.db'}"
    else:
        yield postgres.create_database("elsewhere")
        postgres.drop_database("elsewhere")


async def moved(zone: Zone, to: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> Zone:
    """The zone as it was put aside last night, and put back there."""
    monkeypatch.setenv("SAMENSPRAAK_SECRET_KEY", SECRET)
    monkeypatch.setenv("SAMENSPRAAK_DATA", str(file.parent / "data"))
    for command, url in ((backup, zone.url), (restore, to)):
        monkeypatch.setenv("SAMENSPRAAK_DATABASE_URL", url)
        await asyncio.to_thread(CliRunner().invoke, command, [str(file)], catch_exceptions=False)
    database = Database(to)
    async with database.write() as connection:
        await connection.execute(update(worker).values(seen_at=worker.c.seen_at - A_NIGHT // MICROSECOND))
    return replace(zone, url=to, database=database)


async def test_what_the_old_machine_was_sending_is_looked_into_and_everybody_is_told(
    database_url: str,
    elsewhere: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    postgresql_programs: None,
) -> None:
    async with police_zone(database_url) as old:
        await old.sender(ChannelKind.TELEGRAM, rate=50)
        old.far_end.world.set_latency(0.2)
        chats = await old.members(MEMBERS)
        _, event_id = await old.sent()
        async with sending(old, "old"), asyncio.timeout(60):
            while len(old.arrived()) < MEMBERS // 3:  # noqa: ASYNC110 - it arrives from another process
                await asyncio.sleep(0.005)
        new = await moved(old, elsewhere, tmp_path / "night.samenspraak", monkeypatch)
        async with new.database.read() as connection:
            leased = delivery.c.lease.startswith("old:") & (delivery.c.state == "sending")
            assert await connection.scalar(select(func.count()).where(leased))
        async with sending(new, "new"):
            await new.until(event_id, "sent")
        counts, times = await new.counts(event_id), Counter(one["address"] for one in old.arrived())
        await new.database.close()
        assert set(times) == set(chats)
        assert sum(one.number for one in counts if one.state in REACHED) == MEMBERS
        assert sum(number > 1 for number in times.values()) <= sum(
            one.number for one in counts if one.possible_duplicate
        )

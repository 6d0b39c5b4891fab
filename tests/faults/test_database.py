"""The database goes away, or is full: what was sent is written down later, and nobody is lost."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import event, text

from messaging.incoming import ChannelKind
from samenspraak.migrations import upgrade
from tests.faults.sending import IN_FLIGHT, nobody_is_lost
from tests.faults.test_killed import more_arrived
from tests.integration.broadcast_setting import police_zone
from tests.postgres import postgres_server

AWAY_SECONDS = 1.0
UNLIMITED = 1_000_000


async def test_postgresql_that_restarts_again_and_again_loses_nobody(request: pytest.FixtureRequest) -> None:
    restarts: int = request.config.getoption("--restarts")
    with postgres_server(durable=True) as server:
        url = server.create_database("town")
        await asyncio.to_thread(upgrade, url)
        async with police_zone(url) as zone:
            await zone.sender(ChannelKind.TELEGRAM, rate=50)
            chats = await zone.members(60 * (restarts + 1))
            async with zone.dispatching():
                _, event_id = await zone.sent()
                for _ in range(restarts):
                    await more_arrived(zone, 20)
                    await asyncio.to_thread(server.kill)
                    await asyncio.sleep(AWAY_SECONDS)
                    await asyncio.to_thread(server.start)
                async with asyncio.timeout(120):
                    await zone.until(event_id, "sent")
            await nobody_is_lost(zone, event_id, chats, unclear=restarts * IN_FLIGHT)


async def test_a_full_disk_holds_an_alert_up_and_loses_nobody(sqlite_url: str) -> None:
    pages = {"most": UNLIMITED}

    async with police_zone(sqlite_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM, rate=100)
        chats = await zone.members(150)

        @event.listens_for(zone.database.engine.sync_engine, "begin")
        def limit(connection: Any) -> None:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages['most']}")

        async with zone.dispatching():
            _, event_id = await zone.sent()
            await more_arrived(zone, 20)
            async with zone.database.read() as connection:
                pages["most"] = int((await connection.execute(text("PRAGMA page_count"))).scalar_one())
            await asyncio.sleep(2)
            pages["most"] = UNLIMITED
            await zone.until(event_id, "sent")
        await nobody_is_lost(zone, event_id, chats, unclear=IN_FLIGHT)

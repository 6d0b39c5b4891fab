"""Two messages to one chat leave a second apart, whoever sends them; other chats do not wait for that."""

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast import steering
from broadcast.event import EventKind
from messaging.delivery import Purpose
from messaging.incoming import ChannelKind
from messaging.repository import attempts, pace, senders
from messaging.repository.attempts import Attempt
from messaging.sender import Sender
from messaging.tables import delivery
from people.tables import address
from storage.clock import now
from tests.integration.broadcast_setting import Zone, police_zone

TELEGRAM = ChannelKind.TELEGRAM
SECOND = 1_000_000


async def _alert(zone: Zone, members: int) -> tuple[Sender, list[Attempt]]:
    """The zone's bot, and the attempts of an alert, committed."""
    await zone.sender(TELEGRAM, rate=1000)
    await zone.members(members)
    await zone.sent()
    async with zone.database.write() as connection:
        (bot,) = await senders.every(connection, zone.vault)
        ids = list(await connection.scalars(select(delivery.c.id).order_by(delivery.c.id)))
        return bot, await attempts.start(connection, ids, "worker:1", now())


async def _free_at(connection: AsyncConnection, address_ids: Sequence[int]) -> list[int]:
    return list(await connection.scalars(select(address.c.free_at).where(address.c.id.in_(address_ids))))


async def test_messages_to_one_chat_are_spaced_by_all_workers_together(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        bot, (one,) = await _alert(zone, 1)

        async def worker() -> tuple[float, int]:
            async with zone.database.write() as connection:
                ((_, leaves_at),) = await pace.depart(connection, bot, [one])
                (free,) = await _free_at(connection, [one.address_id])
                return leaves_at, free

        began = time.monotonic()
        found = sorted(await asyncio.gather(*(worker() for _ in range(4))))
        moments = [free for _, free in found]
        assert all(later - earlier >= SECOND for earlier, later in itertools.pairwise(moments))
        assert found[-1][0] > began + 1


async def test_another_chat_does_not_wait_nor_does_what_may_save_a_life(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        bot, (one, other) = await _alert(zone, 2)
        async with zone.database.write() as connection:
            await pace.depart(connection, bot, [one, one, one])
            ((_, waits), (_, free)) = await pace.depart(connection, bot, [one, other])
            ((_, urgent),) = await pace.depart(connection, bot, [replace(one, purpose=Purpose.SAFETY)])
        assert free < waits
        assert urgent < waits


async def test_messages_to_many_chats_leave_evenly_in_the_pace_of_their_sender(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        bot, messages = await _alert(zone, 6)
        async with zone.database.write() as connection:
            departures = await pace.depart(connection, replace(bot, messages_per_second=30.0), messages)
        waits = [later - earlier for (_, earlier), (_, later) in itertools.pairwise(departures)]
        assert waits == pytest.approx([1 / 30] * 5, abs=1e-5)


async def test_the_all_clear_waits_for_the_alert_that_was_just_told(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(TELEGRAM, rate=1000)
        await zone.members(3)
        async with zone.dispatching():
            alert_id, event_id = await zone.sent()
            await zone.until(event_id, "sent")
            async with zone.database.write() as connection:
                told = (connection, zone.vault, zone.approver, alert_id, EventKind.ALL_CLEAR, {"nl": "Gedicht."}, now())
                clear = await steering.follow_up(*told)
            await zone.until(clear, "sent")
        moments = [datetime.fromisoformat(one["at"]) for one in zone.arrived()]
        assert moments[3] - moments[2] > timedelta(seconds=0.3)

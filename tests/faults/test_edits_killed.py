"""kill -9 while messages that people have are marked as out of date: each of them is marked in the end."""

import asyncio
import random

from broadcast import steering
from broadcast.event import EventKind
from messaging.incoming import ChannelKind
from storage.clock import now
from tests.faults.sending import SEED, troubles
from tests.integration.broadcast_setting import Zone, police_zone
from tests.integration.test_broadcast_crash import worker
from tests.integration.test_broadcast_replaced import CLEAR, edited, finished

AT_A_TIME = 40
FAULTS = 3


async def more_edited(zone: Zone, number: int) -> None:
    goal = len(edited(zone)) + number
    async with asyncio.timeout(60):
        while len(edited(zone)) < goal:  # noqa: ASYNC110 - it arrives from another process
            await asyncio.sleep(0.005)


async def test_a_worker_killed_among_its_edits_leaves_no_message_as_it_was(database_url: str, kills: int) -> None:
    chance = random.Random(SEED)  # noqa: S311 - no secret
    async with police_zone(database_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM, rate=200)
        await zone.members((kills + 1) * AT_A_TIME)
        alert_id, event_id = await zone.sent()
        async with worker(zone):
            await zone.until(event_id, "sent")
            first = {one["address"]: one["provider_id"] for one in zone.arrived()}
            zone.far_end.world.set_latency(0.05)
            async with zone.database.write() as connection:
                clear_id = await steering.follow_up(
                    connection, zone.vault, zone.approver, alert_id, EventKind.ALL_CLEAR, CLEAR, now()
                )
            await zone.until(clear_id, "sent")
            # Killed here for the first time, when the edits are about to be written.
        for _ in range(kills):
            zone.far_end.world.faults.orders.extend(troubles(chance, FAULTS, "editMessageText"))
            async with worker(zone):
                await more_edited(zone, chance.randrange(1, AT_A_TIME // 2))
                await asyncio.sleep(chance.uniform(0, 0.1))
        async with worker(zone):
            await finished(zone, clear_id, len(first))
        assert {one["address"]: one["provider_id"] for one in edited(zone)} == first
        assert zone.far_end.world.log.violations == []

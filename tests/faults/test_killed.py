"""kill -9 at random moments, while the provider misbehaves: nobody is lost, and who may be told twice is marked."""

import asyncio
import random
from datetime import datetime, timedelta

from messaging.incoming import ChannelKind
from simulator.log import Entry
from tests.faults.sending import IN_FLIGHT, SEED, nobody_is_lost, reached, troubles
from tests.integration.broadcast_setting import Zone, police_zone
from tests.integration.test_broadcast_crash import worker

AT_A_TIME = 40
FAULTS = 3


async def more_arrived(zone: Zone, number: int) -> None:
    goal = len(zone.arrived()) + number
    async with asyncio.timeout(60):
        while len(zone.arrived()) < goal:  # noqa: ASYNC110 - it arrives from another process
            await asyncio.sleep(0.005)


async def test_a_worker_killed_again_and_again_loses_nobody(database_url: str, kills: int) -> None:
    chance = random.Random(SEED)  # noqa: S311 - no secret
    async with police_zone(database_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM, rate=200)
        zone.far_end.world.set_latency(0.05)
        chats = await zone.members((kills + 1) * AT_A_TIME)
        _, event_id = await zone.sent()
        for _ in range(kills):
            zone.far_end.world.faults.orders.extend(troubles(chance, FAULTS))
            async with worker(zone):
                await more_arrived(zone, chance.randrange(1, AT_A_TIME // 2))
                await asyncio.sleep(chance.uniform(0, 0.1))
        async with worker(zone):
            await zone.until(event_id, "sent")
            # A large event is counted by the slice, a moment after.
            await zone.holds(lambda: zone.counts(event_id), lambda counts: reached(counts) == len(chats))
        await nobody_is_lost(zone, event_id, chats, unclear=kills * (IN_FLIGHT + FAULTS))


async def test_what_a_provider_asks_to_wait_is_never_undercut(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM, rate=100)
        chats = await zone.members(120)
        chance = random.Random(SEED)  # noqa: S311 - no secret
        zone.far_end.world.faults.orders.extend(fault for fault in troubles(chance, 20) if fault.kind == "rate_limited")
        async with zone.dispatching():
            _, event_id = await zone.sent()
            await zone.until(event_id, "sent")
        await nobody_is_lost(zone, event_id, chats, unclear=0)
        entries = [one for one in zone.far_end.world.log.after(0) if one["event"] in {"accepted", "refused"}]
        refusals = [one for one in entries if "retry_after" in one]
        assert refusals
        for refused in refusals:
            assert [one for one in entries if undercuts(one, refused)] == []


def undercuts(one: Entry, refused: Entry) -> bool:
    """Whether a request came while we were asked to wait; what was under way when we were told does not count."""
    told, came = datetime.fromisoformat(refused["at"]), datetime.fromisoformat(one["at"])
    under_way, wait = timedelta(milliseconds=250), timedelta(seconds=refused["retry_after"])
    return told + under_way < came < told + wait - timedelta(milliseconds=20)

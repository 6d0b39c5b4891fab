"""A worker that is killed loses nobody; who may have got it twice is marked."""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from broadcast.alert import Severity
from messaging.delivery import REACHED, DeliveryState
from messaging.incoming import ChannelKind
from tests.integration.broadcast_setting import Zone, police_zone

MEMBERS = 150
IN_FLIGHT = 2 * 50  # two chunks at a time of a sender, a mini-batch each


@asynccontextmanager
async def worker(zone: Zone, name: str = "worker-1") -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker process, killed at the end."""
    command = (sys.executable, "-m", "tests.integration.broadcast_worker", zone.url, name)
    process = await asyncio.create_subprocess_exec(*command)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def killed_half_way(zone: Zone, **changes: object) -> int:
    """An alert whose worker is killed when a third has arrived; the next worker then sends the rest."""
    await zone.sender(ChannelKind.TELEGRAM, rate=100)
    zone.far_end.world.set_latency(0.1)
    chats = await zone.members(MEMBERS)
    _, event_id = await zone.sent(**changes)
    async with worker(zone), asyncio.timeout(60):
        while len(zone.arrived()) < MEMBERS // 3:  # noqa: ASYNC110 - it arrives from another process
            await asyncio.sleep(0.005)
    assert len(zone.arrived()) < MEMBERS
    async with worker(zone):
        await zone.until(event_id, "sent")
    assert {one["address"] for one in zone.arrived()} <= set(chats)
    return event_id


async def test_an_alert_on_which_lives_depend_reaches_everybody_and_doubles_only_what_it_marks(
    database_url: str,
) -> None:
    async with police_zone(database_url) as zone:
        event_id = await killed_half_way(zone)
        times = Counter(one["address"] for one in zone.arrived())
        counts = await zone.counts(event_id)
        assert len(times) == MEMBERS
        assert sum(one.number for one in counts if one.state in REACHED) == MEMBERS
        doubled = sum(number > 1 for number in times.values())
        marked = sum(one.number for one in counts if one.possible_duplicate)
        assert doubled <= marked <= IN_FLIGHT


async def test_a_routine_message_comes_at_most_once_and_what_is_unknown_stays_so(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        event_id = await killed_half_way(zone, severity=Severity.MINOR)
        times = Counter(one["address"] for one in zone.arrived())
        counts = await zone.counts(event_id)
        assert set(times.values()) == {1}
        states = Counter({one.state: one.number for one in counts})
        assert states[DeliveryState.ACCEPTED] + states[DeliveryState.UNKNOWN] == MEMBERS
        assert states[DeliveryState.UNKNOWN] <= IN_FLIGHT
        assert sum(one.number for one in counts if one.possible_duplicate) == 0


async def test_the_work_of_a_worker_that_never_comes_back_is_taken_over(postgresql_url: str) -> None:
    async with police_zone(postgresql_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM, rate=100)
        zone.far_end.world.set_latency(0.1)
        chats = await zone.members(MEMBERS)
        _, event_id = await zone.sent()
        async with worker(zone, "one"), asyncio.timeout(60):
            while len(zone.arrived()) < MEMBERS // 3:  # noqa: ASYNC110 - it arrives from another process
                await asyncio.sleep(0.005)
        async with worker(zone, "two"):
            await zone.until(event_id, "sent")
        assert {one["address"] for one in zone.arrived()} == set(chats)

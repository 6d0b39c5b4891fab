"""kill -9 at any moment of intake and of sending: no acknowledged message is lost, duplicates are marked."""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import httpx

from messaging.tables import delivery
from simulator.client import SimulatorClient
from tests.acceptance.running import TELEGRAM_SECRET, Installation, installation, update

ROUNDS = 4
MESSAGES = 60
EVERY = 0.01  # seconds between two messages
IN_FLIGHT = 20  # single messages that leave at once
SEED = 20_161_124


class Stream:
    """Posts updates at a steady pace until nobody takes them any more; keeps those that were acknowledged."""

    def __init__(self, site: Installation) -> None:
        self.site = site
        self.acknowledged: list[int] = []

    async def run(self, numbers: range) -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            await asyncio.gather(*(self._post(client, number, numbers.start) for number in numbers))

    async def _post(self, client: httpx.AsyncClient, number: int, first: int) -> None:
        await asyncio.sleep((number - first) * EVERY)
        body = update(number, "Wanneer wordt het papier opgehaald?")
        headers = {"X-Telegram-Bot-Api-Secret-Token": TELEGRAM_SECRET}
        try:
            answer = await client.post(f"{self.site.url}/webhooks/telegram/telegram", json=body, headers=headers)
        except httpx.TransportError:
            return
        if answer.status_code == 200:
            self.acknowledged.append(number)


async def kill_once(site: Installation, holds: Callable[[], bool], seconds: float) -> None:
    """kill -9 so long after it holds."""
    while not holds():  # noqa: ASYNC110 whatever makes it hold has no event for it
        await asyncio.sleep(0.001)
    await asyncio.sleep(seconds)
    site.processes[-1].send_signal(signal.SIGKILL)
    await asyncio.to_thread(site.processes[-1].wait)


async def arrived(control: SimulatorClient) -> Counter[int]:
    """How many answers each person got."""
    return Counter(int(one["address"]) for one in await control.log() if one["event"] == "accepted")


async def test_kill_at_random_moments_loses_nothing_and_marks_what_may_have_left_twice(
    database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(SEED)  # noqa: S311 (no secret)
    async with installation(tmp_path, database_url) as (site, control):
        stream, counts = Stream(site), site.far_end.world.log.counts
        for number in range(ROUNDS):
            await site.serve()
            wanted, sent = chance.randrange(1, MESSAGES // 2), counts["telegram.accepted"]
            taken = len(stream.acknowledged)

            def holds(
                of_intake: bool = number % 2 == 0, taken: int = taken, sent: int = sent, wanted: int = wanted
            ) -> bool:
                return (len(stream.acknowledged) - taken if of_intake else counts["telegram.accepted"] - sent) >= wanted

            numbers = range(1 + number * MESSAGES, 1 + (number + 1) * MESSAGES)
            await asyncio.gather(stream.run(numbers), kill_once(site, holds, chance.uniform(0, 0.02)))
        await site.serve()
        await site.settled()
        answers = await arrived(control)
        assert len(stream.acknowledged) >= ROUNDS
        assert [number for number in stream.acknowledged if answers[number] == 0] == []
        twice = {number for number, count in answers.items() if count > 1}
        rows = await site.rows(delivery)
        marked = sum(row.possible_duplicate for row in rows)
        assert len(twice) <= marked <= ROUNDS * IN_FLIGHT
        assert len(rows) == len({row.resident_id for row in rows})
        assert max(answers.values()) <= 1 + ROUNDS
        assert await control.violations() == []

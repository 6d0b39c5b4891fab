"""What a process remembers of the events that it sends."""

import asyncio
import time

import pytest

from broadcast.gate import Gate, Sight
from storage.database import Database

EVENTS = 20


async def test_events_of_which_nothing_leaves_any_more_are_forgotten(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    gate = Gate(database)
    for event_id in range(EVENTS):
        await gate.is_open(event_id)
        await asyncio.sleep(0.03)
    await database.close()
    assert list(gate.seen) == [EVENTS - 1]


async def test_events_that_are_sent_at_once_are_all_remembered(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    gate = Gate(database)
    await asyncio.gather(*(gate.is_open(event_id) for event_id in range(EVENTS)))
    await database.close()
    assert list(gate.seen) == list(range(EVENTS))


@pytest.mark.parametrize(("age", "goes"), [(0.03, True), (0.06, False)])
async def test_who_comes_while_somebody_looks_goes_by_the_last_look_for_fifty_milliseconds(
    sqlite_url: str, age: float, goes: bool
) -> None:
    database = Database(sqlite_url)
    gate = Gate(database)
    moment = time.monotonic()
    seen = gate.seen[1] = Sight(at=moment - age)
    async with seen.turn:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("broadcast.gate.time.monotonic", lambda: moment)
            asked = asyncio.create_task(gate.is_open(1))
            await asyncio.sleep(0)
        assert asked.done() is goes
    await asked
    await database.close()

"""Durable jobs: asked for in a transaction, by priority, at most two of a lane at a time."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from storage import jobs
from storage.clock import now
from storage.database import Database
from storage.jobs import AT_ONCE, Job, Jobs, enqueue


class Undone(Exception):
    """Why a transaction is undone in these tests."""


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    await asyncio.to_thread(jobs.prepare, database_url)
    one = Database(database_url)
    yield one
    await one.close()


def a_job(number: int, *, priority: int = 5, lane: str = "1", delay: float = 0.0) -> Job:
    return Job(kind="note", id=f"job-{number}", lane=lane, arguments=(number,), priority=priority, delay=delay)


async def ask(database: Database, *wanted: Job) -> None:
    async with database.write() as connection:
        await enqueue(connection, wanted)


class Notes:
    """Does the jobs of a test, and remembers in which order and how many at once."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self.most = 0
        self._running = 0
        self._changed = asyncio.Condition()

    async def note(self, number: int) -> None:
        self._running += 1
        self.most = max(self.most, self._running)
        await asyncio.sleep(0.02)
        self._running -= 1
        async with self._changed:
            self.done.append(number)
            self._changed.notify_all()

    async def until(self, number: int) -> None:
        async with asyncio.timeout(30), self._changed:
            await self._changed.wait_for(lambda: number in self.done)


async def test_a_job_whose_transaction_is_undone_does_not_exist(database: Database, database_url: str) -> None:
    async def undone() -> None:
        async with database.write() as connection:
            await enqueue(connection, [a_job(1)])
            raise Undone

    with pytest.raises(Undone):
        await undone()
    await ask(database, a_job(2))
    notes = Notes()
    worker = Jobs(database_url, "worker", {"note": notes.note})
    await worker.start()
    await notes.until(2)
    await worker.stop()
    assert notes.done == [2]


async def test_the_more_urgent_job_comes_first_and_two_of_a_lane_run_at_once(
    database: Database, database_url: str
) -> None:
    await ask(database, *(a_job(number) for number in range(1, 7)), a_job(99, priority=1))
    notes = Notes()
    worker = Jobs(database_url, "worker", {"note": notes.note})
    await worker.start()
    for number in range(1, 7):
        await notes.until(number)
    await worker.stop()
    assert 99 in notes.done[:AT_ONCE]
    assert notes.most == AT_ONCE


async def test_the_same_job_asked_for_twice_runs_once(database: Database, database_url: str) -> None:
    await ask(database, a_job(1))
    await ask(database, a_job(1), a_job(2, delay=0.1))
    notes = Notes()
    worker = Jobs(database_url, "worker", {"note": notes.note})
    await worker.start()
    await notes.until(2)
    await worker.stop()
    assert notes.done == [1, 2]


async def test_a_job_that_stopping_cut_off_is_taken_up_at_the_next_start(database: Database, database_url: str) -> None:
    started = asyncio.Event()

    async def never_ends(_: int) -> None:
        started.set()
        await asyncio.Future()

    await ask(database, a_job(1))
    first = Jobs(database_url, "worker", {"note": never_ends})
    await first.start()
    async with asyncio.timeout(30):
        await started.wait()
    await first.stop()
    notes = Notes()
    second = Jobs(database_url, "worker", {"note": notes.note})
    await second.start()
    await notes.until(1)
    await second.stop()
    assert notes.done == [1]


async def test_jobs_that_ended_are_forgotten_and_those_that_wait_are_not(database: Database, database_url: str) -> None:
    notes = Notes()
    worker = Jobs(database_url, "worker", {"note": notes.note})
    await worker.start()
    await ask(database, a_job(1), a_job(2), a_job(3, delay=60))
    await notes.until(1)
    await notes.until(2)
    async with asyncio.timeout(30):
        forgotten = 0
        while forgotten < 2:  # a job has ended a moment after its work has
            await asyncio.sleep(0.1)
            forgotten += await asyncio.to_thread(jobs.purge, database_url, now())
    await worker.stop()
    assert forgotten == 2

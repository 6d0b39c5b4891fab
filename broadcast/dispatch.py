"""Carries broadcasts from the ledger to the providers: jobs, one a chunk, that end, come back or give on."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast import other_ways, replacing, sending, steering
from broadcast.chunk import ChunkSending, Wording
from broadcast.event import Event, EventState
from broadcast.gate import Gate
from broadcast.repository import chunks, events, failover
from broadcast.repository.chunks import QueuedChunk
from broadcast.tempo import Holds, Pulse, Strides
from messaging.channels import Channels
from messaging.loop import work_forever
from messaging.outbox import Outbox
from messaging.repository import broadcasts, handed, tallies, unclear
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault
from storage.jobs import Jobs, enqueue, purge
from storage.repository import mark_changed

_log = logging.getLogger(__name__)
_LONGEST_WAIT = 2.0
"""Seconds that a job waits for what is due soon; for what is due later it comes back as a new job."""
_GIVES_WAY = 0.5
"""Seconds after which a job that made room for what is more urgent looks whether that has left."""
_LONGEST_PAUSE = 30.0
_EXPIRY_SECONDS = 30.0
_COUNT_SECONDS = 1.0
_LONGEST_NAME = 24
_LOOK_SECONDS = 0.2
_JOBS_KEPT = timedelta(days=7)


class Dispatcher:
    """Sends broadcasts in this process; one to a process.

        dispatcher = Dispatcher(database, vault, channels, outbox, database_url, executor_id)
        await dispatcher.start()   # on the event loop that also serves `database`
        …
        await dispatcher.stop()    # before `database` is closed

    database_url: of the same database, for the jobs' own engine. executor_id: this worker's name, unique, the same
    after a restart, at most 24 characters: by it a worker that was killed finds its chunks again. The chunks of one
    that never comes back are taken over by another.
    """

    def __init__(
        self, database: Database, vault: Vault, channels: Channels, outbox: Outbox, database_url: str, executor_id: str
    ) -> None:
        if not 0 < len(executor_id) <= _LONGEST_NAME:
            raise ValueError(f"A worker's name has 1 to {_LONGEST_NAME} characters")
        self._database = database
        self._vault = vault
        self._channels = channels
        self._outbox = outbox
        self._worker = executor_id
        self._url = database_url
        self._jobs = Jobs(
            database_url,
            executor_id,
            {sending.CHUNK: self._run, sending.SLICES: self._write, sending.EDITS: self._replace},
        )
        self._running: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self._holds = Holds()
        self._strides = Strides()
        self._gate = Gate(database)
        self._pulse = Pulse()
        self._loops: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Take up what this worker left when it was killed, then send what is and comes to be sent."""
        async with self._database.write() as connection:
            await unclear.abandon_own(connection, self._worker, now())
        await self._jobs.start()
        # A chunk that is done is never given to a job of an old id again, so old jobs may be forgotten.
        await asyncio.to_thread(purge, self._url, now() - _JOBS_KEPT)
        loops = (
            work_forever("Expiry of alerts", self._expire, asyncio.Event(), sweep_seconds=_EXPIRY_SECONDS),
            work_forever("Telling people another way", self._try_next, asyncio.Event(), sweep_seconds=_COUNT_SECONDS),
            work_forever("Counting of alerts", self._count, asyncio.Event(), sweep_seconds=_COUNT_SECONDS),
        )
        self._loops = [asyncio.create_task(loop) for loop in loops]

    async def stop(self) -> None:
        """Finish the mini-batches under way, give the chunks back, and stop."""
        self._stopping.set()
        for loop in self._loops:
            loop.cancel()
        while self._running:
            await asyncio.wait(set(self._running), timeout=_LOOK_SECONDS)
        await self._jobs.stop()

    async def take_over(self, worker: str) -> None:
        """Send what a worker that died had not sent."""
        async with self._database.write() as connection:
            await unclear.abandon_own(connection, worker, now())
        await self._jobs.take_over(worker)

    async def _expire(self) -> bool:
        async with self._database.write() as connection:
            await steering.expire(connection, now())
        return False

    async def _try_next(self) -> bool:
        async with self._database.read() as connection:
            if not await failover.events_due(connection, now(), limit=1):
                return False
        async with self._database.write() as connection:
            return await other_ways.try_next(connection, now())

    async def _count(self) -> bool:
        async with self._database.read() as connection:
            count_again = await _what_to_count(connection)
        if count_again is None:
            return False
        async with self._database.write() as connection:
            return await count_again(connection)

    async def _run(self, event_id: int, number: int, run: int, turn: int) -> None:
        """The job of one chunk."""
        await self._work(f"Chunk {number} of event {event_id}", lambda: self._carry(event_id, number, run, turn))

    async def _write(self, event_id: int) -> None:
        """The job that writes the ledger of a large event."""
        await self._work(f"The ledger of event {event_id}", lambda: self._write_slice(event_id))

    async def _replace(self, event_id: int) -> None:
        """The job that marks what people have of an alert as out of date."""
        await self._work(f"The edits of event {event_id}", lambda: self._replace_slice(event_id))

    async def _work(self, name: str, step: Callable[[], Awaitable[float]]) -> None:
        """One job: steps, each of which gives the seconds until the next; negative when the job has ended.

        It never raises: a job that did would not be tried again.
        """
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a job is a task
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        pause, wait = 1.0, 0.0
        while wait >= 0:
            await self._sleep(wait)
            try:
                wait = await step()
                pause = 1.0
            except Exception:  # noqa: BLE001 - whatever it was, the work must not be lost
                _log.exception("%s failed; trying again in %.0f s", name, pause)
                wait, pause = pause, min(pause * 2, _LONGEST_PAUSE)
                if self._stopping.is_set():
                    await self._leave_undone()

    async def _write_slice(self, event_id: int) -> float:
        """Write or withdraw one slice, in a transaction of its own."""
        if self._stopping.is_set():
            await self._leave_undone()
        async with self._database.read() as connection:
            event = await events.get(connection, event_id)
            part = await sending.read_slice(connection, self._vault, event)
        async with self._database.write() as connection:
            if event.state is EventState.CANCELLED:
                more = await sending.withdraw_slice(connection, event)
            else:
                more = part is not None and await sending.write_slice(connection, event, part)
        return 0 if more else -1

    async def _replace_slice(self, event_id: int) -> float:
        if self._stopping.is_set():
            await self._leave_undone()
        async with self._database.write() as connection:
            more = await replacing.write_slice(connection, await events.get(connection, event_id))
        return 0 if more else -1

    async def _leave_undone(self) -> None:
        """Neither end nor go on, until stopping the jobs cancels this one: the next start takes it up again."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a job is a task
        self._running.discard(task)
        await asyncio.Future()

    async def _sleep(self, seconds: float) -> None:
        if seconds:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _carry(self, event_id: int, number: int, run: int, turn: int) -> float:
        """Send what is due of a chunk. Gives the seconds until more is due; negative when this job has ended."""
        async with self._database.read() as connection:
            event = await events.get(connection, event_id)
            queued = await chunks.get(connection, event_id, number)
        sender = self._channels.sender(queued.sender_id)
        chunk = ChunkSending(
            database=self._database,
            vault=self._vault,
            channels=self._channels,
            outbox=self._outbox,
            event=event,
            number=number,
            sender=sender,
            wording=Wording(event, sender),
            holds=self._holds,
            strides=self._strides,
            gate=self._gate,
            pulse=self._pulse,
            worker=self._worker,
            stopping=self._stopping.is_set,
        )
        await chunk.send_due()
        await chunk.resolve_unclear()
        async with self._database.write() as connection:
            return await self._end(connection, event, replace(queued, run=run), turn)

    async def _end(self, connection: AsyncConnection, event: Event, chunk: QueuedChunk, turn: int) -> float:
        """Decide, in one transaction, whether the chunk is done, waits for a resumption, comes back or goes on."""
        moment = now()
        state = await events.lock(connection, event.id)
        due_at = await broadcasts.open_until(connection, event.id, chunk.number, moment)
        wait = 0.0 if due_at is None else max(0.0, (due_at - moment).total_seconds())
        stopping = self._stopping.is_set()
        overtaken = not event.is_life_safety and await chunks.has_urgent(connection, chunk.sender_id)
        if due_at is None:
            if await chunks.end(connection, event.id, chunk.number):
                await sending.sent(connection, event)
        elif state is EventState.PAUSED:
            await chunks.put_back(connection, event.id, chunk.number)
        elif wait <= _LONGEST_WAIT and not stopping and not overtaken:
            return wait
        else:
            delay = max(wait, _GIVES_WAY) if overtaken else wait
            await enqueue(connection, [sending.job(event, chunk, turn + 1, delay=delay)])
            if not stopping:
                await chunks.linger(connection, event.id, chunk.number)
        await tallies.stale(connection, [(event.id, chunk.slice)])
        await mark_changed(connection, event.organisation_id)
        # Of what was overtaken this job comes back; another one would only find the same.
        if state in {EventState.SENDING, EventState.SENT} and (due_at is None or not overtaken):
            await sending.hand_on(connection, event, chunk.sender_id)
        return -1


async def _what_to_count(connection: AsyncConnection) -> Callable[[AsyncConnection], Awaitable[bool]] | None:
    """What live pages show first, then what reports add up."""
    if await tallies.has_news(connection):
        return tallies.count_again
    return handed.count_again if await handed.is_stale(connection) else None

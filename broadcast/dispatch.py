"""Carries broadcasts from the ledger to the providers: jobs, one a chunk, that end, come back or give on."""

import asyncio
import logging
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast import sending, steering
from broadcast.chunk import ChunkSending, Holds, Pulse, Wording
from broadcast.event import Event, EventKind, EventState
from broadcast.repository import alerts, events
from broadcast.repository.events import QueuedChunk
from messaging.channels import Channels
from messaging.loop import work_forever
from messaging.outbox import Outbox
from messaging.repository import broadcasts
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault
from storage.facts import Fact, FactKind
from storage.jobs import Jobs, enqueue, purge
from storage.repository import append_facts, mark_changed

_log = logging.getLogger(__name__)
_LONGEST_WAIT = 2.0
"""Seconds that a job waits for what is due soon; for what is due later it comes back as a new job."""
_LONGEST_PAUSE = 30.0
_EXPIRY_SECONDS = 30.0
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
    after a restart, at most 24 characters: by it a worker that was killed finds its chunks again. Workers that never
    come back are not cleared up after: their chunks wait until a worker of the same name starts.
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
        self._jobs = Jobs(database_url, executor_id, {sending.CHUNK: self._run})
        self._running: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self._holds = Holds({})
        self._pulse = Pulse({})
        self._expiry: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Take up what this worker left when it was killed, then send what is and comes to be sent."""
        async with self._database.write() as connection:
            await broadcasts.abandon(connection, self._worker, now() + broadcasts.WAIT_AFTER_DEATH)
        await self._jobs.start()
        # A chunk that is done is never given to a job of an old id again, so old jobs may be forgotten.
        await asyncio.to_thread(purge, self._url, now() - _JOBS_KEPT)
        expiry = work_forever("Expiry of alerts", self._expire, asyncio.Event(), sweep_seconds=_EXPIRY_SECONDS)
        self._expiry = asyncio.create_task(expiry)

    async def stop(self) -> None:
        """Finish the mini-batches under way, give the chunks back, and stop."""
        self._stopping.set()
        if self._expiry is not None:
            self._expiry.cancel()
        while self._running:
            await asyncio.wait(set(self._running), timeout=_LOOK_SECONDS)
        await self._jobs.stop()

    async def _expire(self) -> bool:
        async with self._database.write() as connection:
            await steering.expire(connection, now())
        return False

    async def _run(self, event_id: int, number: int, run: int, turn: int, leads: int) -> None:
        """One job. It never raises: a job that did would not be tried again."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a job is a task
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        pause, wait = 1.0, 0.0
        while wait >= 0:
            await self._sleep(wait)
            try:
                wait = await self._carry(event_id, number, run, turn, leads=bool(leads))
                pause = 1.0
            except Exception:  # noqa: BLE001 - whatever it was, the chunk must not be lost
                _log.exception("Chunk %d of event %d failed; trying again in %.0f s", number, event_id, pause)
                wait, pause = pause, min(pause * 2, _LONGEST_PAUSE)
                if self._stopping.is_set():
                    await self._leave_undone(task)

    async def _leave_undone(self, task: asyncio.Task[None]) -> None:
        """Neither end nor go on, until stopping the jobs cancels this one: the next start takes it up again."""
        self._running.discard(task)
        await asyncio.Future()

    async def _sleep(self, seconds: float) -> None:
        if seconds:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _carry(self, event_id: int, number: int, run: int, turn: int, *, leads: bool) -> float:
        """Send what is due of a chunk. Gives the seconds until more is due; negative when this job has ended."""
        async with self._database.read() as connection:
            event = await events.get(connection, event_id)
            sender = self._channels.sender(await events.sender_of(connection, event_id, number))
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
            pulse=self._pulse,
            worker=self._worker,
            stopping=self._stopping.is_set,
        )
        await chunk.send_due()
        await chunk.resolve_unclear()
        async with self._database.write() as connection:
            return await self._end(connection, event, QueuedChunk(event_id, number, sender.id, run), turn, leads=leads)

    async def _end(
        self, connection: AsyncConnection, event: Event, chunk: QueuedChunk, turn: int, *, leads: bool
    ) -> float:
        """Decide, in one transaction, whether the chunk is done, waits for a resumption, comes back or goes on."""
        moment = now()
        await mark_changed(connection, event.organisation_id)
        state = await events.state_of(connection, event.id)
        due_at = await broadcasts.open_until(connection, event.id, chunk.number, moment)
        if due_at is not None and state is EventState.PAUSED:
            await events.put_back(connection, event.id, chunk.number)
            return -1
        wait = 0.0 if due_at is None else max(0.0, (due_at - moment).total_seconds())
        stopping = self._stopping.is_set()
        if due_at is not None and wait <= _LONGEST_WAIT and not stopping:
            return wait
        if due_at is None:
            if await events.end_chunk(connection, event.id, chunk.number):
                await _sent(connection, event, moment)
        else:
            again = sending.job(event, chunk, turn + 1, leads=leads and stopping, delay=wait)
            await enqueue(connection, [again])
        if leads and state is EventState.SENDING and (due_at is None or not stopping):
            await sending.hand_on(connection, event, chunk.sender_id)
        return -1


async def _sent(connection: AsyncConnection, event: Event, at: datetime) -> None:
    """Everything of an event left that was to leave."""
    if event.kind is EventKind.ALERT:
        await alerts.finish(connection, event.alert_id, at)
    fact = Fact(
        kind=FactKind.ALERT_SENT,
        organisation_id=event.organisation_id,
        at=at,
        event_id=event.id,
        data={"recipients": event.recipients, "kind": event.kind},
    )
    await append_facts(connection, [fact])

"""Durable jobs: asked for in the transaction of what they belong to, taken up again after a crash.

DBOS keeps them in our own database. What it must not be left to choose: the version of the application (a new one
would strand what waits), the name of the worker (a new one would leave its work undone), the format of arguments (it
would pickle them), and on SQLite the engine (its own waits for the disk thirty times as long).
A job may run twice, so whoever does the work keeps its own account of what is done.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer, EnqueueOptions
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import driver_url, synchronous_engine

_APPLICATION = "samenspraak"
_VERSION = "1"
_QUEUE = "jobs"
_WORKFLOW = "job"
# Ten looks a second cost 3% of a core; a job starts 50 ms after it was asked for, on average.
_POLLING_SECONDS = 0.1
_ENDED = ["SUCCESS", "ERROR", "CANCELLED"]
_PURGED_AT_ONCE = 500

Work = Callable[..., Awaitable[None]]
"""Does one kind of job. It deals with its errors itself: a job that raises is not tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something to do once.

    id: the same id a second time is the same job. lane: only `AT_ONCE` jobs of one lane run at a time, whatever the
    number of workers. priority: from 1, the lower the sooner. delay: seconds before it may start.
    """

    kind: str
    id: str
    lane: str
    arguments: tuple[int | str, ...]
    priority: int
    delay: float = 0.0


AT_ONCE = 2


async def enqueue(connection: AsyncConnection, jobs: Iterable[Job]) -> None:
    """Ask for jobs; they exist once the connection's transaction is committed, and not if it is undone."""

    def add(raw: Connection) -> None:
        client = _client(raw.dialect.name)
        for job in jobs:
            client.enqueue_in_transaction(raw, _options(job), job.kind, list(job.arguments))

    await connection.run_sync(add)


def _options(job: Job) -> EnqueueOptions:
    options = EnqueueOptions(
        workflow_name=_WORKFLOW,
        queue_name=_QUEUE,
        workflow_id=job.id,
        app_version=_VERSION,
        priority=job.priority,
        queue_partition_key=job.lane,
    )
    if job.delay > 0:
        options["delay_seconds"] = job.delay
    return options


@cache
def _client(dialect: str) -> DBOSClient:
    """Writes jobs over the connections of others; its own engine never opens one."""
    return DBOSClient(
        system_database_engine=synchronous_engine(f"{dialect}://"),
        serializer=DBOSPortableJSONSerializer(),
        application_name=_APPLICATION,
        lazy=True,
    )


_work: Mapping[str, Work] = {}
_loop: asyncio.AbstractEventLoop | None = None


# None: after however many crashes, the job is taken up again.
@DBOS.workflow(name=_WORKFLOW, max_recovery_attempts=None)
async def _run(kind: str, arguments: list[int | str]) -> None:
    """The one workflow that DBOS knows. It runs on DBOS's own loop; the work itself on the application's."""
    assert _loop is not None  # noqa: S101 - set before DBOS is launched

    async def work() -> None:
        await _work[kind](*arguments)

    await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work(), _loop))


class Jobs:
    """Runs jobs in this process, of which DBOS allows one of these.

    executor_id: unique per worker, and the same after a restart: by it a worker finds what it left undone.
    work: what to do for each kind of job.
    """

    def __init__(self, url: str, executor_id: str, work: Mapping[str, Work]) -> None:
        self._url = url
        self._engine = synchronous_engine(url)
        self._executor_id = executor_id
        self._work = work

    async def start(self) -> None:
        """Make or upgrade DBOS's tables, take up what was left undone, and run what comes."""
        global _work, _loop
        _work, _loop = self._work, asyncio.get_running_loop()
        await asyncio.to_thread(self._launch)

    async def stop(self) -> None:
        """Run nothing any more; what was not finished is taken up at the next start."""
        # It warns of every job that it cuts off, which is what stopping means.
        logging.getLogger("dbos").setLevel(logging.ERROR)
        await asyncio.to_thread(DBOS.destroy)
        self._engine.dispose()

    async def take_over(self, executor_id: str) -> None:
        """Let living workers run what a dead one left undone. What it has no more is not touched."""
        await asyncio.to_thread(DBOS._recover_pending_workflows, [executor_id])

    def _launch(self) -> None:
        prepare(self._url)
        config = DBOSConfig(
            name=_APPLICATION,
            system_database_engine=self._engine,
            serializer=DBOSPortableJSONSerializer(),
            application_version=_VERSION,
            executor_id=self._executor_id,
            log_level="WARNING",
        )
        DBOS(config=config)
        DBOS.launch()


def purge(url: str, before: datetime) -> int:
    """Forget jobs that ended before a moment; gives how many. A job of the same id could then be asked for again."""
    engine = synchronous_engine(url)
    purged = 0
    try:
        client = DBOSClient(system_database_engine=engine, application_name=_APPLICATION)
        moment = before.isoformat()
        while ended := client.list_workflows(
            status=_ENDED, completed_before=moment, limit=_PURGED_AT_ONCE, load_input=False, load_output=False
        ):
            client.delete_workflows([one.workflow_id for one in ended])
            purged += len(ended)
    finally:
        engine.dispose()
    return purged


def prepare(url: str) -> None:
    """Make or upgrade DBOS's tables and the queue, so that jobs can be asked for before a worker ever ran."""
    DBOS.migrate(driver_url(url, synchronous=True).render_as_string(hide_password=False))
    engine = synchronous_engine(url)
    try:
        client = DBOSClient(system_database_engine=engine, application_name=_APPLICATION)
        client.register_queue(_QUEUE, partition_concurrency=AT_ONCE, polling_interval_sec=_POLLING_SECONDS)
    finally:
        engine.dispose()

"""What an alert to many costs, against a bare loop over the same channel in the same run."""

import asyncio
import gc
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.broadcast_enqueue import enqueue
from benchmarks.crowd import Crowd, gather
from benchmarks.granted import granted
from benchmarks.telegram_far_end import busiest
from broadcast.dispatch import Dispatcher
from broadcast.event import EventState, choices, render
from broadcast.repository import events
from broadcast.vocabulary import Severity
from messaging.channel import Channel, Outgoing
from messaging.channels import Channels
from messaging.exchange import open_session
from messaging.incoming import ChannelKind
from messaging.outbox import Outbox
from messaging.repository import senders
from messaging.sender import Credentials, Sender
from messaging.tables import delivery
from people.organisation import OrganisationKind
from people.repository import organisations
from samenspraak.migrations import upgrade
from storage import jobs
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault

_SECRET = "a secret that is long enough for a bench"
_TOKEN = "7000001:benchmark"
_UNLIMITED = 100_000.0
_IN_FLIGHT = (50, 100, 200, 300)
_TRIAL, _BARE = 2_000, 20_000
_UNDER_WAY_SECONDS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What to measure.

    latency_ms: what the provider takes. database_url: an empty database; a fresh SQLite file unless told.
    rate: messages a second of the sender. workers: processes that send. enqueue_only: write the ledger, send nothing.
    urgent: while a newsletter to the recipients leaves, an alert to so many others.
    """

    recipients: int
    latency_ms: float = 0
    database_url: str | None = None
    rate: float = _UNLIMITED
    workers: int = 1
    enqueue_only: bool = False
    urgent: int = 0


async def run(work: Workload) -> dict[str, Any]:
    """The figures of one workload."""
    with tempfile.TemporaryDirectory() as folder:
        url = work.database_url or f"sqlite:///{Path(folder) / 'bench.db'}"
        await asyncio.to_thread(upgrade, url)
        await asyncio.to_thread(jobs.prepare, url)
        database, vault = Database(url), Vault(_SECRET)
        try:
            async with _far_end(work.latency_ms) as base_url:
                zone = await _organisation(database, vault, base_url, work.rate)
                crowd = await gather(database, vault, zone, work.recipients)
                _settle()
                figures = {"database": url.partition(":")[0]}
                if work.enqueue_only:
                    return figures | await enqueue(crowd, work.recipients)
                async with _workers(url, work.workers - 1):
                    return figures | await _measure(crowd, url, work)
        finally:
            await database.close()


def _settle() -> None:
    """As every process of ours does once it is ready: what the start made is out of the collector's sight."""
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def _workers(url: str, number: int) -> AsyncIterator[None]:
    """So many workers beside this process, ready."""
    processes = []
    try:
        for one in range(number):
            command = (sys.executable, "-m", "benchmarks.broadcast_worker", url, f"beside-{one}", _SECRET)
            process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
            processes.append(process)
            assert process.stdout is not None
            await process.stdout.readline()
        yield
    finally:
        for process in processes:
            process.kill()
            await process.wait()


async def _measure(crowd: Crowd, url: str, work: Workload) -> dict[str, Any]:
    """Send. messages_per_second is from approval to the last outcome written down; p50 and p99 are from the committed
    attempt to the outcome of a message; CPU and memory are those of this process."""
    database, vault = crowd.database, crowd.vault
    async with open_session() as session:
        async with database.read() as connection:
            channels = Channels(await senders.every(connection, vault), session, None)
        (telegram,) = channels.telegram()
        dispatcher = Dispatcher(database, vault, channels, Outbox(database, vault, channels), url, "bench")
        await dispatcher.start()
        if work.urgent:
            figures = await _overtake(crowd, work)
            await dispatcher.stop()
            return figures
        with granted() as grants:
            figures, event_id = await _send(crowd, work.recipients)
        await dispatcher.stop()
        arrived = await _busiest_arrivals(session, telegram[0])
        async with database.read() as connection:
            event = await events.get(connection, event_id)
        message = Outgoing(render(event, None, sms=False), choices(event, None))
        bare, in_flight, bare_cpu = await _bare_loop(telegram[1], message, min(work.recipients, _BARE))
    per_second = figures["messages_per_second"]
    compared = {
        "bare_messages_per_second": round(bare),
        "bare_cpu_us_per_message": round(bare_cpu * 1e6),
        "bare_in_flight": in_flight,
        "ratio_to_bare_loop": round(per_second / bare, 2),
    }
    limited = {
        "rate": work.rate,
        "rate_used": round(_used(grants, work.rate), 3),
        "busiest_second_granted": busiest(grants),
        "busiest_second_arrived": arrived,
    }
    return {
        "latency_ms": work.latency_ms,
        "workers": work.workers,
        **figures,
        **(compared if work.rate == _UNLIMITED else limited),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
    }


async def _send(crowd: Crowd, recipients: int) -> tuple[dict[str, Any], int]:
    alert = await crowd.submit()
    began, cpu = time.perf_counter(), time.process_time()
    event_id = await crowd.approve(*alert)
    approved = time.perf_counter() - began
    await _until_sent(crowd.database, event_id)
    elapsed, spent = time.perf_counter() - began, time.process_time() - cpu
    async with crowd.database.read() as connection:
        moments = await _moments(connection, event_id)
    assert len(moments) == recipients, f"{recipients - len(moments)} were not reached"
    waits = [(accepted - attempted).total_seconds() * 1000 for attempted, accepted in moments]
    p50, p99 = np.percentile(waits, (50, 99))
    figures = {
        "recipients": recipients,
        "approval_s": round(approved, 2),
        "messages_per_second": round(recipients / elapsed, 1),
        "cpu_us_per_message": round(spent / recipients * 1e6),
        "p50_ms": round(float(p50), 1),
        "p99_ms": round(float(p99), 1),
    }
    return figures, event_id


async def _overtake(crowd: Crowd, work: Workload) -> dict[str, Any]:
    """An alert on which lives may depend, while a newsletter leaves."""
    few = await gather(crowd.database, crowd.vault, crowd.zone, work.urgent, name="kern", first=work.recipients + 1)
    await crowd.approve(*await crowd.submit(Severity.MINOR))
    await asyncio.sleep(_UNDER_WAY_SECONDS)
    alert = await few.submit()
    approved = now()
    event_id = await few.approve(*alert)
    await _until_sent(crowd.database, event_id)
    async with crowd.database.read() as connection:
        accepted = [accepted for _, accepted in await _moments(connection, event_id)]
    return {
        "newsletters": work.recipients,
        "urgent": work.urgent,
        "rate": work.rate,
        "first_s": round((min(accepted) - approved).total_seconds(), 2),
        "last_s": round((max(accepted) - approved).total_seconds(), 2),
    }


def _used(grants: list[float], rate: float) -> float:
    """What share of the places between the first and the last grant was taken."""
    return (len(grants) - 1) / ((max(grants) - min(grants)) * rate)


async def _busiest_arrivals(session: aiohttp.ClientSession, bot: Sender) -> int:
    assert bot.base_url is not None
    async with session.get(bot.base_url.removesuffix("/bot") + "/busiest") as answer:
        return int(await answer.text())


@asynccontextmanager
async def _far_end(latency_ms: float) -> AsyncIterator[str]:
    """The provider, as a process of its own; gives the base URL for python-telegram-bot."""
    command = (sys.executable, "-m", "benchmarks.telegram_far_end", str(latency_ms))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    port = int(await process.stdout.readline())
    try:
        yield f"http://127.0.0.1:{port}/bot"
    finally:
        process.terminate()
        await process.wait()


async def _organisation(database: Database, vault: Vault, base_url: str, rate: float) -> int:
    async with database.write() as connection:
        zone = await organisations.create(
            connection, kind=OrganisationKind.POLICE_ZONE, name="PZ Lindebeke", slug="bench", at=now()
        )
        await senders.put(
            connection,
            vault,
            organisation_id=zone,
            slug="bench",
            channel=ChannelKind.TELEGRAM,
            account="bench",
            from_address="bench",
            credentials=Credentials(_TOKEN),
            base_url=base_url,
            messages_per_second=rate,
        )
    return zone


async def _until_sent(database: Database, event_id: int) -> None:
    while True:
        async with database.read() as connection:
            if await events.state_of(connection, event_id) is EventState.SENT:
                return
        await asyncio.sleep(0.1)


async def _moments(connection: AsyncConnection, event_id: int) -> list[tuple[datetime, datetime]]:
    """When each message was attempted and accepted."""
    accepted = select(delivery.c.attempted_at, delivery.c.accepted_at).where(
        delivery.c.event_id == event_id, delivery.c.accepted_at.is_not(None)
    )
    return [(row.attempted_at, row.accepted_at) for row in await connection.execute(accepted)]


async def _bare_loop(channel: Channel, message: Outgoing, number: int) -> tuple[float, int, float]:
    """Messages a second of the channel alone, at its best number in flight, that number, and CPU seconds a message."""
    trials = {in_flight: await _send_all(channel, message, _TRIAL, in_flight) for in_flight in _IN_FLIGHT}
    best = max(trials, key=lambda in_flight: trials[in_flight])
    cpu = time.process_time()
    rate = await _send_all(channel, message, number, best)
    return rate, best, (time.process_time() - cpu) / number


async def _send_all(channel: Channel, message: Outgoing, number: int, in_flight: int) -> float:
    chats = iter(range(1_000_001, 1_000_001 + number))
    began = time.perf_counter()
    await asyncio.gather(*(_send_each(channel, message, chats) for _ in range(in_flight)))
    return number / (time.perf_counter() - began)


async def _send_each(channel: Channel, message: Outgoing, chats: Iterable[int]) -> None:
    for chat in chats:
        await channel.send(str(chat), message)

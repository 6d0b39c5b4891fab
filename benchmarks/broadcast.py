"""What an alert to many costs, against a bare loop over the same channel in the same run."""

import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.crowd import Crowd, gather
from broadcast.dispatch import Dispatcher
from broadcast.event import EventState, render
from broadcast.repository import events
from messaging.channel import Channel, Outgoing
from messaging.channels import Channels
from messaging.exchange import open_session
from messaging.incoming import ChannelKind
from messaging.outbox import Outbox
from messaging.repository import senders
from messaging.sender import Credentials
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
_SLICE = 5_000


async def run(recipients: int, latency_ms: float, database_url: str | None = None) -> dict[str, Any]:
    """Send one alert to so many people on a loopback Telegram that answers after `latency_ms`.

    database_url: an empty database; a fresh SQLite file unless told. Gives messages_per_second from approval to the
    last outcome written down, cpu_us_per_message of this process, ratio_to_bare_loop, p50_ms and p99_ms from the
    committed attempt to the outcome of a message, peak_rss_mb, and approval_s for the approval with the first slice of
    the ledger.
    """
    with tempfile.TemporaryDirectory() as folder:
        url = database_url or f"sqlite:///{Path(folder) / 'bench.db'}"
        await asyncio.to_thread(upgrade, url)
        await asyncio.to_thread(jobs.prepare, url)
        database, vault = Database(url), Vault(_SECRET)
        try:
            async with _far_end(latency_ms) as base_url:
                zone = await _organisation(database, vault, base_url)
                crowd = await gather(database, vault, zone, recipients)
                return await _measure(crowd, url, recipients, latency_ms)
        finally:
            await database.close()


async def _measure(crowd: Crowd, url: str, recipients: int, latency_ms: float) -> dict[str, Any]:
    database, vault = crowd.database, crowd.vault
    async with open_session() as session:
        async with database.read() as connection:
            channels = Channels(await senders.every(connection, vault), session, None)
        (telegram,) = channels.telegram()
        dispatcher = Dispatcher(database, vault, channels, Outbox(database, vault, channels), url, "bench")
        await dispatcher.start()
        alert = await crowd.submit()
        began, cpu = time.perf_counter(), time.process_time()
        event_id = await crowd.approve(*alert)
        approved = time.perf_counter() - began
        await _until_sent(database, event_id)
        elapsed, spent = time.perf_counter() - began, time.process_time() - cpu
        await dispatcher.stop()
        async with database.read() as connection:
            text = render(await events.get(connection, event_id), None, sms=False)
            waits = await _waits_ms(connection, event_id)
        bare, in_flight, bare_cpu = await _bare_loop(telegram[1], text, min(recipients, _BARE))
    assert len(waits) == recipients, f"{recipients - len(waits)} were not reached"
    p50, p99 = np.percentile(waits, (50, 99))
    return {
        "recipients": recipients,
        "latency_ms": latency_ms,
        "database": "postgresql" if url.startswith("postgresql") else "sqlite",
        "approval_s": round(approved, 2),
        "messages_per_second": round(recipients / elapsed),
        "cpu_us_per_message": round(spent / recipients * 1e6),
        "bare_messages_per_second": round(bare),
        "bare_cpu_us_per_message": round(bare_cpu * 1e6),
        "bare_in_flight": in_flight,
        "ratio_to_bare_loop": round(recipients / elapsed / bare, 2),
        "p50_ms": round(float(p50), 1),
        "p99_ms": round(float(p99), 1),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
    }


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


async def _organisation(database: Database, vault: Vault, base_url: str) -> int:
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
            messages_per_second=_UNLIMITED,
        )
    return zone


async def _until_sent(database: Database, event_id: int) -> None:
    while True:
        async with database.read() as connection:
            if await events.state_of(connection, event_id) is EventState.SENT:
                return
        await asyncio.sleep(0.1)


async def _waits_ms(connection: AsyncConnection, event_id: int) -> list[float]:
    accepted = select(delivery.c.attempted_at, delivery.c.accepted_at).where(
        delivery.c.event_id == event_id, delivery.c.accepted_at.is_not(None)
    )
    rows = await connection.execute(accepted)
    return [(row.accepted_at - row.attempted_at).total_seconds() * 1000 for row in rows]


async def _bare_loop(channel: Channel, text: str, number: int) -> tuple[float, int, float]:
    """Messages a second of the channel alone, at its best number in flight, that number, and CPU seconds a message."""
    trials = {in_flight: await _send_all(channel, text, _TRIAL, in_flight) for in_flight in _IN_FLIGHT}
    best = max(trials, key=lambda in_flight: trials[in_flight])
    cpu = time.process_time()
    rate = await _send_all(channel, text, number, best)
    return rate, best, (time.process_time() - cpu) / number


async def _send_all(channel: Channel, text: str, number: int, in_flight: int) -> float:
    chats = iter(range(1_000_001, 1_000_001 + number))
    began = time.perf_counter()
    await asyncio.gather(*(_send(channel, text, chats) for _ in range(in_flight)))
    return number / (time.perf_counter() - began)


async def _send(channel: Channel, text: str, chats: Iterable[int]) -> None:
    for chat in chats:
        await channel.send(str(chat), Outgoing(text))

"""How long the ledger of a large alert takes to write, while webhooks go on being stored."""

import asyncio
import resource
import time
from typing import Any

import numpy as np

from benchmarks.crowd import Crowd
from broadcast import sending
from broadcast.repository import events
from broadcast.results import progress
from messaging.intake import Intake
from messaging.repository import senders
from storage.database import Database
from storage.encryption import Vault

_EVERY = 0.02  # seconds between two webhooks: fifty a second


async def enqueue(crowd: Crowd, recipients: int) -> dict[str, Any]:
    """Approve an alert and write all its slices; the webhooks' waits are from arrival to the durable commit."""
    database, vault = crowd.database, crowd.vault
    alert = await crowd.submit()
    waits: list[float] = []
    webhooks = asyncio.create_task(_webhooks(database, vault, waits))
    before, began = _rss_mb(), time.perf_counter()
    event_id = await crowd.approve(*alert)
    approved = time.perf_counter() - began
    more = True
    while more:
        async with database.read() as connection:
            event = await events.get(connection, event_id)
            part = await sending.read_slice(connection, vault, event)
        async with database.write() as connection:
            more = part is not None and await sending.write_slice(connection, event, part)
    elapsed = time.perf_counter() - began
    webhooks.cancel()
    await asyncio.gather(webhooks, return_exceptions=True)
    async with database.read() as connection:
        began = time.perf_counter()
        found = await progress.of_event(connection, event_id)
        page = time.perf_counter() - began
    assert found.total == recipients
    return {
        "recipients": recipients,
        "approval_s": round(approved, 2),
        "enqueue_s": round(elapsed, 2),
        "webhooks": len(waits),
        "webhook_p50_ms": round(float(np.percentile(waits, 50)) * 1000, 1),
        "webhook_longest_ms": round(max(waits) * 1000, 1),
        "progress_page_ms": round(page * 1000, 1),
        "rss_before_mb": before,
        "peak_rss_mb": _rss_mb(),
    }


async def _webhooks(database: Database, vault: Vault, waits: list[float]) -> None:
    intake = Intake(database, vault)
    async with database.read() as connection:
        (sender,) = await senders.every(connection, vault)

    async def one(number: int) -> None:
        began = time.perf_counter()
        chat = {"id": number, "type": "private"}
        message = {"message_id": number, "date": 1, "chat": chat, "text": "Dag"}
        await intake.store(intake.telegram(sender, {"update_id": number, "message": message}))
        waits.append(time.perf_counter() - began)

    async with asyncio.TaskGroup() as arrivals:
        number = 0
        while True:
            number += 1
            arrivals.create_task(one(number))
            await asyncio.sleep(_EVERY)


def _rss_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10

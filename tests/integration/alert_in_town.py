"""Alerts to the residents of a town who also talk with its bot."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from broadcast import alerts, steering
from broadcast.alert import Content, Severity
from broadcast.dispatch import Dispatcher
from broadcast.event import EventKind, EventState
from broadcast.repository import events
from broadcast.selection import Selection
from messaging.tables import delivery
from people.officer import Officer
from people.roles import Role
from storage import jobs
from storage.clock import now
from tests.integration.test_conversation_networks import joined
from tests.town import Town

TEXT = "Sluit ramen en deuren."


@asynccontextmanager
async def dispatching(lindebeke: Town, url: str) -> AsyncIterator[None]:
    """A worker that sends broadcasts."""
    await asyncio.to_thread(jobs.prepare, url)
    dispatcher = Dispatcher(lindebeke.database, lindebeke.vault, lindebeke.channels, lindebeke.outbox, url, "worker")
    await dispatcher.start()
    try:
        yield
    finally:
        await dispatcher.stop()


async def member(lindebeke: Town) -> int:
    """An agrees on Telegram to the alerts of a network; gives its id."""
    network = await lindebeke.network()
    await joined(lindebeke)
    return network


async def warn(
    lindebeke: Town, network: int, severity: Severity = Severity.EXTREME, *, ask_if_safe: bool | None = None
) -> tuple[Officer, int]:
    """Everybody in the network is warned; gives the approver and the alert's id."""
    editor, approver = await lindebeke.officer(Role.EDITOR), await lindebeke.officer(Role.APPROVER)
    content = Content(
        severity=severity,
        title="Gaslek",
        texts={"nl": TEXT},
        audience=Selection(networks=frozenset({network})),
        expires_at=now() + timedelta(hours=1),
        ask_if_safe=ask_if_safe,
    )
    async with lindebeke.database.write() as connection:
        alert_id = await alerts.create(connection, editor, content, now())
        digest = await alerts.submit(connection, editor, alert_id, now())
        event_id = await alerts.approve(connection, lindebeke.vault, approver, alert_id, digest, now())
    assert event_id is not None
    await _sent(lindebeke, event_id)
    return approver, alert_id


async def follow(lindebeke: Town, approver: Officer, alert_id: int, kind: EventKind, text: str) -> int:
    """Those whom it reached are told what followed; gives the event's id."""
    async with lindebeke.database.write() as connection:
        event_id = await steering.follow_up(connection, lindebeke.vault, approver, alert_id, kind, {"nl": text}, now())
    await _sent(lindebeke, event_id)
    return event_id


async def _sent(lindebeke: Town, event_id: int) -> None:
    async with asyncio.timeout(60):
        while True:
            async with lindebeke.database.read() as connection:
                if (await events.get(connection, event_id)).state is EventState.SENT:
                    return
            await asyncio.sleep(0.05)


async def lines(lindebeke: Town) -> list[str]:
    """The state of each line of the ledger that belongs to an alert."""
    return [row.state for row in await lindebeke.rows(delivery) if row.event_id is not None]

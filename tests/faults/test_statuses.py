"""Statuses come over the wire while an alert leaves: twice, in no order, and late; they mislead nobody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from messaging.delivery import DeliveryState
from messaging.incoming import ChannelKind
from messaging.intake import Intake
from messaging.spool import Spool
from messaging.webhooks import Endpoint, router
from tests.faults.sending import nobody_is_lost
from tests.integration.broadcast_setting import Zone, police_zone
from tests.ports import free_port

MEMBERS = 60
MISLEADING = ("sent", "delivered", "queued", "sent", "delivered", "delivered", "queued", "failed")


@asynccontextmanager
async def listening(zone: Zone, folder: Path) -> AsyncIterator[str]:
    """The routes that providers call, on a port of their own; gives the address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    web = FastAPI()
    spool = Spool(folder)
    web.include_router(router(Endpoint(zone.database, zone.vault, Intake(zone.database, zone.vault), spool, url)))
    server = uvicorn.Server(uvicorn.Config(web, host="127.0.0.1", port=port, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server._serve())  # the public one takes over the process's signals
    try:
        while not server.started:  # noqa: ASYNC110 - it tells in no other way
            await asyncio.sleep(0.01)
        yield url
    finally:
        server.should_exit = True
        await serving


async def test_statuses_that_repeat_and_mislead_leave_everybody_delivered(database_url: str, tmp_path: Path) -> None:
    async with police_zone(database_url) as zone:
        account = zone.far_end.world.account
        account.statuses, account.status_delay = MISLEADING, 0.1
        await zone.sender(ChannelKind.SMS, rate=200)
        numbers = [f"+3247{number:07}" for number in range(1, MEMBERS + 1)]
        for number in numbers:
            await zone.member((ChannelKind.SMS, number))
        async with listening(zone, tmp_path) as url, zone.dispatching(public_url=url):
            _, event_id = await zone.sent()
            await zone.holds(
                lambda: zone.counts(event_id), lambda counts: {one.state for one in counts} == {DeliveryState.DELIVERED}
            )
            # The last ones, among them a failure after the delivery, are still on their way.
            await asyncio.sleep(len(MISLEADING) * account.status_delay)
            await zone.until(event_id, "sent")
            assert {one.state for one in await zone.counts(event_id)} == {DeliveryState.DELIVERED}
        await nobody_is_lost(zone, event_id, numbers, unclear=0)

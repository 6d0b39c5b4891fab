"""Stores what waited on disk while the database was away; runs where it was spooled, in the web process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import SQLAlchemyError

from messaging.intake import Intake
from messaging.loop import work_forever
from messaging.spool import Spool

_SWEEP_SECONDS = 5.0


@asynccontextmanager
async def draining(spool: Spool, intake: Intake) -> AsyncIterator[None]:
    """Look into the spool every few seconds while the block lasts."""

    async def work() -> bool:
        return await drain(spool, intake)

    task = asyncio.create_task(
        work_forever("taking from the spool", work, asyncio.Event(), sweep_seconds=_SWEEP_SECONDS)
    )
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def drain(spool: Spool, intake: Intake) -> bool:
    """Store what waits, the oldest first; False: there is nothing more to do now."""
    for path, arrival in spool.waiting():
        try:
            await intake.store_all([arrival])
        except SQLAlchemyError:
            return False
        path.unlink()
    return False

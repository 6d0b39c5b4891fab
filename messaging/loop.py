"""A loop that works while there is work, and then sleeps until it is woken or a moment has passed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

_log = logging.getLogger(__name__)
_LONGEST_PAUSE = 30.0


async def work_forever(
    name: str, work: Callable[[], Awaitable[bool]], wake: asyncio.Event, *, sweep_seconds: float = 1.0
) -> None:
    """Call `work` until it says that nothing is left, then wait for `wake`, at the longest `sweep_seconds`.

    The sweep finds what other processes left and what was due later. An error (a database that restarts, say) is
    logged and tried again after a growing pause: the loop itself never ends but by being cancelled, and then it first
    finishes the work under way.
    """
    pause = sweep_seconds
    while True:
        wake.clear()
        try:
            more = await _whole(work())
            pause = sweep_seconds
        except Exception:  # noqa: BLE001 - the loop must outlive any of them
            _log.exception("%s failed; trying again in %.0f s", name, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
            continue
        if not more:
            await _wait(wake, sweep_seconds)


async def _whole(work: Awaitable[bool]) -> bool:
    """Cut short, work would leave attempts of which nobody knows whether they left."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


async def _wait(wake: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await wake.wait()
    except TimeoutError:
        pass

"""Runs the web process, with or without the worker in it, until it is told to stop."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import Callable, Iterator

import uvicorn

from samenspraak.application import opened
from samenspraak.asgi import create_app
from samenspraak.draining import draining
from samenspraak.settings import Settings
from samenspraak.worker import working

_DRAIN_SECONDS = 10


async def serve(settings: Settings, host: str, port: int, *, with_worker: bool) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished, and what is leaving is written down."""
    console_url = settings.public_url or f"http://{host}:{port}"
    async with contextlib.AsyncExitStack() as stack:
        app = await stack.enter_async_context(opened(settings))
        await stack.enter_async_context(draining(app.spool, app.intake))
        if with_worker:
            await stack.enter_async_context(working(app, console_url))
        stopping = asyncio.Event()
        web = create_app(app, stopping=stopping.is_set, console_url=console_url)
        config = uvicorn.Config(
            web,
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=_DRAIN_SECONDS,
        )
        server = _Server(config)

        def stop() -> None:
            stopping.set()
            server.should_exit = True

        _on_stop(stop)
        _settle()
        await server.serve()


class _Server(uvicorn.Server):
    """Leaves signals to us: uvicorn's own handling ends the process before what is leaving is written down."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def _on_stop(stop: Callable[[], None]) -> None:
    """Call this once the process is told to stop."""
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop)


def _settle() -> None:
    """Take what the start made out of the collector's sight: looking it through stops everything for 150 ms."""
    gc.collect()
    gc.freeze()


async def work(settings: Settings) -> None:
    """Run the worker alone until SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    _on_stop(stopped.set)
    async with opened(settings) as app, working(app, settings.public_url or ""):
        _settle()
        await stopped.wait()

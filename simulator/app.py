"""The far end as one ASGI application on one loopback port."""

import asyncio

from fastapi import FastAPI, Request, status
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from simulator import control, phone
from simulator.options import Options
from simulator.personas import Unknown
from simulator.server import Server, loopback_socket
from simulator.world import World


class Simulator:
    """Both providers, the control API under /control and the phone under /phone.

    The wires are plain ASGI and stand before the framework, so that a bench measures the sender and not this.
    """

    def __init__(self, options: Options | None = None) -> None:
        self._options = options or Options()
        self.world = World(self._options)
        self._pages = _pages(self)
        self._server: Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self.base_url = ""

    @property
    def telegram_base_url(self) -> str:
        """What python-telegram-bot calls base_url."""
        return f"{self.base_url}/bot"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lead a request to its wire."""
        path = scope["path"]
        if path.startswith(("/bot", "/file/bot")):
            await self.world.telegram(scope, receive, send)
        elif path.startswith("/2010-04-01/"):
            await self.world.twilio(scope, receive, send)
        else:
            await self._pages(scope, receive, send)

    async def serve(self, port: int = 0) -> None:
        """Listen on loopback, in this event loop, until `stop`; 0 picks a free port. Raises OSError when taken."""
        listener = loopback_socket(port)
        self.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.world.account.base_url = self.base_url
        self._server = Server(self)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))
        await self._server.listening.wait()

    async def stop(self) -> None:
        """Close everything; harmless when it does not run."""
        await self.world.close()
        if self._server and self._serving:
            self._server.should_exit = True
            await self._serving
            self._server = self._serving = None

    async def reset(self) -> None:
        """As new: nobody registered, nothing sent, an empty log."""
        await self.world.close()
        self.world = World(self._options)
        self.world.account.base_url = self.base_url


def _pages(simulator: Simulator) -> FastAPI:
    app = FastAPI(title="Samenspraak's far end of the wire", docs_url=None, redoc_url=None)
    app.state.simulator = simulator
    app.include_router(control.router)
    app.include_router(phone.router)
    app.mount("/phone/static", StaticFiles(directory=phone.STATIC))
    app.add_exception_handler(Unknown, _not_found)
    return app


async def _not_found(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, status.HTTP_404_NOT_FOUND)

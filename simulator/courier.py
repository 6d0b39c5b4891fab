"""Brings webhooks to the application, as the providers' own servers would over the internet."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp


@dataclass(frozen=True, slots=True)
class Answer:
    """What the application said; status 0 when nobody answered."""

    status: int
    kind: str = ""
    body: str = ""

    @property
    def good(self) -> bool:
        """Whether it took the message."""
        return 200 <= self.status < 300  # noqa: PLR2004 (HTTP)


class Courier:
    """Posts to public addresses, by the loopback addresses behind them, and keeps its errands apart."""

    def __init__(self) -> None:
        self._routes: dict[str, str] = {}
        self._session: aiohttp.ClientSession | None = None
        self._errands: set[asyncio.Task[None]] = set()

    def route(self, public: str, local: str) -> None:
        """Addresses that begin with `public` are reached at `local`, as behind a reverse proxy."""
        self._routes[public.rstrip("/")] = local.rstrip("/")

    def local(self, url: str) -> str:
        """Where a public address is reached."""
        for public, local in self._routes.items():
            if url.startswith(public):
                return local + url.removeprefix(public)
        return url

    async def post(
        self,
        url: str,
        *,
        seconds: float,
        headers: Mapping[str, str],
        form: Mapping[str, str] | None = None,
        json: Any = None,
    ) -> Answer:
        """POST once; never raises for what the network or the application does."""
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200))
        wait = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._session.post(
                self.local(url), data=form, json=json, headers=headers, timeout=wait
            ) as answer:
                body = await answer.text()
                return Answer(answer.status, answer.content_type if body else "", body)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            return Answer(0)

    def send(self, errand: Coroutine[Any, Any, None]) -> None:
        """Run an errand on its own; it ends with the courier."""
        task = asyncio.create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def drop_errands(self) -> None:
        """Forget what is under way."""
        errands = list(self._errands)
        for task in errands:
            task.cancel()
        await asyncio.gather(*errands, return_exceptions=True)

    async def close(self) -> None:
        """Drop all errands and the connections."""
        await self.drop_errands()
        if self._session:
            await self._session.close()
            self._session = None

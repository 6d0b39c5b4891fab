"""Live pages: one look at the change counter each half second per organisation, however many pages follow it."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from storage.database import Database
from storage.repository import changes

_log = logging.getLogger(__name__)
LOOK_EVERY = 0.5


@dataclass(slots=True)
class _Watch:
    """What is known of one organisation. counter: None before the first look."""

    counter: int | None = None
    pages: int = 0
    moved: asyncio.Condition = field(default_factory=asyncio.Condition)
    task: asyncio.Task[None] | None = None


class Live:
    """Follows the change counters of the organisations that somebody looks at."""

    def __init__(self, database: Database, stopping: Callable[[], bool]) -> None:
        self._database = database
        self._stopping = stopping
        self._watches: dict[int, _Watch] = {}

    @property
    def watched(self) -> frozenset[int]:
        """The organisations that are followed now."""
        return frozenset(self._watches)

    async def follow(self, organisation_id: int) -> AsyncGenerator[int, None]:
        """The counter now and at each look after; the same number again means that nothing changed.

        Ends when the process does.
        """
        watch = self._watches.setdefault(organisation_id, _Watch())
        watch.pages += 1
        if watch.task is None:
            watch.task = asyncio.create_task(self._look(organisation_id, watch))
        try:
            while not self._stopping():
                if watch.counter is not None:
                    yield watch.counter
                async with watch.moved:
                    await watch.moved.wait()
        finally:
            watch.pages -= 1
            if watch.pages == 0:
                watch.task.cancel()
                self._watches.pop(organisation_id, None)

    async def _look(self, organisation_id: int, watch: _Watch) -> None:
        while True:
            try:
                async with self._database.read() as connection:
                    watch.counter = await changes(connection, organisation_id)
            except SQLAlchemyError as error:
                _log.warning("Live pages wait for the database: %s", type(error).__name__)
            async with watch.moved:
                watch.moved.notify_all()
            await asyncio.sleep(LOOK_EVERY)

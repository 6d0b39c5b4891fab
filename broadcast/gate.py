"""Whether an event is still to be sent, looked at just before each of its messages leaves."""

import asyncio
import logging
import time
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from broadcast.repository import events
from storage.database import Database

_log = logging.getLogger(__name__)
_FRESH_SECONDS = 0.025
_HOLDS_SECONDS = 0.05
"""What was seen holds so long while somebody looks again: a pause is obeyed within this time."""


@dataclass(slots=True)
class Sight:
    """What was seen of an event, as of when (monotonic seconds)."""

    sends: bool = True
    at: float = 0.0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def is_old(self) -> bool:
        """Whether it must be looked at again."""
        return time.monotonic() > self.at + _FRESH_SECONDS

    def holds(self) -> bool:
        """Whether it may be gone by; longer while somebody looks again, or all who came would then leave at once."""
        return time.monotonic() <= self.at + (_HOLDS_SECONDS if self.turn.locked() else _FRESH_SECONDS)


class Gate:
    """Shared by all that this process sends: one look at the database serves every message of the next 25 ms, and those
    that come while the next look is under way for as long again."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.seen: dict[int, Sight] = {}

    async def is_open(self, event_id: int) -> bool:
        """Whether the event was being sent a moment ago."""
        if event_id not in self.seen:
            self._forget()
        seen = self.seen.setdefault(event_id, Sight())
        if not seen.holds():
            async with seen.turn:
                if seen.is_old():
                    began = time.monotonic()
                    seen.sends, seen.at = await self._look(event_id), began
        return seen.sends

    def _forget(self) -> None:
        """Only what is fresh, or is being looked at, says anything: so what is kept does not grow with every event."""
        self.seen = {number: one for number, one in self.seen.items() if one.turn.locked() or not one.is_old()}

    async def _look(self, event_id: int) -> bool:
        try:
            async with self._database.read() as connection:
                return await events.lets_leave(connection, event_id)
        except SQLAlchemyError as error:
            # Nobody can have paused it in a database that is away; what is leaving was committed before.
            _log.warning("Whether event %d was paused cannot be seen: %s", event_id, type(error).__name__)
            return True

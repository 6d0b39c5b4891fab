"""The places in a sender's pace that are granted, for the busiest second of them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from messaging.repository import pace
from messaging.repository.attempts import Attempt
from messaging.sender import Sender
from messaging.tables import sender

_MICROSECONDS = 1_000_000


@contextmanager
def granted() -> Iterator[list[float]]:
    """Note the places that this process is granted, in seconds on the database's clock."""
    moments: list[float] = []
    depart = pace.depart

    async def noted(
        connection: AsyncConnection, through: Sender, attempts: Sequence[Attempt]
    ) -> list[tuple[Attempt, float]]:
        departures = await depart(connection, through, attempts)
        end = await connection.scalar(select(sender.c.next_free).where(sender.c.id == through.id))
        assert end is not None
        number = len(attempts)
        moments.extend(end / _MICROSECONDS - (number - one) / through.messages_per_second for one in range(number))
        return departures

    pace.depart = noted
    try:
        yield moments
    finally:
        pace.depart = depart

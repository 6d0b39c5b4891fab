"""When messages may leave: places in each sender's rate, and in each chat, on the database's clock that all share."""

import time
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import BigInteger, bindparam, case, cast, update
from sqlalchemy.ext.asyncio import AsyncConnection

from messaging.delivery import Purpose
from messaging.incoming import ChannelKind
from messaging.repository.attempts import Attempt
from messaging.sender import Sender
from messaging.tables import sender
from people.tables import address
from storage.tables import MICROSECOND, Id, database_now

BETWEEN = {ChannelKind.TELEGRAM: timedelta(seconds=1)}
"""Between two messages to one address."""
_SECOND = 1_000_000
_TAKEN = cast(bindparam("count", type_=BigInteger) * _SECOND / sender.c.messages_per_second, BigInteger)
_RESERVE = (
    update(sender)
    .where(sender.c.id == bindparam("sender", type_=Id))
    .values(next_free=case((sender.c.next_free > database_now(), sender.c.next_free), else_=database_now()) + _TAKEN)
    .returning(sender.c.next_free - _TAKEN - database_now())
)
_LAST = database_now() + bindparam("last", type_=BigInteger)
_BETWEEN = bindparam("between", type_=BigInteger)
_OCCUPY = (
    update(address)
    .where(address.c.id.in_(bindparam("ids", expanding=True)))
    .values(free_at=case((address.c.free_at > _LAST, address.c.free_at), else_=_LAST) + _BETWEEN)
    .returning(address.c.id, address.c.free_at - _BETWEEN - database_now())
)


async def depart(
    connection: AsyncConnection, through: Sender, attempts: Sequence[Attempt]
) -> list[tuple[Attempt, float]]:
    """Reserve the sender's next places for these; gives when each may leave, in seconds of this process' monotonic
    clock: how long the transaction then takes to commit moves nobody's place.

    Whose chat was written to less than a second before waits for that as well, but not what may save a life.
    """
    first = await reserve(connection, through.id, len(attempts))
    began = time.monotonic()
    places = [first + number / through.messages_per_second for number in range(len(attempts))]
    between = BETWEEN.get(through.channel)
    if between is None:
        return [(one, began + place) for one, place in zip(attempts, places, strict=True)]
    last = round(places[-1] * _SECOND)
    free = await _occupy(connection, [one.address_id for one in attempts], last, between)
    # Who may be written to when the last of these leaves may be written to now.
    late = {one: wait / _SECOND for one, wait in free.items() if wait > last}
    return [
        (one, began + (place if one.purpose is Purpose.SAFETY else late.get(one.address_id, place)))
        for one, place in zip(attempts, places, strict=True)
    ]


async def reserve(connection: AsyncConnection, sender_id: int, count: int) -> float:
    """Reserve the sender's next `count` places in time; gives the seconds to wait before the first.

    GCRA without burst: places lie 1/rate apart. Whoever reserves n must space its n messages by that interval.
    """
    waiting = (await connection.execute(_RESERVE, {"sender": sender_id, "count": count})).scalar_one()
    return max(0.0, float(waiting) / _SECOND)


async def _occupy(
    connection: AsyncConnection, address_ids: Sequence[int], last: int, between: timedelta
) -> dict[int, int]:
    """Nobody else writes to these addresses until so long after `last` microseconds from now; gives, in microseconds,
    when each is free. The sender's row, which is locked already, is everybody's turn."""
    values = {"ids": address_ids, "last": last, "between": between // MICROSECOND}
    rows = await connection.execute(_OCCUPY, values)
    return {row[0]: int(row[1]) for row in rows}


async def pause(connection: AsyncConnection, sender_id: int, seconds: float) -> None:
    """The provider asked to wait: nothing leaves through this sender before."""
    until = database_now() + int(seconds * _SECOND)
    statement = update(sender).where(sender.c.id == sender_id, sender.c.next_free < until)
    await connection.execute(statement.values(next_free=until))

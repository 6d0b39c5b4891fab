"""The chunks in which an event is sent, and how far its ledger is written."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.event import EventState
from broadcast.repository import events
from broadcast.tables import chunk, event
from broadcast.vocabulary import Severity, Status
from storage.errors import Conflict


@dataclass(frozen=True, slots=True)
class Unwritten:
    """An event of whose recipients some are not in the ledger yet.

    after: the last resident who is. slices: how many were written; chunks: how many there are.
    """

    after: int
    slices: int
    chunks: int


async def unwritten(connection: AsyncConnection, event_id: int) -> Unwritten | None:
    """How far the ledger of an event is written; None when it is whole, or the rest need not be written any more."""
    statement = select(event.c.written_to, event.c.slices).where(
        event.c.id == event_id, event.c.written_to.is_not(None), event.c.state != EventState.CANCELLED
    )
    row = (await connection.execute(statement)).first()
    if row is None:
        return None
    return Unwritten(row.written_to, row.slices, await count(connection, event_id))


async def written(
    connection: AsyncConnection, event_id: int, before: Unwritten, *, to: int | None, recipients: int, chunks: int
) -> None:
    """One more part of an event's ledger is written. to: the last resident in it; None: it was the last part.

    Raises Conflict when another worker wrote it meanwhile.
    """
    mine = (event.c.id == event_id, event.c.written_to == before.after)
    statement = update(event).where(*mine)
    whole = to is None and before.slices == 0
    values = {
        "written_to": to,
        "recipients": event.c.recipients + recipients,
        "open_chunks": event.c.open_chunks + chunks,
        "slices": 0 if whole else before.slices + 1,
    }
    if (await connection.execute(statement.values(**values))).rowcount != 1:
        raise Conflict("Another worker wrote this part of the ledger")


async def add(
    connection: AsyncConnection, event_id: int, first: int, senders: Sequence[int], slice_number: int | None
) -> None:
    """Add chunks, numbered from `first`, each with its sender."""
    rows = [
        {"event_id": event_id, "number": number, "sender_id": one, "slice": slice_number, "state": "waiting", "run": 0}
        for number, one in enumerate(senders, start=first)
    ]
    if rows:
        await connection.execute(insert(chunk), rows)


async def count(connection: AsyncConnection, event_id: int) -> int:
    """How many chunks an event has, which is the number of the next one."""
    return int(await connection.scalar(select(func.count()).where(chunk.c.event_id == event_id)) or 0)


async def reopen(connection: AsyncConnection, event_id: int, first: int, senders: Sequence[int]) -> None:
    """Add chunks to an event whose ledger is written."""
    await add(connection, event_id, first, senders, None)
    more = update(event).where(event.c.id == event_id)
    await connection.execute(more.values(open_chunks=event.c.open_chunks + len(senders)))


_urgent = event.alias()
_HAS_URGENT = select(
    exists()
    .where(chunk.c.event_id == _urgent.c.id, chunk.c.sender_id == bindparam("sender"), chunk.c.state == "queued")
    .where(_urgent.c.state.in_((EventState.SENDING, EventState.SENT)), _urgent.c.ended_at.is_(None))
    .where(_urgent.c.status == Status.ACTUAL, _urgent.c.severity.in_([one for one in Severity if one.is_life_safety]))
)


async def has_urgent(connection: AsyncConnection, sender_id: int) -> bool:
    """Whether a sender has something to send on which lives may depend."""
    return bool(await connection.scalar(_HAS_URGENT, {"sender": sender_id}))


@dataclass(frozen=True, slots=True)
class QueuedChunk:
    """A chunk that a job is to carry now. slice: of a large event, the one in which it is counted."""

    event_id: int
    number: int
    sender_id: int
    slice: int | None
    run: int


async def queue_next(connection: AsyncConnection, event_id: int, sender_id: int, at_once: int) -> list[QueuedChunk]:
    """Take the next waiting chunks of a sender, to give each to a job in this transaction.

    at_once: how many are to be under way with it.
    """
    under_way = select(func.count()).where(
        chunk.c.event_id == event_id, chunk.c.sender_id == sender_id, chunk.c.state == "queued"
    )
    wanted = at_once - int(await connection.scalar(under_way) or 0)
    if wanted <= 0:
        return []
    waiting = (
        select(chunk.c.number)
        .where(chunk.c.event_id == event_id, chunk.c.sender_id == sender_id, chunk.c.state == "waiting")
        .order_by(chunk.c.number)
        .limit(wanted)
        .with_for_update(skip_locked=True)
    )
    numbers = list(await connection.scalars(waiting))
    taken = update(chunk).where(chunk.c.event_id == event_id, chunk.c.number.in_(numbers))
    queued = taken.values(state="queued", run=chunk.c.run + 1).returning(*_QUEUED)
    return [QueuedChunk(*row) for row in await connection.execute(queued)]


_QUEUED = (chunk.c.event_id, chunk.c.number, chunk.c.sender_id, chunk.c.slice, chunk.c.run)


async def senders_of(connection: AsyncConnection, event_id: int) -> list[int]:
    """The senders that still have chunks of an event before them."""
    statement = select(chunk.c.sender_id).where(chunk.c.event_id == event_id, chunk.c.state == "waiting")
    return list(await connection.scalars(statement.distinct()))


async def get(connection: AsyncConnection, event_id: int, number: int) -> QueuedChunk:
    """A chunk as it stands."""
    statement = select(*_QUEUED).where(chunk.c.event_id == event_id, chunk.c.number == number)
    return QueuedChunk(*(await connection.execute(statement)).one())


async def put_back(connection: AsyncConnection, event_id: int, number: int) -> None:
    """The event was paused: the chunk waits for its resumption."""
    mine = (chunk.c.event_id == event_id, chunk.c.number == number, chunk.c.state.in_(("queued", "lingering")))
    await connection.execute(update(chunk).where(*mine).values(state="waiting"))


async def linger(connection: AsyncConnection, event_id: int, number: int) -> None:
    """A job comes back later for the rest of a chunk; the next chunk need not wait for that."""
    mine = (chunk.c.event_id == event_id, chunk.c.number == number, chunk.c.state == "queued")
    await connection.execute(update(chunk).where(*mine).values(state="lingering"))


async def end(connection: AsyncConnection, event_id: int, number: int) -> bool:
    """Nothing of a chunk is open any more; True when it was the event's last one and the event is sent with it."""
    mine = (chunk.c.event_id == event_id, chunk.c.number == number, chunk.c.state != "done")
    if (await connection.execute(update(chunk).where(*mine).values(state="done"))).rowcount != 1:
        return False
    return await end_part(connection, event_id)


async def end_part(connection: AsyncConnection, event_id: int) -> bool:
    """A chunk is done, or everybody is written; True when nothing else was open and the event is sent with it."""
    # The event's row is the lock: of two chunks that end at once, one sees that it is the last.
    left = update(event).where(event.c.id == event_id).values(open_chunks=event.c.open_chunks - 1)
    await connection.execute(left)
    return await events.finish(connection, event_id)


async def waiting_slice(connection: AsyncConnection, event_id: int) -> int | None:
    """The first slice of an event of which chunks wait that no job carries; from now on none of its chunks waits."""
    waiting = (chunk.c.event_id == event_id, chunk.c.state == "waiting", chunk.c.slice.is_not(None))
    number: int | None = await connection.scalar(select(func.min(chunk.c.slice)).where(*waiting))
    if number is not None:
        await connection.execute(update(chunk).where(*waiting, chunk.c.slice == number).values(state="done"))
    return number

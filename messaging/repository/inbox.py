"""What came in: stored once, answered once, in the order of each person's messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from messaging.tables import inbox
from storage.errors import Conflict
from storage.repository import upsert
from storage.tables import Instant

LEASE = timedelta(seconds=15)
_LAST_ATTEMPT = 6
_ERROR_LENGTH = 200


class LeaseLost(Conflict):
    """Another worker answers this message by now."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a provider handed over, sealed: text and number are personal data."""

    organisation_id: int
    sender_id: int
    provider_id: str
    lane: str
    payload: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """A stored message that this worker may answer until its lease ends."""

    id: int
    organisation_id: int
    sender_id: int
    payload: bytes
    received_at: datetime
    attempts: int
    lease: str


async def store(connection: AsyncConnection, arrivals: Sequence[Arrival]) -> None:
    """Store what came in; what is there already (the provider repeated itself) stays as it is."""
    rows = [
        {
            "organisation_id": one.organisation_id,
            "sender_id": one.sender_id,
            "provider_id": one.provider_id,
            "lane": one.lane,
            "payload": one.payload,
            "received_at": one.received_at,
            "state": "stored",
            "attempts": 0,
        }
        for one in arrivals
    ]
    if rows:
        await connection.execute(upsert(connection, inbox).on_conflict_do_nothing(), rows)


_NOW = bindparam("now", type_=Instant)
_FREE = or_(inbox.c.lease_until.is_(None), inbox.c.lease_until < _NOW)
"""Not leased by anybody alive, and not resting after an error."""
_OPEN = inbox.c.state.in_(("stored", "processing"))
_HAS_WAITING = select(exists().where(_OPEN, _FREE))
_earlier = inbox.alias()
_IN_TURN = ~exists().where(
    _earlier.c.lane == inbox.c.lane, _earlier.c.state.in_(("stored", "processing")), _earlier.c.id < inbox.c.id
)
_HEADS = (
    select(inbox.c.id)
    .where(_OPEN, _FREE, _IN_TURN)
    .order_by(inbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(inbox)
    .where(inbox.c.id.in_(_HEADS))
    .values(
        state="processing",
        lease=bindparam("new_lease"),
        lease_until=bindparam("until", type_=Instant),
        attempts=inbox.c.attempts + 1,
    )
    .returning(inbox)
)


async def has_waiting(connection: AsyncConnection, now: datetime) -> bool:
    """Whether somebody waits for an answer: a cheap look before a writing transaction."""
    return bool(await connection.scalar(_HAS_WAITING, {"now": now}))


async def claim(connection: AsyncConnection, lease: str, now: datetime, limit: int) -> list[Claimed]:
    """Lease the next messages: each person's oldest, never two of one person at once."""
    asked = {"now": now, "most": limit, "new_lease": lease, "until": now + LEASE}
    rows = (await connection.execute(_CLAIM, asked)).all()
    return [
        Claimed(row.id, row.organisation_id, row.sender_id, row.payload, row.received_at, row.attempts, lease)
        for row in sorted(rows, key=lambda row: row.id)
    ]


async def release_own(connection: AsyncConnection, worker: str) -> None:
    """The worker of this name starts now: what it had leased when it died is free again."""
    mine = inbox.c.lease.startswith(f"{worker}:", autoescape=True)
    await connection.execute(
        update(inbox).where(inbox.c.state == "processing", mine).values(lease=None, lease_until=None)
    )


async def finish(connection: AsyncConnection, claimed: Claimed, now: datetime) -> None:
    """The message was dealt with, in this very transaction; raises LeaseLost when another worker has it by now.

    The payload goes: what is worth keeping stands in the conversation.
    """
    statement = update(inbox).where(inbox.c.id == claimed.id, inbox.c.lease == claimed.lease)
    done = await connection.execute(
        statement.where(inbox.c.state == "processing").values(state="done", done_at=now, payload=None, lease=None)
    )
    if done.rowcount != 1:
        raise LeaseLost("Another worker answers this message")


async def fail(connection: AsyncConnection, claimed: Claimed, now: datetime, error: str) -> bool:
    """Try again later, with growing pauses; True when it was the last attempt and an officer must look."""
    last = claimed.attempts >= _LAST_ATTEMPT
    statement = update(inbox).where(inbox.c.id == claimed.id, inbox.c.lease == claimed.lease)
    await connection.execute(
        statement.values(
            state="failed" if last else "stored",
            lease=None,
            lease_until=now + timedelta(seconds=2**claimed.attempts),
            error=error[:_ERROR_LENGTH],
        )
    )
    return last


async def waiting(connection: AsyncConnection) -> tuple[int, int]:
    """How many messages wait to be answered, and how many were given up."""
    rows = await connection.execute(select(inbox.c.state, func.count()).group_by(inbox.c.state))
    counts = {row[0]: int(row[1]) for row in rows}
    return counts.get("stored", 0) + counts.get("processing", 0), counts.get("failed", 0)

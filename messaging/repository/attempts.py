"""Messages that leave: claimed, each attempt committed under a lease, and what became of it, which counts for that
lease only. Each step is an UPDATE that names the state it expects."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Row, and_, bindparam, case, exists, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from messaging.delivery import WAITING, DeliveryState, Purpose
from messaging.repository.sent import message_sent
from messaging.tables import delivery, sender
from people.tables import address, resident
from storage.repository import append_facts
from storage.tables import EPOCH, MICROSECOND, Instant, database_now

LEASE = timedelta(seconds=60)
"""Longer than the longest wait for a place in the pace and the longest request: whose lease ended, has died."""
S = DeliveryState
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A message whose attempt was committed: it may leave now, once."""

    id: int
    organisation_id: int
    sender_id: int
    address_id: int
    resident_id: int
    purpose: Purpose
    conversation_id: int | None
    event_id: int | None
    content: bytes | None
    sealed_address: bytes
    wrapped_key: bytes | None
    channel: str
    last_inbound_at: datetime | None
    attempts: int
    expires_at: datetime | None
    answers_at: datetime | None
    substantive: bool
    possible_duplicate: bool
    lease: str
    requested_language: str | None


_NOW = bindparam("now", type_=Instant)
_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
_LATER = and_(delivery.c.state == S.RETRY_WAIT, delivery.c.next_attempt_at <= _NOW)
DUE = or_(delivery.c.state == S.QUEUED, _LATER)
"""Queued, or waiting for another try whose time has come `now`."""
_DUE_SENDERS = select(sender.c.id, (sender.c.next_free - database_now()).label("busy")).where(
    sender.c.id.in_(bindparam("senders", expanding=True)),
    exists().where(delivery.c.sender_id == sender.c.id, delivery.c.state.in_(WAITING), delivery.c.chunk.is_(None), DUE),
)


async def senders_due(connection: AsyncConnection, now: datetime, senders: Collection[int]) -> list[tuple[int, float]]:
    """Those of the senders through which a single message is to be sent now, and the seconds until each is free.

    A cheap look before a writing transaction.
    """
    rows = await connection.execute(_DUE_SENDERS, {"senders": list(senders), "now": now})
    return [(row.id, max(0.0, row.busy * MICROSECOND / _SECOND)) for row in rows]


_earlier = delivery.alias()
_IN_TURN = ~exists().where(
    _earlier.c.address_id == delivery.c.address_id,
    _earlier.c.chunk.is_(None),
    _earlier.c.state.in_((S.QUEUED, S.RETRY_WAIT, S.SENDING)),
    _earlier.c.id < delivery.c.id,
)
_SAFETY = delivery.c.purpose == Purpose.SAFETY
_HEADS = (
    select(delivery.c.id)
    .where(delivery.c.state.in_(WAITING), delivery.c.chunk.is_(None), delivery.c.sender_id == bindparam("sender"))
    .where(DUE, or_(_SAFETY, _IN_TURN))
    .order_by(_SAFETY.desc(), delivery.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


async def claim_single(
    connection: AsyncConnection, sender_id: int, lease: str, now: datetime, limit: int
) -> list[Attempt]:
    """Commit to attempting a sender's next messages that belong to no broadcast, each person's oldest first.

    What may save a life waits for nothing that the person was to get before.
    """
    heads = await connection.scalars(_HEADS, {"sender": sender_id, "now": now, "most": limit})
    return await start(connection, [int(one) for one in heads], lease, now)


ATTEMPTED: dict[str, Any] = {
    "state": S.SENDING,
    "lease": bindparam("by", type_=delivery.c.lease.type),
    "lease_until": bindparam("until", type_=Instant),
    "attempts": delivery.c.attempts + 1,
    "attempted_at": _NOW,
}
"""What changes in a row when its attempt is committed; `attempted` gives its parameters."""
_COLUMNS = (
    "id",
    "organisation_id",
    "sender_id",
    "address_id",
    "resident_id",
    "purpose",
    "conversation_id",
    "event_id",
    "content",
    "attempts",
    "expires_at",
    "answers_at",
    "substantive",
    "possible_duplicate",
)
TO_BE = (
    select(*(delivery.c[name] for name in _COLUMNS), address.c.sealed, address.c.channel, address.c.last_inbound_at)
    .add_columns(resident.c.wrapped_key, resident.c.requested_language)
    .join(address, address.c.id == delivery.c.address_id)
    .join(resident, resident.c.id == delivery.c.resident_id)
)
"""Rows of the ledger with their addresses and people, as far as `as_attempt` needs them."""
_WAITS = and_(delivery.c.id.in_(_IDS), delivery.c.state.in_(WAITING))
_END = (
    update(delivery)
    .where(_WAITS, or_(delivery.c.withdrawn, delivery.c.expires_at <= _NOW))
    .values(state=case((delivery.c.withdrawn, S.CANCELLED), else_=S.EXPIRED))
)
_START = update(delivery).where(_WAITS).values(**ATTEMPTED)
_STARTED = TO_BE.where(
    delivery.c.id.in_(_IDS), delivery.c.state == S.SENDING, delivery.c.lease == bindparam("by")
).order_by(delivery.c.id)


def attempted(lease: str, now: datetime) -> dict[str, Any]:
    """The parameters of ATTEMPTED."""
    return {"by": lease, "until": now + LEASE, "now": now}


async def start(connection: AsyncConnection, ids: Sequence[int], lease: str, now: datetime) -> list[Attempt]:
    """Move these to `sending`; what expired or was withdrawn meanwhile is settled instead and not given back."""
    if not ids:
        return []
    await connection.execute(_END, {"ids": ids, "now": now})
    await connection.execute(_START, {"ids": ids, **attempted(lease, now)})
    rows = await connection.execute(_STARTED, {"ids": ids, "by": lease})
    return [as_attempt(row, lease, row.attempts) for row in rows]


def as_attempt(row: Row[Any], lease: str, attempts: int) -> Attempt:
    """A row of the ledger, with its address and its person, as the attempt of this number, under this lease."""
    return Attempt(
        id=row.id,
        organisation_id=row.organisation_id,
        sender_id=row.sender_id,
        address_id=row.address_id,
        resident_id=row.resident_id,
        purpose=Purpose(row.purpose),
        conversation_id=row.conversation_id,
        event_id=row.event_id,
        content=row.content,
        sealed_address=row.sealed,
        wrapped_key=row.wrapped_key,
        channel=row.channel,
        last_inbound_at=row.last_inbound_at,
        attempts=attempts,
        expires_at=row.expires_at,
        answers_at=row.answers_at,
        substantive=row.substantive,
        possible_duplicate=row.possible_duplicate,
        lease=lease,
        requested_language=row.requested_language,
    )


MINE = and_(
    delivery.c.id == bindparam("attempt"), delivery.c.state == S.SENDING, delivery.c.lease == bindparam("under")
)
"""A finish counts only for the lease that sent; `mine` gives its parameters."""
ACCEPT = (
    update(delivery)
    .where(MINE)
    .values(
        state=S.ACCEPTED,
        provider_id=bindparam("provider"),
        accepted_at=bindparam("at", type_=Instant),
        lease=None,
    )
)
NAME = (
    update(delivery)
    .where(delivery.c.id == bindparam("attempt"), delivery.c.provider_id.is_(None))
    .values(provider_id=bindparam("provider"))
)
"""A status or another worker was first: only the provider's id is noted."""


def mine(attempt: Attempt) -> dict[str, Any]:
    """The parameters of MINE."""
    return {"attempt": attempt.id, "under": attempt.lease}


async def accept(connection: AsyncConnection, attempt: Attempt, provider_id: str, now: datetime) -> bool:
    """The provider took it. False when a status or another worker was first; then only the provider's id is noted."""
    done = await connection.execute(ACCEPT, {**mine(attempt), "provider": provider_id, "at": now})
    if done.rowcount == 1:
        facts = [message_sent(attempt, attempt.channel, now)] if attempt.event_id is None else []
        await append_facts(connection, facts)
        return True
    await connection.execute(NAME, {"attempt": attempt.id, "provider": provider_id})
    return False


_OTHER_WAY = case((and_(delivery.c.event_id.is_not(None), delivery.c.edits.is_(None)), literal(EPOCH, Instant)))
OTHER_WAY = {"failover_at": _OTHER_WAY}
"""What failed of a broadcast is looked at at once: the person may have to be told another way."""
_ENDED: dict[str, Any] = {"error": bindparam("why", type_=delivery.c.error.type), "lease": None}
_RETRY = (
    update(delivery)
    .where(MINE)
    .values(
        state=case((delivery.c.withdrawn, S.CANCELLED), else_=S.RETRY_WAIT),
        next_attempt_at=bindparam("at", type_=Instant),
        **_ENDED,
    )
)
_FAIL = update(delivery).where(MINE).values(state=S.FAILED, next_attempt_at=None, **OTHER_WAY, **_ENDED)
_LOSE = update(delivery).where(MINE).values(state=S.UNKNOWN, next_attempt_at=bindparam("at", type_=Instant), **_ENDED)


async def retry(connection: AsyncConnection, attempt: Attempt, at: datetime, error: str) -> None:
    """Surely not taken: try again at `at`, unless it was withdrawn meanwhile."""
    await connection.execute(_RETRY, {**mine(attempt), "at": at, "why": error})


async def fail(connection: AsyncConnection, attempt: Attempt, error: str) -> None:
    """The provider refused it for good, or refused it too often."""
    await connection.execute(_FAIL, {**mine(attempt), "why": error})


async def lose_sight(connection: AsyncConnection, attempt: Attempt, error: str, look_at: datetime) -> None:
    """Nobody can know whether it left. look_at: when to look into it."""
    await connection.execute(_LOSE, {**mine(attempt), "at": look_at, "why": error})

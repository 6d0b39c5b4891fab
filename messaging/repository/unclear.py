"""Messages of which nobody knows whether they left: found at the provider, sent again and marked, or left unknown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, and_, bindparam, case, exists, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from messaging.delivery import DeliveryState
from messaging.repository import statuses
from messaging.tables import delivery
from people.tables import address, resident
from storage.tables import Instant

LOOK_AGAIN = timedelta(minutes=1)
"""After this an outcome that could not be looked into is looked into once more."""
_STATUS_WITHIN = timedelta(seconds=5)
S = DeliveryState
_NOW = bindparam("now", type_=Instant)
_SENDERS: BindParameter[list[int]] = bindparam("senders", expanding=True)
_LEAVING = and_(delivery.c.state == S.SENDING, delivery.c.lease.is_not(None))
_HAS_UNCLEAR = select(
    exists().where(
        delivery.c.state == S.UNKNOWN,
        delivery.c.chunk.is_(None),
        delivery.c.sender_id.in_(_SENDERS),
        delivery.c.next_attempt_at <= _NOW,
    )
    | exists().where(_LEAVING, delivery.c.lease_until < _NOW)
)
_ABANDON = update(delivery).where(_LEAVING).values(state=S.UNKNOWN, error="worker died", lease=None)


@dataclass(frozen=True, slots=True)
class Unclear:
    """A message of which nobody knows whether it left."""

    id: int
    sender_id: int
    sealed_address: bytes
    wrapped_key: bytes | None
    content: bytes | None
    attempted_at: datetime
    resend: bool


async def has_unclear(connection: AsyncConnection, now: datetime, senders: Collection[int]) -> bool:
    """Whether an outcome is to be looked into now, or an attempt's worker has died."""
    return bool(await connection.scalar(_HAS_UNCLEAR, {"senders": list(senders), "now": now}))


async def abandon_dead(connection: AsyncConnection, now: datetime) -> None:
    """Attempts of workers that died: their outcome is unknown, to be looked into at once."""
    await connection.execute(_ABANDON.where(delivery.c.lease_until < now).values(next_attempt_at=now))


async def abandon_own(connection: AsyncConnection, worker: str, now: datetime) -> None:
    """What the worker of this name was sending when it died is unknown, to be looked into.

    A broadcast's only after a while: a status that is on its way may still tell.
    """
    own = _ABANDON.where(delivery.c.lease.startswith(f"{worker}:", autoescape=True))
    look_at = case((delivery.c.chunk.is_(None), literal(now, Instant)), else_=literal(now + _STATUS_WITHIN, Instant))
    await connection.execute(own.values(next_attempt_at=look_at))


async def unclear(connection: AsyncConnection, now: datetime, limit: int, senders: Collection[int]) -> list[Unclear]:
    """Unknown outcomes of single messages whose time to be looked into has come; nobody else does for a minute."""
    statement = (
        select(delivery, address.c.sealed, resident.c.wrapped_key)
        .join(address, address.c.id == delivery.c.address_id)
        .join(resident, resident.c.id == delivery.c.resident_id)
        .where(delivery.c.state == S.UNKNOWN, delivery.c.next_attempt_at <= now, delivery.c.chunk.is_(None))
        .where(delivery.c.sender_id.in_(senders))
        .order_by(delivery.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=delivery)
    )
    rows = (await connection.execute(statement)).all()
    if rows:
        taken = update(delivery).where(delivery.c.id.in_([row.id for row in rows]))
        await connection.execute(taken.values(next_attempt_at=now + LOOK_AGAIN))
    return [
        Unclear(
            id=row.id,
            sender_id=row.sender_id,
            sealed_address=row.sealed,
            wrapped_key=row.wrapped_key,
            content=row.content,
            attempted_at=row.attempted_at,
            resend=row.resend_unknown and not row.withdrawn,
        )
        for row in rows
    ]


async def resolve(
    connection: AsyncConnection,
    delivery_id: int,
    sender_id: int,
    found: Sequence[str],
    at: datetime,
    *,
    resend: bool,
) -> None:
    """Settle an unclear outcome by what the provider was found to have: accepted, sent again, or left unknown.

    found: the provider's ids of messages like this one. resend: rather twice than not at all.
    """
    taken = await unnoted(connection, sender_id, found)
    if taken is not None:
        await statuses.accept_found(connection, delivery_id, taken, at)
    elif resend:
        await send_again(connection, delivery_id)
    else:
        await leave_unknown(connection, delivery_id)


async def unnoted(connection: AsyncConnection, sender_id: int, provider_ids: Sequence[str]) -> str | None:
    """The first of these ids of the provider that no row of the ledger carries yet."""
    statement = select(delivery.c.provider_id).where(
        delivery.c.sender_id == sender_id, delivery.c.provider_id.in_(provider_ids)
    )
    noted = set(await connection.scalars(statement))
    return next((one for one in provider_ids if one not in noted), None)


async def send_again(connection: AsyncConnection, delivery_id: int) -> None:
    """Queue an unclear message once more, marked: the person may get it twice. A withdrawn one stays unknown."""
    unknown = and_(delivery.c.id == delivery_id, delivery.c.state == S.UNKNOWN)
    again = update(delivery).where(unknown, ~delivery.c.withdrawn)
    await connection.execute(again.values(state=S.QUEUED, possible_duplicate=True, next_attempt_at=None))
    await leave_unknown(connection, delivery_id)


async def leave_unknown(connection: AsyncConnection, delivery_id: int) -> None:
    """Its policy says: rather not at all than twice. Only a status may still tell what became of it."""
    unknown = and_(delivery.c.id == delivery_id, delivery.c.state == S.UNKNOWN)
    await connection.execute(update(delivery).where(unknown).values(next_attempt_at=None))

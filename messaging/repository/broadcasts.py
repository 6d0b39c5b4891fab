"""The ledger's rows of broadcasts: claimed and recorded by the chunk, withdrawn, told. `lines` writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from messaging.delivery import REACHED, WAITING, DeliveryState
from messaging.repository import attempts
from messaging.repository.attempts import DUE, Attempt
from messaging.tables import delivery
from people.consent import ALERTS
from people.tables import address, consent, resident
from storage.tables import Instant

S = DeliveryState


def _of_chunk(event_id: int, chunk: int) -> ColumnElement[bool]:
    return and_(delivery.c.event_id == event_id, delivery.c.chunk == chunk)


async def claim(
    connection: AsyncConnection,
    event_id: int,
    chunk: int,
    lease: str,
    now: datetime,
    limit: int,
    news_within: timedelta | None = None,
) -> list[Attempt]:
    """Commit to attempting the next messages of a chunk: one statement to read them, one to mark them.

    news_within: whose message has no news of a delivery by then is told another way.
    """
    chosen = {"event": event_id, "chunk": chunk, "now": now, "most": limit}
    rows = await connection.execute(_HEADS, chosen)
    claimed = [attempts.as_attempt(row, lease, row.attempts + 1) for row in rows]
    if claimed:
        look_at = None if news_within is None else now + news_within
        values = {"ids": [one.id for one in claimed], "look_at": look_at, **attempts.attempted(lease, now)}
        await connection.execute(_CLAIM, values)
    return claimed


_AGREED = exists().where(
    consent.c.address_id == delivery.c.address_id, consent.c.purpose == ALERTS, consent.c.withdrawn_at.is_(None)
)
"""Who sent STOP since the alert was approved is not sent it."""
_HEADS = (
    attempts.TO_BE.where(
        delivery.c.event_id == bindparam("event"),
        delivery.c.chunk == bindparam("chunk"),
        delivery.c.state.in_(WAITING),
        DUE,
        ~delivery.c.withdrawn,
        delivery.c.expires_at > bindparam("now", type_=Instant),
        _AGREED,
    )
    .order_by(delivery.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=delivery)
)
_CLAIM = (
    update(delivery)
    .where(delivery.c.id.in_(bindparam("ids", expanding=True)))
    .values(**attempts.ATTEMPTED, failover_at=bindparam("look_at", type_=Instant))
)


async def drop_late(connection: AsyncConnection, event_id: int, chunk: int, now: datetime) -> None:
    """Settle what may not leave any more: it was withdrawn, its time has passed, or the person stopped it."""
    waiting = and_(_of_chunk(event_id, chunk), delivery.c.state.in_(WAITING))
    await connection.execute(update(delivery).where(waiting, delivery.c.withdrawn).values(state=S.CANCELLED))
    await connection.execute(update(delivery).where(waiting, delivery.c.expires_at <= now).values(state=S.EXPIRED))
    stopped = {"state": S.SUPPRESSED, "error": "no_consent"}
    await connection.execute(update(delivery).where(waiting, ~_AGREED).values(**stopped))


async def accept(connection: AsyncConnection, accepted: Sequence[tuple[Attempt, str]], now: datetime) -> int:
    """The provider took these, under these ids. Gives how many nobody had told yet (a status may be faster)."""
    if not accepted:
        return 0
    rows = [{**attempts.mine(attempt), "provider": provider_id, "at": now} for attempt, provider_id in accepted]
    moved = (await connection.execute(attempts.ACCEPT, rows)).rowcount
    if moved != len(rows):
        await connection.execute(
            attempts.NAME, [{"attempt": row["attempt"], "provider": row["provider"]} for row in rows]
        )
    return moved


_GIVE_BACK = (
    update(delivery)
    .where(attempts.MINE)
    .values(
        state=case((delivery.c.withdrawn, S.CANCELLED), else_=S.QUEUED),
        attempts=delivery.c.attempts - 1,
        lease=None,
        failover_at=None,
    )
)


async def give_back(connection: AsyncConnection, held_back: Sequence[Attempt]) -> None:
    """The event was paused or cancelled before these left: they wait again, as if they had not been claimed."""
    if held_back:
        await connection.execute(_GIVE_BACK, [attempts.mine(one) for one in held_back])


async def open_until(connection: AsyncConnection, event_id: int, chunk: int, now: datetime) -> datetime | None:
    """When there is next something to do for a chunk; None when nothing of it is open any more."""
    later = case(
        (delivery.c.state == S.QUEUED, literal(now, Instant)),
        (delivery.c.state == S.SENDING, delivery.c.lease_until),
        else_=delivery.c.next_attempt_at,
    )
    unsettled = or_(
        delivery.c.state.in_((S.QUEUED, S.SENDING, S.RETRY_WAIT)),
        and_(delivery.c.state == S.UNKNOWN, delivery.c.next_attempt_at.is_not(None)),
    )
    statement = select(func.min(later, type_=Instant)).where(_of_chunk(event_id, chunk), unsettled)
    found: datetime | None = await connection.scalar(statement)
    return found


@dataclass(frozen=True, slots=True)
class Unclear:
    """A message of a broadcast of which nobody knows whether it left."""

    id: int
    sender_id: int
    sealed_address: bytes
    wrapped_key: bytes | None
    requested_language: str | None
    attempted_at: datetime
    resend: bool


async def unclear(connection: AsyncConnection, event_id: int, chunk: int, now: datetime, limit: int) -> list[Unclear]:
    """Unknown outcomes of a chunk whose time to be looked into has come; those of dead workers among them."""
    dead = and_(_of_chunk(event_id, chunk), delivery.c.state == S.SENDING, delivery.c.lease_until < now)
    lost = {"state": S.UNKNOWN, "error": "worker died", "next_attempt_at": now}
    await connection.execute(update(delivery).where(dead).values(**lost))
    statement = (
        select(delivery, address.c.sealed, resident.c.wrapped_key, resident.c.requested_language)
        .join(address, address.c.id == delivery.c.address_id)
        .join(resident, resident.c.id == delivery.c.resident_id)
        .where(_of_chunk(event_id, chunk), delivery.c.state == S.UNKNOWN, delivery.c.next_attempt_at <= now)
        .order_by(delivery.c.id)
        .limit(limit)
    )
    return [
        Unclear(
            id=row.id,
            sender_id=row.sender_id,
            sealed_address=row.sealed,
            wrapped_key=row.wrapped_key,
            requested_language=row.requested_language,
            attempted_at=row.attempted_at,
            resend=row.resend_unknown and not row.withdrawn,
        )
        for row in await connection.execute(statement)
    ]


async def look_again(connection: AsyncConnection, delivery_id: int, at: datetime) -> None:
    """The provider could not be asked what became of a message: ask again at `at`."""
    unknown = and_(delivery.c.id == delivery_id, delivery.c.state == S.UNKNOWN)
    await connection.execute(update(delivery).where(unknown).values(next_attempt_at=at))


async def withdraw(connection: AsyncConnection, event_id: int, slice_number: int | None) -> None:
    """Send nothing of an event, or of this slice of it, any more; what is just leaving is not tried again."""
    in_slice = true() if slice_number is None else delivery.c.slice == slice_number
    await _withdraw(connection, and_(delivery.c.event_id == event_id, in_slice))


async def withdraw_chunk(connection: AsyncConnection, event_id: int, chunk: int) -> None:
    """Send nothing of a chunk any more; what is just leaving is not tried again."""
    await _withdraw(connection, _of_chunk(event_id, chunk))


async def _withdraw(connection: AsyncConnection, mine: ColumnElement[bool]) -> None:
    waiting = update(delivery).where(mine, delivery.c.state.in_(WAITING))
    await connection.execute(waiting.values(state=S.CANCELLED, withdrawn=True))
    leaving = update(delivery).where(mine, delivery.c.state.in_((S.SENDING, S.UNKNOWN)))
    await connection.execute(leaving.values(withdrawn=True))


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody whom an event reached, or may have reached, and through which sender."""

    resident_id: int
    address_id: int
    sender_id: int
    channel: str
    active: bool
    last_inbound_at: datetime | None


async def told(connection: AsyncConnection, event_ids: Sequence[int], after: int, limit: int) -> list[Told]:
    """The next people after a resident whom these events reached, each once, by the way that surely reached them.

    Who may have been reached counts: they must hear that it is over too.
    """
    sent = delivery.c.state.in_((*REACHED, S.SENDING, S.UNKNOWN))
    mine = and_(delivery.c.event_id.in_(event_ids), sent, delivery.c.edits.is_(None))
    people = select(delivery.c.resident_id).where(mine, delivery.c.resident_id > after)
    page = people.distinct().order_by(delivery.c.resident_id).limit(limit)
    sureness = case((delivery.c.state.in_((S.DELIVERED, S.READ)), 0), (delivery.c.state == S.ACCEPTED, 1), else_=2)
    columns = (delivery.c.resident_id, delivery.c.address_id, delivery.c.sender_id)
    statement = (
        select(*columns, address.c.channel, address.c.state, address.c.last_inbound_at)
        .join(address, address.c.id == delivery.c.address_id)
        .where(mine, delivery.c.resident_id.in_(page))
        .order_by(delivery.c.resident_id, sureness, delivery.c.id.desc())
    )
    found: dict[int, Told] = {}
    for row in await connection.execute(statement):
        one = Told(
            resident_id=row.resident_id,
            address_id=row.address_id,
            sender_id=row.sender_id,
            channel=row.channel,
            active=row.state == "active",
            last_inbound_at=row.last_inbound_at,
        )
        found.setdefault(row.resident_id, one)
    return list(found.values())

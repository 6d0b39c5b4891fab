"""The ledger of deliveries: queued, attempted, finished, each step an UPDATE that names the state it expects."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from messaging.delivery import WAITING, DeliveryState, Purpose, sources
from messaging.repository import tallies
from messaging.tables import delivery, sender
from people.tables import address, resident
from storage.facts import Fact, FactKind
from storage.repository import append_facts
from storage.tables import EPOCH, MICROSECOND, Instant, database_now

LEASE = timedelta(seconds=60)
"""Longer than the longest wait for a place in the pace and the longest request: whose lease ended, has died."""
LOOK_AGAIN = timedelta(minutes=1)
"""After this an outcome that could not be looked into is looked into once more."""
S = DeliveryState
_SECOND = timedelta(seconds=1)


_OTHER_WAY = case((delivery.c.event_id.is_not(None), literal(EPOCH, Instant)))
"""What failed of a broadcast is looked at at once: the person may have to be told another way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """A message to queue. content: sealed with the person's key."""

    organisation_id: int
    sender_id: int
    address_id: int
    resident_id: int
    purpose: Purpose
    content: bytes
    conversation_id: int | None = None
    message_id: int | None = None
    answers_at: datetime | None = None
    substantive: bool = False
    expires_at: datetime | None = None


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


async def queue(connection: AsyncConnection, new: NewDelivery, at: datetime) -> int:
    """Queue a message; gives its id."""
    values = {name: getattr(new, name) for name in new.__slots__}
    statement = insert(delivery).values(
        **values,
        state=S.QUEUED,
        attempts=0,
        possible_duplicate=False,
        resend_unknown=True,
        withdrawn=False,
        queued_at=at,
    )
    return int((await connection.execute(statement.returning(delivery.c.id))).scalar_one())


def due(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Queued, or waiting for another try whose time has come."""
    later = and_(delivery.c.state == S.RETRY_WAIT, delivery.c.next_attempt_at <= now)
    return or_(delivery.c.state == S.QUEUED, later)


_NOW = bindparam("now", type_=Instant)
_SENDERS: BindParameter[list[int]] = bindparam("senders", expanding=True)
# Built once: they are asked after each message, and building them takes longer than running them.
_HAS_UNCLEAR = select(
    exists().where(
        delivery.c.state == S.UNKNOWN,
        delivery.c.chunk.is_(None),
        delivery.c.sender_id.in_(_SENDERS),
        delivery.c.next_attempt_at <= _NOW,
    )
    | exists().where(delivery.c.state == S.SENDING, delivery.c.lease_until < _NOW)
)
_DUE_SENDERS = select(sender.c.id, (sender.c.next_free - database_now()).label("busy")).where(
    sender.c.id.in_(_SENDERS),
    exists().where(
        delivery.c.sender_id == sender.c.id, delivery.c.state.in_(WAITING), delivery.c.chunk.is_(None), due(_NOW)
    ),
)


async def has_unclear(connection: AsyncConnection, now: datetime, senders: Collection[int]) -> bool:
    """Whether an outcome is to be looked into now, or an attempt's worker has died."""
    return bool(await connection.scalar(_HAS_UNCLEAR, {"senders": list(senders), "now": now}))


async def senders_due(connection: AsyncConnection, now: datetime, senders: Collection[int]) -> list[tuple[int, float]]:
    """Those of the senders through which a single message is to be sent now, and the seconds until each is free.

    A cheap look before a writing transaction.
    """
    rows = await connection.execute(_DUE_SENDERS, {"senders": list(senders), "now": now})
    return [(row.id, max(0.0, row.busy * MICROSECOND / _SECOND)) for row in rows]


async def claim_single(
    connection: AsyncConnection, sender_id: int, lease: str, now: datetime, limit: int
) -> list[Attempt]:
    """Commit to attempting a sender's next messages that belong to no broadcast, each person's oldest first.

    What may save a life waits for nothing that the person was to get before.
    """
    earlier = delivery.alias()
    in_turn = ~exists().where(
        earlier.c.address_id == delivery.c.address_id,
        earlier.c.chunk.is_(None),
        earlier.c.state.in_((S.QUEUED, S.RETRY_WAIT, S.SENDING)),
        earlier.c.id < delivery.c.id,
    )
    safety = delivery.c.purpose == Purpose.SAFETY
    heads = (
        select(delivery.c.id)
        .where(delivery.c.state.in_(WAITING), delivery.c.chunk.is_(None), delivery.c.sender_id == sender_id)
        .where(due(now), or_(safety, in_turn))
        .order_by(safety.desc(), delivery.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return await start(connection, [int(one) for one in await connection.scalars(heads)], lease, now)


async def start(connection: AsyncConnection, ids: Sequence[int], lease: str, now: datetime) -> list[Attempt]:
    """Move these to `sending`; what expired or was withdrawn meanwhile is settled instead and not given back."""
    if not ids:
        return []
    mine = and_(delivery.c.id.in_(ids), delivery.c.state.in_(WAITING))
    over = update(delivery).where(mine, or_(delivery.c.withdrawn, delivery.c.expires_at <= now))
    await connection.execute(over.values(state=case((delivery.c.withdrawn, S.CANCELLED), else_=S.EXPIRED)))
    await connection.execute(update(delivery).where(mine).values(**attempted(lease, now)))
    statement = (
        attempts_to_be()
        .where(delivery.c.id.in_(ids), delivery.c.state == S.SENDING, delivery.c.lease == lease)
        .order_by(delivery.c.id)
    )
    return [as_attempt(row, lease, row.attempts) for row in await connection.execute(statement)]


def attempts_to_be() -> Select[Any]:
    """Rows of the ledger with their addresses and people, as far as `as_attempt` needs them."""
    columns = (delivery.c[name] for name in _ATTEMPT)
    people = (address.c.sealed, address.c.channel, address.c.last_inbound_at)
    return (
        select(*columns, *people, resident.c.wrapped_key, resident.c.requested_language)
        .join(address, address.c.id == delivery.c.address_id)
        .join(resident, resident.c.id == delivery.c.resident_id)
    )


_ATTEMPT = (
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


def attempted(lease: str, now: datetime) -> dict[str, Any]:
    """What changes in a row when its attempt is committed."""
    return {
        "state": S.SENDING,
        "lease": lease,
        "lease_until": now + LEASE,
        "attempts": delivery.c.attempts + 1,
        "attempted_at": now,
    }


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


def _mine(attempt: Attempt) -> ColumnElement[bool]:
    """A finish counts only for the lease that sent."""
    return and_(delivery.c.id == attempt.id, delivery.c.state == S.SENDING, delivery.c.lease == attempt.lease)


async def accept(connection: AsyncConnection, attempt: Attempt, provider_id: str, now: datetime) -> bool:
    """The provider took it. False when a status or another worker was first; then only the provider's id is noted."""
    values = {"state": S.ACCEPTED, "provider_id": provider_id, "accepted_at": now, "lease": None}
    done = await connection.execute(update(delivery).where(_mine(attempt)).values(**values))
    if done.rowcount == 1:
        await append_facts(connection, [_sent(attempt, attempt.channel, now)] if attempt.event_id is None else [])
        return True
    unnamed = update(delivery).where(delivery.c.id == attempt.id, delivery.c.provider_id.is_(None))
    await connection.execute(unnamed.values(provider_id=provider_id))
    return False


def _sent(one: Attempt | Row[Any], channel: str, now: datetime) -> Fact:
    waited = None if one.answers_at is None else (now - one.answers_at).total_seconds()
    return Fact(
        kind=FactKind.MESSAGE_SENT,
        organisation_id=one.organisation_id,
        at=now,
        channel=channel,
        resident_id=one.resident_id,
        conversation_id=one.conversation_id,
        data={"purpose": one.purpose, "substantive": one.substantive, "seconds": waited},
    )


async def retry(connection: AsyncConnection, attempt: Attempt, at: datetime, error: str) -> None:
    """Surely not taken: try again at `at`, unless it was withdrawn meanwhile."""
    state = case((delivery.c.withdrawn, S.CANCELLED), else_=S.RETRY_WAIT)
    values = {"state": state, "next_attempt_at": at, "error": error, "lease": None}
    await connection.execute(update(delivery).where(_mine(attempt)).values(**values))


async def settle(
    connection: AsyncConnection, attempt: Attempt, state: DeliveryState, error: str, look_at: datetime | None = None
) -> None:
    """The attempt ended in `state`. look_at: for an unknown outcome, when to look into it."""
    values: dict[str, Any] = {"state": state, "error": error, "lease": None, "next_attempt_at": look_at}
    if state is S.FAILED:
        values["failover_at"] = _OTHER_WAY
    await connection.execute(update(delivery).where(_mine(attempt)).values(**values))


async def abandon_dead(connection: AsyncConnection, now: datetime) -> int:
    """Attempts of workers that died: their outcome is unknown, to be looked into at once. Gives how many."""
    return await _abandon(connection, delivery.c.lease_until < now, now)


async def abandon_own(connection: AsyncConnection, worker: str, now: datetime) -> int:
    """What the worker of this name, which starts now, was sending when it died. Gives how many."""
    return await _abandon(connection, delivery.c.lease.startswith(f"{worker}:", autoescape=True), now)


async def _abandon(connection: AsyncConnection, whose: ColumnElement[bool], now: datetime) -> int:
    statement = update(delivery).where(delivery.c.state == S.SENDING, whose)
    return (
        await connection.execute(statement.values(state=S.UNKNOWN, error="worker died", next_attempt_at=now))
    ).rowcount


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
        await accept_found(connection, delivery_id, taken, at)
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


async def advance(
    connection: AsyncConnection,
    *,
    sender_id: int,
    provider_id: str,
    state: DeliveryState,
    at: datetime,
    delivery_id: int | None = None,
    error: str | None = None,
) -> bool:
    """A status came in: move forward, never back. True when it told something new.

    delivery_id: from the callback's address; it finds the row even when the status overtakes the answer to our request.
    """
    found = delivery.c.provider_id == provider_id
    if delivery_id is not None:
        found = or_(found, and_(delivery.c.id == delivery_id, delivery.c.provider_id.is_(None)))
    mine = and_(delivery.c.sender_id == sender_id, found)
    late = state is not S.FAILED and await _accept_late(connection, mine, provider_id, at)
    values: dict[str, Any] = {"state": state, "provider_id": provider_id, "error": error}
    if state in _MOMENT:
        values |= {_MOMENT[state]: at, "failover_at": None, "superseded": False}
    if state is S.FAILED:
        values["failover_at"] = _OTHER_WAY
    forward = update(delivery).where(mine, delivery.c.state.in_(sources(state))).values(**values)
    told = (delivery.c.id, delivery.c.event_id, delivery.c.slice, delivery.c.resident_id)
    moved = (await connection.execute(forward.returning(*told))).all()
    await tallies.stale(connection, ((row.event_id, row.slice) for row in moved))
    for row in moved:
        if row.event_id is not None and state in _MOMENT:
            await stop_other_ways(connection, row.event_id, row.resident_id, row.id)
    return bool(moved) or late


async def stop_other_ways(connection: AsyncConnection, event_id: int, resident_id: int, reached_by: int | None) -> None:
    """The person has an event's message, or answered it: nobody tells them another way.

    reached_by: the delivery that says so from now on.
    """
    mine = and_(delivery.c.event_id == event_id, delivery.c.resident_id == resident_id)
    values: dict[str, Any] = {
        "failover_at": None,
        "withdrawn": True,
        "state": case((delivery.c.state.in_(WAITING), S.CANCELLED), else_=delivery.c.state),
    }
    if reached_by is not None:
        mine = and_(mine, delivery.c.id != reached_by)
        values["superseded"] = True
    await connection.execute(update(delivery).where(mine).values(**values))


@dataclass(frozen=True, slots=True)
class Known:
    """A delivery as its provider knows it. of_channel: whether its address is one of the sender's own channel."""

    organisation_id: int
    event_id: int | None
    resident_id: int
    address_id: int
    of_channel: bool


async def known_as(connection: AsyncConnection, sender_id: int, provider_id: str) -> Known | None:
    """The delivery of this id of the provider."""
    columns = (delivery.c.organisation_id, delivery.c.event_id, delivery.c.resident_id, delivery.c.address_id)
    statement = (
        select(*columns, (sender.c.channel == address.c.channel).label("of_channel"))
        .join(sender, sender.c.id == delivery.c.sender_id)
        .join(address, address.c.id == delivery.c.address_id)
        .where(delivery.c.sender_id == sender_id, delivery.c.provider_id == provider_id)
    )
    row = (await connection.execute(statement)).first()
    return None if row is None else Known(*row)


async def accept_found(connection: AsyncConnection, delivery_id: int, provider_id: str, at: datetime) -> None:
    """The provider, asked, has it: it was accepted after all."""
    await _accept_late(connection, delivery.c.id == delivery_id, provider_id, at)


async def _accept_late(connection: AsyncConnection, mine: ColumnElement[bool], provider_id: str, at: datetime) -> bool:
    """The answer to our request was lost, or a status overtook it: this is how we learn that it left."""
    # A subquery: SQLite gives back no columns of a table that an update is joined with.
    channel = select(sender.c.channel).where(sender.c.id == delivery.c.sender_id).scalar_subquery()
    statement = (
        update(delivery)
        .where(mine, delivery.c.state.in_((S.SENDING, S.UNKNOWN)))
        .values(state=S.ACCEPTED, provider_id=provider_id, accepted_at=at, lease=None)
        .returning(delivery, channel.label("channel"))
    )
    rows = (await connection.execute(statement)).all()
    await tallies.stale(connection, ((row.event_id, row.slice) for row in rows))
    await append_facts(
        connection,
        [
            _sent(row, row.channel, at)
            if row.event_id is None
            else alert_delivered(row.organisation_id, row.event_id, row.channel, 1, at)
            for row in rows
        ],
    )
    return bool(rows)


def alert_delivered(organisation_id: int, event_id: int, channel: str, count: int, at: datetime) -> Fact:
    """So many people were sent an alert: the providers took it."""
    return Fact(
        kind=FactKind.ALERT_DELIVERED,
        organisation_id=organisation_id,
        at=at,
        channel=channel,
        event_id=event_id,
        data={"count": count, "channel": channel},
    )


_MOMENT = {S.DELIVERED: "delivered_at", S.READ: "read_at"}


async def withdraw_replies(connection: AsyncConnection, conversation_id: int) -> int:
    """An officer takes over: no bot reply that waits may leave any more. Gives how many are just leaving."""
    mine = and_(delivery.c.conversation_id == conversation_id, delivery.c.purpose == Purpose.REPLY)
    # One statement for all states: between two a reply could pass from a state of the second to one of the first.
    withdrawn = (
        update(delivery)
        .where(mine, delivery.c.state.in_((*WAITING, S.SENDING, S.UNKNOWN)))
        .values(withdrawn=True, state=case((delivery.c.state.in_(WAITING), S.CANCELLED), else_=delivery.c.state))
        .returning(delivery.c.state)
    )
    return sum(state != S.CANCELLED for state in await connection.scalars(withdrawn))


async def of_messages(connection: AsyncConnection, message_ids: Sequence[int]) -> dict[int, tuple[str, bool]]:
    """State, and whether it may be a duplicate, of the deliveries of these messages."""
    statement = select(delivery.c.message_id, delivery.c.state, delivery.c.possible_duplicate)
    rows = await connection.execute(statement.where(delivery.c.message_id.in_(message_ids)))
    return {row.message_id: (row.state, row.possible_duplicate) for row in rows}


async def event_of(connection: AsyncConnection, sender_id: int, provider_id: str) -> int | None:
    """The broadcast event whose message a provider knows under this id."""
    statement = select(delivery.c.event_id).where(
        delivery.c.sender_id == sender_id, delivery.c.provider_id == provider_id
    )
    event: int | None = await connection.scalar(statement)
    return event


async def backlog(connection: AsyncConnection) -> int:
    """How many messages wait to leave at once (broadcasts not counted)."""
    waiting = select(func.count()).where(delivery.c.state.in_(WAITING), delivery.c.chunk.is_(None))
    return int(await connection.scalar(waiting) or 0)

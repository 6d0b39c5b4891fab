"""Rows of the ledger that change messages which people have already; they carry the id of that delivery."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from messaging.delivery import DeliveryState, Purpose
from messaging.tables import delivery, sender

S = DeliveryState
_edit = delivery.alias()


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a broadcast that somebody has."""

    delivery_id: int
    sender_id: int
    address_id: int
    resident_id: int


@dataclass(frozen=True, slots=True)
class Edit:
    """One to be changed. chunk: which carries that; step: below zero, no other of this event and person."""

    message: Message
    chunk: int
    step: int


@dataclass(frozen=True, slots=True)
class Target:
    """What an edit changes: as the provider knows it, and of which event it is."""

    provider_id: str
    event_id: int


async def written_to(connection: AsyncConnection, event_id: int) -> int:
    """The last resident of whose messages an event changes one; 0: none yet."""
    mine = select(func.max(delivery.c.resident_id)).where(
        delivery.c.event_id == event_id, delivery.c.edits.is_not(None)
    )
    return int(await connection.scalar(mine) or 0)


async def next_messages(
    connection: AsyncConnection, event_ids: Sequence[int], channel: str, after: int, limit: int
) -> list[Message]:
    """What people have of these events on a channel, unless it was changed before, in the order of the residents.

    after: the resident to begin behind. All messages of one person come together; so they may be more than `limit`.
    """
    mine = and_(
        delivery.c.event_id.in_(event_ids),
        delivery.c.edits.is_(None),
        delivery.c.provider_id.is_not(None),
        delivery.c.state.in_((S.ACCEPTED, S.DELIVERED, S.READ)),
        delivery.c.sender_id.in_(select(sender.c.id).where(sender.c.channel == channel)),
        ~exists().where(_edit.c.edits == delivery.c.id, _edit.c.state == S.ACCEPTED),
    )
    people = select(delivery.c.resident_id).where(mine, delivery.c.resident_id > after)
    page = people.distinct().order_by(delivery.c.resident_id).limit(limit)
    columns = (delivery.c.id, delivery.c.sender_id, delivery.c.address_id, delivery.c.resident_id)
    statement = select(*columns).where(mine, delivery.c.resident_id.in_(page))
    rows = await connection.execute(statement.order_by(delivery.c.resident_id, delivery.c.id))
    return [Message(*row) for row in rows]


async def queue(
    connection: AsyncConnection,
    organisation_id: int,
    event_id: int,
    edits: Sequence[Edit],
    expires_at: datetime,
    at: datetime,
) -> None:
    """Write edits down. They say nothing about how the person stands; sent twice they do no harm."""
    shared = {
        "organisation_id": organisation_id,
        "event_id": event_id,
        "purpose": Purpose.EDIT,
        "substantive": False,
        "superseded": True,
        "state": S.QUEUED,
        "attempts": 0,
        "possible_duplicate": False,
        "resend_unknown": True,
        "withdrawn": False,
        "expires_at": expires_at,
        "queued_at": at,
    }
    rows = [
        {
            "sender_id": one.message.sender_id,
            "address_id": one.message.address_id,
            "resident_id": one.message.resident_id,
            "edits": one.message.delivery_id,
            "chunk": one.chunk,
            "step": one.step,
        }
        for one in edits
    ]
    if rows:
        await connection.execute(insert(delivery).values(**shared), rows)


async def targets(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, Target]:
    """By its own id, what each edit changes."""
    statement = (
        select(_edit.c.id, delivery.c.provider_id, delivery.c.event_id)
        .join(delivery, delivery.c.id == _edit.c.edits)
        .where(_edit.c.id.in_(ids))
    )
    return {row.id: Target(row.provider_id, row.event_id) for row in await connection.execute(statement)}

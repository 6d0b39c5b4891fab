"""The ledger of deliveries as those see it who speak: a message is queued, withdrawn, and looked at again.

How it leaves: `attempts`. Of what nobody knows whether it left: `unclear`. What providers say of it later: `statuses`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from messaging.delivery import WAITING, DeliveryState, Purpose
from messaging.tables import delivery

S = DeliveryState


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


# Here and in what stands beside it, statements that are asked for after each message are built once: building one
# takes longer than running it.
_QUEUE = (
    insert(delivery)
    .values(
        **{name: bindparam(f"new_{name}", type_=delivery.c[name].type) for name in NewDelivery.__slots__},
        state=S.QUEUED,
        attempts=0,
        possible_duplicate=False,
        resend_unknown=True,
        withdrawn=False,
        queued_at=bindparam("at", type_=delivery.c.queued_at.type),
    )
    .returning(delivery.c.id)
)


async def queue(connection: AsyncConnection, new: NewDelivery, at: datetime) -> int:
    """Queue a message; gives its id."""
    values = {f"new_{name}": getattr(new, name) for name in new.__slots__}
    return int((await connection.execute(_QUEUE, {**values, "at": at})).scalar_one())


_REPLIES = (delivery.c.conversation_id == bindparam("conversation"), delivery.c.purpose == Purpose.REPLY)
# One statement for all states: between two a reply could pass from a state of the second to one of the first.
_OPEN = delivery.c.state.in_((*WAITING, S.SENDING, S.UNKNOWN))
_WITHDRAWN = {"withdrawn": True, "state": case((delivery.c.state.in_(WAITING), S.CANCELLED), else_=delivery.c.state)}
_WITHDRAW = update(delivery).where(*_REPLIES, _OPEN).values(_WITHDRAWN).returning(delivery.c.state)


async def withdraw_replies(connection: AsyncConnection, conversation_id: int) -> int:
    """An officer takes over: no bot reply that waits may leave any more. Gives how many are just leaving."""
    withdrawn = await connection.scalars(_WITHDRAW, {"conversation": conversation_id})
    return sum(state != S.CANCELLED for state in withdrawn)


async def withdraw_all(connection: AsyncConnection, resident_id: int) -> None:
    """Nothing that waits for this person leaves any more, and what is just leaving is not tried again."""
    await connection.execute(update(delivery).where(delivery.c.resident_id == resident_id, _OPEN).values(_WITHDRAWN))


async def of_messages(connection: AsyncConnection, message_ids: Sequence[int]) -> dict[int, tuple[str, bool]]:
    """State, and whether it may be a duplicate, of the deliveries of these messages."""
    statement = select(delivery.c.message_id, delivery.c.state, delivery.c.possible_duplicate)
    rows = await connection.execute(statement.where(delivery.c.message_id.in_(message_ids)))
    return {row.message_id: (row.state, row.possible_duplicate) for row in rows}


async def event_of(connection: AsyncConnection, sender_id: int, provider_id: str) -> int | None:
    """The broadcast event whose message a provider knows under this id."""
    statement = select(delivery.c.event_id).where(
        delivery.c.sender_id == sender_id, delivery.c.provider_id == provider_id, delivery.c.edits.is_(None)
    )
    event: int | None = await connection.scalar(statement)
    return event


async def backlog(connection: AsyncConnection) -> int:
    """How many messages wait to leave at once (broadcasts not counted)."""
    waiting = select(func.count()).where(delivery.c.state.in_(WAITING), delivery.c.chunk.is_(None))
    return int(await connection.scalar(waiting) or 0)

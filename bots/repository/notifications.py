"""Telling officers that somebody waits, again until one of them takes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bots.conversation import State
from bots.tables import conversation, notification
from people.tables import officer

REMIND_AFTER = timedelta(minutes=10)
_MOST_REMINDERS = 6
URGENT = ("emergency", "self_harm", "need_help")
"""Told once even while an officer owns the conversation."""


@dataclass(frozen=True, slots=True)
class Due:
    """A notification to send now."""

    id: int
    organisation_id: int
    conversation_id: int
    reason: str
    email: str
    locale: str
    telegram_sealed: bytes | None
    attempts: int


async def queue(
    connection: AsyncConnection,
    organisation_id: int,
    conversation_id: int,
    officer_ids: Sequence[int],
    reason: str,
    at: datetime,
) -> None:
    """Tell these officers, in the transaction that made somebody wait."""
    rows = [
        {
            "organisation_id": organisation_id,
            "conversation_id": conversation_id,
            "officer_id": officer_id,
            "reason": reason,
            "state": "queued",
            "attempts": 0,
            "due_at": at,
        }
        for officer_id in officer_ids
    ]
    if rows:
        await connection.execute(insert(notification), rows)


async def has_due(connection: AsyncConnection, now: datetime) -> bool:
    """Whether an officer must be told something now."""
    due = exists().where(notification.c.state == "queued", notification.c.due_at <= now)
    return bool(await connection.scalar(select(due)))


async def claim(connection: AsyncConnection, now: datetime, limit: int) -> list[Due]:
    """What to send now, each with its next reminder already planned: a crash costs a reminder, not the notice.

    Where nobody waits any more nothing is sent.
    """
    first_urgent = notification.c.reason.in_(URGENT) & (notification.c.attempts == 0)
    waits = first_urgent | exists().where(
        conversation.c.id == notification.c.conversation_id, conversation.c.state == State.WAITING
    )
    pending = (notification.c.state == "queued") & (notification.c.due_at <= now)
    await connection.execute(update(notification).where(pending, ~waits).values(state="unnecessary"))
    statement = (
        select(notification, officer.c.email, officer.c.locale, officer.c.telegram_sealed)
        .join(officer, officer.c.id == notification.c.officer_id)
        .where(pending)
        .order_by(notification.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=notification)
    )
    rows = (await connection.execute(statement)).all()
    for row in rows:
        last = row.attempts + 1 >= _MOST_REMINDERS
        values = {"attempts": row.attempts + 1, "due_at": now + REMIND_AFTER, "state": "sent" if last else "queued"}
        await connection.execute(update(notification).where(notification.c.id == row.id).values(**values))
    return [
        Due(
            id=row.id,
            organisation_id=row.organisation_id,
            conversation_id=row.conversation_id,
            reason=row.reason,
            email=row.email,
            locale=row.locale,
            telegram_sealed=row.telegram_sealed,
            attempts=row.attempts,
        )
        for row in rows
    ]


async def retry_soon(connection: AsyncConnection, notification_id: int, at: datetime) -> None:
    """It could not be sent: try again before the next reminder, as if this try had not been."""
    statement = update(notification).where(notification.c.id == notification_id)
    await connection.execute(statement.values(state="queued", due_at=at, attempts=notification.c.attempts - 1))

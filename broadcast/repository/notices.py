"""Telling officers of an alert: that it waits for them, its author approved it alone, it was sent back, or came in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.alert import AlertState
from broadcast.tables import alert, alert_notice
from people.tables import officer

SUBMITTED, OVERRIDDEN, SENT_BACK = "submitted", "overridden", "sent_back"
CAME_IN, PROPOSED = "came_in", "proposed"
REMIND_AFTER = timedelta(minutes=10)
_MOST = {SUBMITTED: 3, OVERRIDDEN: 1, SENT_BACK: 1, CAME_IN: 3, PROPOSED: 1}
_WHILE = {SUBMITTED: AlertState.SUBMITTED, CAME_IN: AlertState.DRAFT}
"""In which state of the alert somebody is told so, and reminded."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What one officer is to be told now."""

    id: int
    organisation_id: int
    alert_id: int
    reason: str
    email: str
    locale: str
    telegram_sealed: bytes | None


async def queue(
    connection: AsyncConnection,
    organisation_id: int,
    alert_id: int,
    officer_ids: Iterable[int],
    reason: str,
    at: datetime,
) -> None:
    """Tell these officers, in the transaction in which it happened."""
    shared = {"organisation_id": organisation_id, "alert_id": alert_id, "reason": reason}
    rows = [
        {**shared, "officer_id": officer_id, "state": "queued", "attempts": 0, "due_at": at}
        for officer_id in officer_ids
    ]
    if rows:
        await connection.execute(insert(alert_notice), rows)


async def has_due(connection: AsyncConnection, at: datetime) -> bool:
    """Whether an officer must be told something now."""
    return bool(await connection.scalar(select(exists().where(*_due(at)))))


async def claim(connection: AsyncConnection, at: datetime, limit: int) -> list[Notice]:
    """What to tell now, each with its reminder already planned: a crash costs a reminder, not the notice.

    Nobody is told of an alert that does not wait for them any more.
    """
    for reason, state in _WHILE.items():
        waits = exists().where(alert.c.id == alert_notice.c.alert_id, alert.c.state == state)
        decided = update(alert_notice).where(*_due(at), alert_notice.c.reason == reason, ~waits)
        await connection.execute(decided.values(state="unnecessary"))
    statement = (
        select(alert_notice, officer.c.email, officer.c.locale, officer.c.telegram_sealed)
        .join(officer, officer.c.id == alert_notice.c.officer_id)
        .where(*_due(at))
        .order_by(alert_notice.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=alert_notice)
    )
    rows = (await connection.execute(statement)).all()
    for row in rows:
        last = row.attempts + 1 >= _MOST[row.reason]
        values = {"attempts": row.attempts + 1, "due_at": at + REMIND_AFTER, "state": "sent" if last else "queued"}
        await connection.execute(update(alert_notice).where(alert_notice.c.id == row.id).values(**values))
    return [
        Notice(row.id, row.organisation_id, row.alert_id, row.reason, row.email, row.locale, row.telegram_sealed)
        for row in rows
    ]


async def retry_soon(connection: AsyncConnection, notice_id: int, at: datetime) -> None:
    """It could not be told: try again, as if this try had not been."""
    again = update(alert_notice).where(alert_notice.c.id == notice_id)
    await connection.execute(again.values(state="queued", due_at=at, attempts=alert_notice.c.attempts - 1))


def _due(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return alert_notice.c.state == "queued", alert_notice.c.due_at <= at

"""Alerts on other pages: which are not finished with, and to which an answer belongs."""

from collections.abc import Collection

from sqlalchemy import Exists, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.alert import AlertState
from broadcast.event import EventKind
from broadcast.tables import alert, event

_OUT = (AlertState.SENDING, AlertState.PAUSED, AlertState.SENT, AlertState.CANCELLED)


async def without_feedback(connection: AsyncConnection, organisation_id: int) -> dict[int, str]:
    """Alerts that left and of which the network did not hear how they ended: title by id, the oldest first."""

    def has(kind: EventKind) -> Exists:
        return exists().where(event.c.alert_id == alert.c.id, event.c.kind == kind)

    statement = (
        select(alert.c.id, alert.c.title)
        .where(
            alert.c.organisation_id == organisation_id,
            alert.c.state.in_(_OUT),
            has(EventKind.ALERT),
            ~has(EventKind.FEEDBACK),
        )
        .order_by(alert.c.id)
    )
    return {row.id: row.title for row in await connection.execute(statement)}


async def to_approve(connection: AsyncConnection, organisation_id: int) -> dict[int, str]:
    """Alerts that wait for approval: title by id, the longest waiting first."""
    statement = select(alert.c.id, alert.c.title).where(
        alert.c.organisation_id == organisation_id, alert.c.state == AlertState.SUBMITTED
    )
    rows = await connection.execute(statement.order_by(alert.c.submitted_at))
    return {row.id: row.title for row in rows}


async def of_events(
    connection: AsyncConnection, organisation_id: int, event_ids: Collection[int]
) -> dict[int, tuple[int, str]]:
    """By event, the id and title of the alert that it belongs to."""
    statement = (
        select(event.c.id, event.c.alert_id, alert.c.title)
        .join(alert, alert.c.id == event.c.alert_id)
        .where(event.c.organisation_id == organisation_id, event.c.id.in_(event_ids))
    )
    return {row.id: (row.alert_id, row.title) for row in await connection.execute(statement)}

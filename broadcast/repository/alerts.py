"""Alerts as they are written and steered."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.alert import TRANSITIONS, Alert, AlertState, Content, Step, after
from broadcast.selection import Selection
from broadcast.tables import alert
from broadcast.vocabulary import Category, Certainty, Kind, ResponseType, Scope, Severity, Status, Urgency
from storage.errors import Conflict, NotFound
from storage.repository import upsert


def _alert(row: Row[Any]) -> Alert:
    return Alert(
        id=row.id,
        organisation_id=row.organisation_id,
        state=AlertState(row.state),
        content=_content(row),
        author_ids=tuple(row.author_ids),
        digest=row.digest,
        submitted_by=row.submitted_by,
        submitted_at=row.submitted_at,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        created_at=row.created_at,
        changed_at=row.changed_at,
        closed_at=row.closed_at,
        override_reason=row.override_reason,
        rejection=row.rejection,
        acknowledged=tuple(row.acknowledged),
        form_key=row.form_key,
        retries=row.retries,
    )


def _content(row: Row[Any]) -> Content:
    return Content(
        severity=Severity(row.severity),
        title=row.title,
        texts=row.texts,
        audience=Selection.read(row.audience),
        expires_at=row.expires_at,
        kind=Kind(row.kind),
        status=Status(row.status),
        scope=Scope(row.scope),
        categories=tuple(map(Category, row.categories)),
        urgency=Urgency(row.urgency),
        certainty=Certainty(row.certainty),
        response_types=tuple(map(ResponseType, row.response_types)),
        area=row.area,
        instructions=row.instructions,
        short_texts=row.short_texts,
        contact=row.contact,
        web=row.web,
        ask_if_safe=row.ask_if_safe,
        template_sid=row.template_sid,
        template_values=tuple(row.template_values),
        effective_at=row.effective_at,
        onset_at=row.onset_at,
    )


def _columns(content: Content) -> dict[str, Any]:
    """Each field of the content has the column of its name; what holds several is written as a list."""
    written = {one.name: getattr(content, one.name) for one in fields(content)}
    lists = {name: list(value) for name, value in written.items() if isinstance(value, tuple)}
    return written | lists | {"audience": content.audience.as_json()}


async def create(
    connection: AsyncConnection,
    organisation_id: int,
    content: Content,
    officer_id: int | None,
    at: datetime,
    form_key: str | None = None,
) -> int | None:
    """Write a draft; gives its id, or None when the same form made one before.

    officer_id: None for what no officer wrote.
    """
    statement = upsert(connection, alert).values(
        organisation_id=organisation_id,
        state=AlertState.DRAFT,
        author_ids=[] if officer_id is None else [officer_id],
        created_at=at,
        changed_at=at,
        form_key=form_key,
        **_columns(content),
    )
    made: int | None = await connection.scalar(statement.on_conflict_do_nothing().returning(alert.c.id))
    return made


async def of_form(connection: AsyncConnection, organisation_id: int, form_key: str) -> int:
    """The alert that this form made."""
    mine = select(alert.c.id).where(alert.c.organisation_id == organisation_id, alert.c.form_key == form_key)
    return int((await connection.execute(mine)).scalar_one())


async def get(connection: AsyncConnection, organisation_id: int, alert_id: int, *, lock: bool = False) -> Alert:
    """One alert of this organisation; raises NotFound.

    lock: nobody else changes it in this transaction; of two presses of a button the second sees what the first did.
    """
    statement = select(alert).where(alert.c.organisation_id == organisation_id, alert.c.id == alert_id)
    row = (await connection.execute(statement.with_for_update() if lock else statement)).first()
    if row is None:
        raise NotFound(f"There is no alert {alert_id}")
    return _alert(row)


async def recent(connection: AsyncConnection, organisation_id: int, limit: int = 50) -> list[Alert]:
    """The newest alerts of an organisation."""
    statement = select(alert).where(alert.c.organisation_id == organisation_id).order_by(alert.c.id.desc())
    return [_alert(row) for row in await connection.execute(statement.limit(limit))]


async def take_step(
    connection: AsyncConnection,
    one: Alert,
    steps: Sequence[Step],
    at: datetime,
    content: Content | None = None,
    **values: Any,
) -> None:
    """Take one step, or several at once; raises Conflict when it is not possible, or somebody else was first."""
    state = one.state
    for step in steps:
        state = after(step, state)
    if content is not None:
        values |= _columns(content)
    statement = update(alert).where(
        alert.c.id == one.id, alert.c.state == one.state, alert.c.changed_at == one.changed_at
    )
    done = await connection.execute(statement.values(state=state, changed_at=at, **values))
    if done.rowcount != 1:
        raise Conflict("Somebody else changed this alert meanwhile: look at it again")


async def finish(connection: AsyncConnection, alert_id: int, at: datetime) -> bool:
    """Everything left that was to leave; False when the alert is not being sent."""
    statement = update(alert).where(alert.c.id == alert_id, alert.c.state.in_(TRANSITIONS[Step.FINISH]))
    return (await connection.execute(statement.values(state=AlertState.SENT, changed_at=at))).rowcount == 1


async def due(connection: AsyncConnection, at: datetime) -> list[tuple[int, int]]:
    """Scheduled alerts whose time has come and not passed; the organisation and the id of each, the earliest first."""
    now = (alert.c.state == AlertState.SCHEDULED, alert.c.effective_at <= at, alert.c.expires_at > at)
    rows = await connection.execute(
        select(alert.c.organisation_id, alert.c.id).where(*now).order_by(alert.c.effective_at, alert.c.id)
    )
    return [(row.organisation_id, row.id) for row in rows]


async def expire(connection: AsyncConnection, at: datetime) -> list[tuple[int, int]]:
    """Alerts whose time passed before anything left; gives the organisation and the id of each."""
    statement = update(alert).where(alert.c.expires_at <= at, alert.c.state.in_(TRANSITIONS[Step.EXPIRE]))
    done = statement.values(state=AlertState.EXPIRED, changed_at=at).returning(alert.c.organisation_id, alert.c.id)
    return [(row.organisation_id, row.id) for row in await connection.execute(done)]

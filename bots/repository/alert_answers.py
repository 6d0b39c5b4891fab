"""What people wrote in answer to an alert, the newest first, page by page, and what officers note about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bots.repository.messages import Message, as_message
from bots.tables import conversation, message
from people.tables import resident
from storage.encryption import Vault


class Which(StrEnum):
    """A part of the answers."""

    ALL = "all"
    OPEN = "open"
    SIGHTINGS = "sightings"


class Mark(StrEnum):
    """What an officer notes about an answer."""

    HANDLED = "handled"
    OPEN = "open"
    SIGHTING = "sighting"
    NO_SIGHTING = "no_sighting"


@dataclass(frozen=True, slots=True)
class AlertAnswer:
    """One answer. sighting: an officer says that something was seen; handled_by: the officer who dealt with it."""

    message: Message
    sighting: bool
    handled_by: int | None


_WHICH: Mapping[Which, ColumnElement[bool]] = {
    Which.ALL: true(),
    Which.OPEN: message.c.handled_by.is_(None),
    Which.SIGHTINGS: message.c.sighting,
}


def _of(organisation_id: int, event_ids: Sequence[int]) -> ColumnElement[bool]:
    return and_(message.c.organisation_id == organisation_id, message.c.event_id.in_(event_ids))


async def page(
    connection: AsyncConnection,
    vault: Vault,
    organisation_id: int,
    event_ids: Sequence[int],
    limit: int,
    which: Which = Which.ALL,
    before: int | None = None,
) -> list[AlertAnswer]:
    """The newest answers to these events, or those that came before a message."""
    statement = (
        select(message, resident.c.wrapped_key)
        .join_from(message, conversation, conversation.c.id == message.c.conversation_id)
        .join(resident, resident.c.id == conversation.c.resident_id)
        .where(_of(organisation_id, event_ids), _WHICH[which])
        .order_by(message.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(message.c.id < before)
    return [
        AlertAnswer(as_message(row, vault, row.wrapped_key), row.sighting, row.handled_by)
        for row in await connection.execute(statement)
    ]


async def counts(connection: AsyncConnection, organisation_id: int, event_ids: Sequence[int]) -> dict[Which, int]:
    """How many answers there are of each part."""
    groups = (message.c.sighting, message.c.handled_by.is_(None).label("is_open"))
    statement = select(*groups, func.count()).where(_of(organisation_id, event_ids)).group_by("sighting", "is_open")
    found = dict.fromkeys(Which, 0)
    for sighting, is_open, number in await connection.execute(statement):
        found[Which.ALL] += number
        found[Which.OPEN] += number if is_open else 0
        found[Which.SIGHTINGS] += number if sighting else 0
    return found


async def mark(
    connection: AsyncConnection,
    organisation_id: int,
    event_ids: Sequence[int],
    message_id: int,
    noted: Mark,
    officer_id: int,
) -> bool:
    """Note something about an answer; False when that stood there already, or there is no such answer."""
    unless, values = _MARKS[noted]
    if noted is Mark.HANDLED:
        values = {"handled_by": officer_id}
    mine = and_(_of(organisation_id, event_ids), message.c.id == message_id, unless)
    return (await connection.execute(update(message).where(mine).values(**values))).rowcount == 1


_MARKS: Mapping[Mark, tuple[ColumnElement[bool], dict[str, Any]]] = {
    Mark.HANDLED: (message.c.handled_by.is_(None), {}),
    Mark.OPEN: (message.c.handled_by.is_not(None), {"handled_by": None}),
    Mark.SIGHTING: (~message.c.sighting, {"sighting": True}),
    Mark.NO_SIGHTING: (message.c.sighting, {"sighting": False}),
}

"""What an officer makes of news that came in: an alert of its own, or nothing. Nothing here commits."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.alerts import note
from broadcast.cap import drafting, repository
from broadcast.cap.model import Message
from broadcast.cap.reading import read
from broadcast.cap.repository import Outcome, Received
from broadcast.repository import alerts
from people.officer import Officer
from people.roles import Action, require
from storage.errors import Conflict


async def draft(connection: AsyncConnection, officer: Officer, message_id: int, at: datetime) -> int:
    """Write a draft from what was proposed under an alert; gives its id. The officer counts as its author.

    Raises NotFound, Conflict where there is nothing to draft, or Forbidden.
    """
    require(officer.role, Action.DRAFT_ALERT)
    received = await repository.get(connection, officer.organisation_id, message_id)
    made, is_news = None, received.outcome is Outcome.PROPOSED
    drafted = drafting.draft(await _message(connection, officer, received), at) if is_news else None
    if drafted is not None:
        made = await alerts.create(connection, officer.organisation_id, drafted.content, officer.id, at)
    if made is None or not await _handle(connection, officer, received, at):
        raise Conflict("There is nothing to draft from this message, or somebody did so before")
    await note(connection, officer, "alert_create", made, at, cap_message=message_id)
    return made


async def set_aside(connection: AsyncConnection, officer: Officer, message_id: int, at: datetime) -> None:
    """Nothing is told of it. Raises NotFound, Forbidden, or Conflict when it does not wait any more."""
    require(officer.role, Action.STEER_ALERT)
    received = await repository.get(connection, officer.organisation_id, message_id)
    if received.alert_id is None or not await _handle(connection, officer, received, at):
        raise Conflict("This message does not wait for anybody any more")
    await note(connection, officer, "cap_set_aside", received.alert_id, at, cap_message=message_id)


async def _handle(connection: AsyncConnection, officer: Officer, received: Received, at: datetime) -> bool:
    alert_id = received.alert_id or 0
    handled = await repository.handle(
        connection, officer.organisation_id, at, alert_id=alert_id, message_id=received.id
    )
    return handled == 1


async def _message(connection: AsyncConnection, officer: Officer, received: Received) -> Message:
    content = await repository.document(connection, officer.organisation_id, received.document_id)
    name = (received.sender, received.identifier)
    return next(one for one in read(content).messages if (one.sender, one.identifier) == name)

"""What we sent, looked up and written as CAP: one message, or the feed of an organisation."""

import logging
from collections import defaultdict
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.alert import Alert
from broadcast.cap import exporting
from broadcast.cap import feed as atom
from broadcast.cap.model import Message
from broadcast.cap.writing import element_of, write
from broadcast.event import Event, first
from broadcast.repository import alerts, events
from broadcast.vocabulary import Scope, Status
from locales.catalogue import translate
from people.organisation import Organisation
from storage.errors import InvalidInput, NotFound
from storage.tables import EPOCH

MOST_ENTRIES = 50
_log = logging.getLogger(__name__)


async def of_alert(
    connection: AsyncConnection,
    organisation: Organisation,
    alert_id: int,
    public_url: str | None,
    event_id: int | None = None,
) -> bytes:
    """An event of an alert, or else the latest; of an alert that never left, a draft.

    Raises NotFound, or InvalidInput for what CAP cannot hold.
    """
    alert = await alerts.get(connection, organisation.id, alert_id)
    sent = [one for one in await events.of_alert(connection, organisation.id, alert_id) if exporting.is_told(one)]
    sender = exporting.sender_of(organisation.slug, public_url)
    if event_id is None and not sent:
        begun = first(alert.content, organisation, alert.changed_at)
        return write(exporting.draft_of(begun, alert, organisation, sender))
    wanted = event_id or sent[-1].id
    if wanted not in {one.id for one in sent}:
        raise NotFound(f"Alert {alert_id} has no event {wanted} that CAP has a message for")
    return write(_message(wanted, alert, sent, organisation, sender))


async def public_message(
    connection: AsyncConnection, organisation: Organisation, event_id: int, public_url: str | None
) -> bytes:
    """A message that anybody may read, also an exercise. Raises NotFound."""
    alert_id = await events.alert_of(connection, organisation.id, event_id)
    if alert_id is None or (await alerts.get(connection, organisation.id, alert_id)).content.scope is not Scope.PUBLIC:
        raise NotFound(f"There is no public message {event_id}")
    return await of_alert(connection, organisation, alert_id, public_url, event_id)


async def feed(
    connection: AsyncConnection, organisation: Organisation, public_url: str | None, *, exercises: bool
) -> tuple[bytes, datetime]:
    """The feed of the latest that was sent and is public, and when the last of it was sent."""
    sender = exporting.sender_of(organisation.slug, public_url)
    statuses = tuple(Status) if exercises else (Status.ACTUAL,)
    found = await events.public(connection, organisation.id, statuses, MOST_ENTRIES)
    of: dict[int, list[Event]] = defaultdict(list)
    about: dict[int, Alert] = {}
    for alert_id in {one.alert_id for one in found}:
        of[alert_id] = await events.of_alert(connection, organisation.id, alert_id)
        about[alert_id] = await alerts.get(connection, organisation.id, alert_id)
    messages = [_message(one.id, about[one.alert_id], of[one.alert_id], organisation, sender) for one in found]
    messages = [one for one in messages if _is_writable(one)]
    changed_at = max((one.sent for one in messages), default=EPOCH)
    title = translate("broadcast", "nl", "Alerts of %(name)s") % {"name": organisation.name}
    address = f"{public_url}/feeds/cap/{organisation.slug}" if public_url else None
    return atom.write(messages, title, address, sender, changed_at), changed_at


def _message(event_id: int, alert: Alert, sent: list[Event], organisation: Organisation, sender: str) -> Message:
    number = next(index for index, one in enumerate(sent) if one.id == event_id)
    return exporting.message_of(sent[number], alert.content, sent[:number], organisation, sender)


def _is_writable(message: Message) -> bool:
    """One message that CAP cannot hold must not keep the others from the feed."""
    try:
        element_of(message)
    except InvalidInput as error:
        _log.warning("message %s is not in the feed: %s", message.identifier, error)
        return False
    return True

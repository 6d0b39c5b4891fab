"""Tells officers of alerts: approvers that one waits or was approved by its author, authors that one was sent back,
and whoever can do something about it that another system handed one in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.alert import Alert
from broadcast.repository import notices
from broadcast.repository.notices import CAME_IN, OVERRIDDEN, PROPOSED, SENT_BACK, SUBMITTED, Notice
from locales.catalogue import translate
from messaging.officer_line import OfficerLine
from people.repository import officers
from people.roles import Action
from storage.clock import now
from storage.database import Database

_AT_ONCE = 20
_RETRY = timedelta(seconds=30)
_TEXTS = {
    SUBMITTED: "An alert waits for your approval.",
    OVERRIDDEN: "An alert was approved by its author alone, as an emergency override.",
    SENT_BACK: "An alert that you wrote was sent back.",
    CAME_IN: "Another system handed in an alert. It is a draft that nobody looked at yet.",
    PROPOSED: "Another system handed in news about an alert. Nothing is sent until an officer does so.",
}


async def tell_approvers(connection: AsyncConnection, one: Alert, reason: str, at: datetime) -> None:
    """Everybody who may approve and did not write it."""
    able = await officers.who_may(connection, one.organisation_id, Action.APPROVE_ALERT)
    wrote = {*one.author_ids, one.submitted_by}
    told = [officer.id for officer in able if officer.id not in wrote]
    await notices.queue(connection, one.organisation_id, one.id, told, reason, at)


async def tell_authors(connection: AsyncConnection, one: Alert, reason: str, at: datetime) -> None:
    """Everybody who wrote at it."""
    await notices.queue(connection, one.organisation_id, one.id, one.author_ids, reason, at)


async def tell_who_may(
    connection: AsyncConnection, organisation_id: int, alert_id: int, action: Action, reason: str, at: datetime
) -> None:
    """Everybody whose role lets them go on with it."""
    able = await officers.who_may(connection, organisation_id, action)
    await notices.queue(connection, organisation_id, alert_id, [one.id for one in able], reason, at)


@dataclass(frozen=True, slots=True)
class Notices:
    """Tells what is due: nothing of the alert itself, only that it is there and where to look."""

    database: Database
    line: OfficerLine
    console_url: str

    async def work(self) -> bool:
        """Tell what is due now; True when there was something."""
        async with self.database.read() as connection:
            if not await notices.has_due(connection, now()):
                return False
        async with self.database.write() as connection:
            due = await notices.claim(connection, now(), _AT_ONCE)
        for one in due:
            if not await self._tell(one):
                async with self.database.write() as connection:
                    await notices.retry_soon(connection, one.id, now() + _RETRY)
        return bool(due)

    async def _tell(self, one: Notice) -> bool:
        text = f"{translate('broadcast', one.locale, _TEXTS[one.reason])}\n{self.console_url}/alerts/{one.alert_id}"
        return await self.line.tell(one.organisation_id, one.telegram_sealed, one.email, text)

"""The pre-flight of an alert with what must be acknowledged: for its author, its approver and the command."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.alert import Content
from broadcast.event import first
from broadcast.preflight.caution import Caution
from broadcast.preflight.cautions import cautions
from broadcast.preflight.estimate import Preflight, preflight
from broadcast.repository import audience, reach
from people.organisation import Organisation
from storage.encryption import Vault
from storage.errors import InvalidInput


class Unseen(InvalidInput):
    """Somebody has not said that they have seen a warning."""


@dataclass(frozen=True, slots=True)
class Checks:
    """What was counted, and what somebody must have seen."""

    preflight: Preflight
    cautions: tuple[Caution, ...]

    def unseen(self, acknowledged: Collection[str]) -> tuple[Caution, ...]:
        """What was not acknowledged, by its code."""
        return tuple(one for one in self.cautions if one.code not in acknowledged)

    def require_seen(self, acknowledged: Collection[str]) -> tuple[str, ...]:
        """The codes of everything that was acknowledged; raises Unseen unless that is all."""
        if missing := self.unseen(acknowledged):
            raise Unseen(f"Say that you have seen each warning: there are {len(missing)} that you did not tick")
        return tuple(one.code for one in self.cautions)


async def of(
    connection: AsyncConnection, vault: Vault, organisation: Organisation, content: Content, at: datetime
) -> Checks:
    """As things are now. An alert that leaves later is judged as if it left to whom it would reach now."""
    event = first(content, organisation, at)
    groups = await reach.groups(connection, vault, organisation.id, content.goes_to, at)
    senders = await audience.senders(connection, organisation.id)
    counted = preflight(event, groups, senders, at, await reach.used(connection, organisation.id, senders, at))
    return Checks(counted, cautions(content, event, counted, at))

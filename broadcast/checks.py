"""The pre-flight of an alert with what must be acknowledged: for its author, its approver and the command."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.alert import Content
from broadcast.caution import Caution
from broadcast.cautions import cautions
from broadcast.event import first
from broadcast.preflight import Preflight, preflight
from broadcast.repository import audience, reach
from people.organisation import Organisation
from storage.encryption import Vault
from storage.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Checks:
    """What was counted, and what somebody must have seen."""

    preflight: Preflight
    cautions: tuple[Caution, ...]

    def unseen(self, acknowledged: Collection[str]) -> tuple[Caution, ...]:
        """What was not acknowledged, by its code."""
        return tuple(one for one in self.cautions if one.code not in acknowledged)

    def require_seen(self, acknowledged: Collection[str]) -> None:
        """Raises InvalidInput unless everything was acknowledged."""
        if missing := self.unseen(acknowledged):
            raise InvalidInput(f"Say that you have seen each warning: there are {len(missing)} that you did not tick")


async def of(
    connection: AsyncConnection, vault: Vault, organisation: Organisation, content: Content, at: datetime
) -> Checks:
    """As things are now. An alert that leaves later is judged as if it left to whom it would reach now."""
    event = first(content, organisation, at)
    groups = await reach.groups(connection, vault, organisation.id, content.goes_to, at)
    counted = preflight(event, groups, await audience.senders(connection, organisation.id), at)
    return Checks(counted, cautions(content, event, counted, at))

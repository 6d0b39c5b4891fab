"""Keeps who is safe and who needs help. Nothing here commits; whoever calls does."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.acknowledgement import WINDOW, Given
from broadcast.repository import acknowledgements
from broadcast.repository.acknowledgements import Asked, Said
from messaging.repository import statuses
from storage.facts import Fact, FactKind
from storage.repository import append_facts


async def asked(
    connection: AsyncConnection, organisation_id: int, resident_id: int, given: Given, at: datetime
) -> Asked | None:
    """What somebody answers with this: the event of the button, else the last that asked them; None: no event did."""
    return await acknowledgements.asked(connection, organisation_id, resident_id, at, WINDOW, given.event_id)


async def note(connection: AsyncConnection, organisation_id: int, said: Said) -> None:
    """Write down what somebody said; what they said before of this alert is kept, and does not count any more.

    Whoever answers has the alert: nobody tells them another way.
    """
    await acknowledgements.add(connection, organisation_id, said)
    await statuses.stop_other_ways(connection, said.event_id, said.resident_id, None)
    fact = Fact(
        kind=FactKind.ALERT_ACKNOWLEDGED,
        organisation_id=organisation_id,
        at=said.at,
        channel=said.channel,
        resident_id=said.resident_id,
        conversation_id=said.conversation_id,
        event_id=said.event_id,
        data={"answer": said.answer},
    )
    await append_facts(connection, [fact])

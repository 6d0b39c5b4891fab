"""What a provider's refusal, at once or by a later status, teaches about the address."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from messaging.channel import Failure
from messaging.delivery import DeliveryState
from messaging.incoming import ChannelKind
from messaging.repository import statuses
from messaging.twilio.errors import failure_of
from messaging.twilio.webhook import StatusReport
from people.repository import residents
from storage.facts import Fact, FactKind
from storage.repository import append_facts

_STATE = {Failure.BLOCKED: "blocked", Failure.BAD_ADDRESS: "bad"}


async def learn(connection: AsyncConnection, address_id: int, failure: Failure) -> None:
    """Remember that an address does not work on its channel, or that WhatsApp's window was closed after all."""
    if failure in _STATE:
        await residents.set_address_state(connection, address_id, _STATE[failure])
    elif failure is Failure.WINDOW_CLOSED:
        await residents.close_window(connection, address_id)


async def learn_from(connection: AsyncConnection, sender_id: int, report: StatusReport) -> None:
    """The same, from the status of a delivery. A number used on another channel than its own teaches nothing."""
    known = await statuses.known_as(connection, sender_id, report.provider_id)
    if known is not None and known.of_channel and report.error_code is not None:
        await learn(connection, known.address_id, failure_of(report.error_code))


async def heard(
    connection: AsyncConnection, sender_id: int, provider_id: str, delivery_id: int | None, at: datetime
) -> None:
    """Somebody pressed a key in a call to say that they heard it: an answer to the alert, and nobody calls again."""
    told = await statuses.advance(
        connection,
        sender_id=sender_id,
        provider_id=provider_id,
        state=DeliveryState.READ,
        at=at,
        delivery_id=delivery_id,
    )
    known = await statuses.known_as(connection, sender_id, provider_id)
    if told and known is not None:
        fact = Fact(
            kind=FactKind.ALERT_REPLIED,
            organisation_id=known.organisation_id,
            at=at,
            channel=ChannelKind.VOICE,
            resident_id=known.resident_id,
            event_id=known.event_id,
        )
        await append_facts(connection, [fact])

"""Who is not reached is told another way: by the provider's word, by its silence, and never after they answered."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from broadcast import replies, steering
from broadcast.alert import Severity
from broadcast.results import progress
from messaging.delivery import DeliveryState
from messaging.incoming import ChannelKind
from messaging.repository import statuses
from messaging.tables import delivery
from simulator.faults import Fault
from storage.clock import now
from tests.integration.broadcast_setting import Zone, police_zone

TELEGRAM, WHATSAPP, SMS = ChannelKind.TELEGRAM, ChannelKind.WHATSAPP, ChannelKind.SMS
PHONE = "+32470000001"
PUBLIC = "https://alerts.example"


async def steps(zone: Zone, event_id: int) -> list[tuple[int, str, str | None]]:
    """Step, state and error of each of the event's rows."""
    async with zone.database.read() as connection:
        rows = await connection.execute(
            select(delivery.c.step, delivery.c.state, delivery.c.error)
            .where(delivery.c.event_id == event_id)
            .order_by(delivery.c.resident_id, delivery.c.step)
        )
        return [(row.step, row.state, row.error) for row in rows]


async def are(zone: Zone, event_id: int, wanted: Sequence[tuple[int, str, str | None]]) -> None:
    await zone.holds(lambda: steps(zone, event_id), lambda found: found == list(wanted))


async def status(zone: Zone, state: DeliveryState, number: int = -1, error: str | None = None) -> None:
    """The provider tells what became of the last message that it took."""
    taken = zone.arrived()[number]
    async with zone.database.write() as connection:
        (sender_id,) = await connection.scalars(
            select(delivery.c.sender_id).where(delivery.c.provider_id == taken["provider_id"])
        )
        await statuses.advance(
            connection, sender_id=sender_id, provider_id=taken["provider_id"], state=state, at=now(), error=error
        )


async def too_late(zone: Zone) -> None:
    """The time in which news was waited for has passed."""
    async with zone.database.write() as connection:
        planned = update(delivery).where(delivery.c.failover_at.is_not(None))
        await connection.execute(planned.values(failover_at=now() - timedelta(seconds=1)))


async def test_who_blocked_the_bot_is_told_by_sms_and_counts_once(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM)
        await zone.sender(SMS)
        await zone.member((TELEGRAM, "701"), (SMS, PHONE))
        blocked = Fault("refused", address="701", status=403, code=403, description="Forbidden: bot was blocked")
        zone.far_end.world.faults.orders.append(blocked)
        async with zone.dispatching():
            _, event_id = await zone.sent(severity=Severity.MINOR)
            await are(zone, event_id, [(0, "failed", "403"), (1, "accepted", None)])
        assert [one["address"] for one in zone.arrived()] == [PHONE]
        async with zone.database.read() as connection:
            found = await progress.of_event(connection, event_id)
        assert (found.total, found.reached, found.missed) == (1, 1, {})


async def test_a_status_that_says_failed_leads_to_the_next_way_too(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(WHATSAPP)
        await zone.sender(SMS)
        person = await zone.member((WHATSAPP, PHONE))
        await zone.wrote((await zone.addresses(person))[0], now())
        async with zone.dispatching():
            _, event_id = await zone.sent(severity=Severity.MINOR)
            await are(zone, event_id, [(0, "accepted", None)])
            await status(zone, DeliveryState.FAILED, error="63024")
            await are(zone, event_id, [(0, "failed", "63024"), (1, "accepted", None)])
        assert [one["address"] for one in zone.arrived()] == [f"whatsapp:{PHONE}", PHONE]


async def test_silence_leads_to_the_next_way_and_late_news_stops_what_waits(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(WHATSAPP)
        await zone.sender(SMS, rate=0.1)
        person = await zone.member((WHATSAPP, PHONE))
        await zone.wrote((await zone.addresses(person))[0], now())
        async with zone.dispatching(public_url=PUBLIC):
            _, event_id = await zone.sent()
            await are(zone, event_id, [(0, "accepted", None)])
            await too_late(zone)
            await zone.holds(lambda: steps(zone, event_id), lambda found: len(found) == 2)
            await status(zone, DeliveryState.DELIVERED, number=0)
            async with zone.database.read() as connection:
                found = await progress.of_event(connection, event_id)
        assert (found.total, found.delivered) == (1, 1)


@pytest.mark.parametrize("answered", [True, False])
async def test_silence_after_an_answer_or_after_the_end_leads_nowhere(sqlite_url: str, answered: bool) -> None:
    async with police_zone(sqlite_url) as zone:
        sender_id = await zone.sender(WHATSAPP)
        await zone.sender(SMS)
        person = await zone.member((WHATSAPP, PHONE))
        await zone.wrote((await zone.addresses(person))[0], now())
        async with zone.dispatching(public_url=PUBLIC):
            alert_id, event_id = await zone.sent()
            await zone.until(event_id, "sent")
            async with zone.database.write() as connection:
                if answered:
                    await replies.take(
                        connection,
                        organisation_id=zone.id,
                        sender_id=sender_id,
                        resident_id=person,
                        quoted=None,
                        intent="affirm",
                        confidence=1.0,
                        now=now(),
                    )
                else:
                    await steering.cancel(connection, zone.approver, alert_id, now())
            await too_late(zone)
            await zone.holds(lambda: _planned(zone), lambda planned: planned == 0)
        assert len(zone.arrived()) == 1


async def test_who_withdraws_consent_while_an_alert_waits_is_not_sent_it(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM)
        stopped = await zone.member((TELEGRAM, "702"))
        await zone.members(2)
        _, event_id = await zone.sent()
        await zone.stop((await zone.addresses(stopped))[0])
        async with zone.dispatching():
            await zone.until(event_id, "sent")
        assert max(await steps(zone, event_id)) == (0, "suppressed", "no_consent")
        assert len(zone.arrived()) == 2


async def _planned(zone: Zone) -> int:
    async with zone.database.read() as connection:
        return len(list(await connection.scalars(select(delivery.c.id).where(delivery.c.failover_at.is_not(None)))))

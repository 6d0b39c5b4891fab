"""What people answer to an alert belongs under it, unless it is clearly something else."""

from datetime import datetime, timedelta

from broadcast import replies
from broadcast.replies import AlertReply
from messaging.incoming import ChannelKind
from storage.clock import now
from tests.integration.broadcast_setting import Zone, police_zone

TELEGRAM = ChannelKind.TELEGRAM


async def _reply(
    zone: Zone,
    resident: int,
    *,
    intent: str | None = "out_of_scope",
    confidence: float = 0.9,
    quoted: str | None = None,
    at: datetime | None = None,
) -> AlertReply | None:
    async with zone.database.write() as connection:
        return await replies.take(
            connection,
            organisation_id=zone.id,
            sender_id=1,
            resident_id=resident,
            quoted=quoted,
            intent=intent,
            confidence=confidence,
            now=at or now(),
        )


async def test_a_sighting_belongs_to_the_alert_and_a_clear_question_to_the_bot(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM)
        warned = await zone.member((TELEGRAM, "801"))
        async with zone.dispatching():
            _, event_id = await zone.sent()
            await zone.until(event_id, "sent")
        not_warned = await zone.member((TELEGRAM, "802"))
        (taken,) = zone.arrived()

        assert await _reply(zone, warned) == AlertReply(event_id, replies.NOTED)
        assert await _reply(zone, warned, intent="waste_collection_day", confidence=0.5) is not None
        assert await _reply(zone, warned, intent="waste_collection_day", confidence=0.9) is None
        quoting = await _reply(zone, warned, intent="waste_collection_day", quoted=taken["provider_id"])
        assert quoting == AlertReply(event_id, replies.NOTED)
        assert await _reply(zone, not_warned) is None


async def test_the_time_to_answer_ends_after_twelve_hours_or_when_the_alert_expires(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM)
        warned = await zone.member((TELEGRAM, "803"))
        async with zone.dispatching():
            _, event_id = await zone.sent()
            await zone.until(event_id, "sent")
            assert await _reply(zone, warned, at=now() + timedelta(hours=11)) is not None
            assert await _reply(zone, warned, at=now() + timedelta(hours=13)) is None
            _, longer = await zone.sent(expires_at=now() + timedelta(hours=24))
            await zone.until(longer, "sent")
        later = await _reply(zone, warned, at=now() + timedelta(hours=20))
        assert later == AlertReply(longer, replies.NOTED)

"""An approved alert reaches each member once, wherever they are."""

from broadcast.alert import AlertState
from messaging.delivery import DeliveryState
from messaging.incoming import ChannelKind
from tests.integration.broadcast_setting import police_zone


async def test_an_approved_alert_reaches_every_member_once(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        chats = await zone.members(25)
        async with zone.dispatching():
            alert_id, event_id = await zone.sent()
            await zone.until(event_id, "sent")
        assert sorted(one["address"] for one in zone.arrived()) == sorted(chats)
        assert (await zone.alert(alert_id)).state is AlertState.SENT
        (count,) = await zone.counts(event_id)
        assert (count.state, count.number) == (DeliveryState.ACCEPTED, 25)

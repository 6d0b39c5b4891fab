"""An approved alert reaches each member once, wherever they are."""

from collections import Counter

from broadcast.alert import AlertState, Severity
from broadcast.selection import Selection
from messaging.delivery import DeliveryState
from messaging.incoming import ChannelKind
from people.repository import networks
from storage.clock import now
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


async def test_what_lives_may_depend_on_stops_a_newsletter_between_two_mini_batches(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM, rate=10)
        readers = await zone.members(40)
        async with zone.database.write() as connection:
            others = await networks.create(connection, zone.id, "BIN Noord", "noord", now())
        await zone.member((ChannelKind.TELEGRAM, "7"), network=others)
        async with zone.dispatching():
            _, newsletter = await zone.sent(severity=Severity.MINOR)
            await zone.holds(lambda: zone.counts(newsletter), lambda _: len(zone.arrived()) >= 3)
            before = len(zone.arrived())
            _, alert = await zone.sent(audience=Selection(networks=frozenset({others})))
            await zone.until(alert, "sent")
            came = [one["address"] for one in zone.arrived()]
            # Two chunks of ten were under way: they would have come first.
            assert came.index("7") - before < 12
            await zone.until(newsletter, "sent")
        assert Counter(one["address"] for one in zone.arrived()) == Counter([*readers, "7"])

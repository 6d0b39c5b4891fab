"""Those whom an alert did not reach can be tried again by hand: they alone, once a press."""

from collections import Counter

import pytest

from broadcast import retrying, steering
from broadcast.alert import Severity
from broadcast.event import EventKind
from broadcast.repository import failover
from broadcast.results import progress
from messaging.incoming import ChannelKind
from simulator.faults import Fault
from storage.clock import now
from storage.errors import Conflict, Forbidden
from tests.integration.broadcast_setting import Zone, police_zone

TELEGRAM, WHATSAPP, SMS = ChannelKind.TELEGRAM, ChannelKind.WHATSAPP, ChannelKind.SMS


def refuse(zone: Zone, chat: str, status: int = 400, description: str = "Bad Request: internal") -> None:
    fault = Fault("refused", address=chat, status=status, code=status, description=description)
    zone.far_end.world.faults.orders.append(fault)


async def retry(zone: Zone, alert_id: int, retries: int = 0) -> int:
    async with zone.database.write() as connection:
        return await retrying.retry(connection, zone.vault, zone.approver, alert_id, now(), retries=retries)


async def settled(zone: Zone, event_id: int) -> None:
    """Everything left, and who is told another way by itself, was."""
    await zone.until(event_id, "sent")

    async def look() -> bool:
        async with zone.database.read() as connection:
            return bool(await failover.events_due(connection, now(), 1))

    await zone.holds(look, lambda due: not due)


async def reached(zone: Zone, event_id: int, number: int) -> None:
    async def look() -> int:
        async with zone.database.read() as connection:
            return (await progress.of_event(connection, event_id)).reached

    await zone.holds(look, lambda found: found == number)


async def test_only_who_failed_is_sent_it_again(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM)
        chats = await zone.members(3)
        refuse(zone, chats[1])
        async with zone.dispatching():
            alert_id, event_id = await zone.sent(severity=Severity.MINOR)
            await settled(zone, event_id)
            assert await retry(zone, alert_id) == 1
            await reached(zone, event_id, 3)
        assert Counter(one["address"] for one in zone.arrived()) == Counter(chats)
        async with zone.database.read() as connection:
            found = await progress.of_event(connection, event_id)
        assert (found.total, found.missed) == (3, {})


async def test_a_second_press_of_the_button_does_nothing(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM)
        (chat,) = await zone.members(1)
        refuse(zone, chat)
        async with zone.dispatching():
            alert_id, event_id = await zone.sent(severity=Severity.MINOR)
            await settled(zone, event_id)
            assert (await retry(zone, alert_id), await retry(zone, alert_id)) == (1, 0)
            await reached(zone, event_id, 1)
        assert len(zone.arrived()) == 1


async def test_who_blocked_us_is_left_alone(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM)
        (chat,) = await zone.members(1)
        refuse(zone, chat, 403, "Forbidden: bot was blocked by the user")
        async with zone.dispatching():
            alert_id, event_id = await zone.sent(severity=Severity.MINOR)
            await settled(zone, event_id)
            with pytest.raises(Conflict, match="nobody whom it may help"):
                await retry(zone, alert_id)


async def test_a_closed_window_may_be_open_by_now(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM)
        await zone.sender(WHATSAPP)
        await zone.members(1)
        silent = await zone.member((WHATSAPP, "+32470000001"))
        async with zone.dispatching():
            alert_id, event_id = await zone.sent(severity=Severity.MINOR)
            await settled(zone, event_id)
            assert (await zone.event(event_id)).recipients == 1
            await zone.wrote((await zone.addresses(silent))[0], now())
            zone.far_end.world.account.window_refused_at_once = False
            assert await retry(zone, alert_id) == 1
            await reached(zone, event_id, 2)
        assert (await zone.event(event_id)).recipients == 2


async def test_nobody_is_warned_of_what_is_over(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM)
        chats = await zone.members(2)
        refuse(zone, chats[0])
        async with zone.dispatching():
            alert_id, event_id = await zone.sent(severity=Severity.MINOR)
            await settled(zone, event_id)
            async with zone.database.write() as connection:
                clear = {"nl": "Het is veilig."}
                await steering.follow_up(
                    connection, zone.vault, zone.approver, alert_id, EventKind.ALL_CLEAR, clear, now()
                )
            with pytest.raises(Conflict):
                await retry(zone, alert_id)


async def test_who_may_not_steer_an_alert_may_not_send_it_again(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM)
        await zone.members(1)
        alert_id, _ = await zone.sent()
        async with zone.database.write() as connection:
            with pytest.raises(Forbidden):
                await retrying.retry(connection, zone.vault, zone.editor, alert_id, now(), retries=0)

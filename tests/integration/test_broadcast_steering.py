"""What is being sent can be paused, resumed and cancelled; what follows goes to those whom it reached."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from broadcast import steering
from broadcast.alert import AlertState, Severity
from broadcast.event import EventKind
from broadcast.repository import chunks
from broadcast.results import progress
from messaging.delivery import DeliveryState
from messaging.incoming import ChannelKind
from messaging.repository import pace
from messaging.repository.tallies import Count
from simulator.faults import Fault
from storage.clock import now
from storage.errors import Conflict, Forbidden
from tests.integration.broadcast_setting import Zone, police_zone
from tests.integration.test_broadcast_crash import worker

TELEGRAM = ChannelKind.TELEGRAM
CLEAR = {"nl": "Het gaslek is gedicht."}


async def _some_arrived(zone: Zone, number: int) -> None:
    async with asyncio.timeout(30):
        while len(zone.arrived()) < number:  # noqa: ASYNC110 - the far end tells nobody
            await asyncio.sleep(0.01)


async def _follow_up(zone: Zone, alert_id: int, kind: EventKind, texts: dict[str, str]) -> int:
    async with zone.database.write() as connection:
        return await steering.follow_up(connection, zone.vault, zone.approver, alert_id, kind, texts, now())


async def test_a_pause_holds_the_rest_back_and_a_resumption_sends_it_once(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM, rate=30)
        chats = await zone.members(45)
        async with zone.dispatching():
            alert_id, event_id = await zone.sent()
            await _some_arrived(zone, 5)
            async with zone.database.write() as connection:
                await steering.pause(connection, zone.approver, alert_id, now())
            await asyncio.sleep(0.7)
            held = len(zone.arrived())
            await asyncio.sleep(0.7)
            assert len(zone.arrived()) == held < len(chats)
            assert (await zone.alert(alert_id)).state is AlertState.PAUSED
            async with zone.database.write() as connection:
                await steering.resume(connection, zone.approver, alert_id, now())
            await zone.until(event_id, "sent")
        assert Counter(one["address"] for one in zone.arrived()) == Counter(chats)
        assert (await zone.alert(alert_id)).state is AlertState.SENT


@pytest.mark.parametrize("step", [steering.pause, steering.cancel])
async def test_what_waits_for_its_place_in_the_pace_does_not_leave_after_a_pause_or_a_cancellation(
    database_url: str, step: Callable[..., Awaitable[None]]
) -> None:
    async with police_zone(database_url) as zone:
        sender_id = await zone.sender(TELEGRAM, rate=30)
        await zone.members(6)
        alert_id, event_id = await zone.sent()
        await _take(zone, steering.pause, alert_id)
        async with worker(zone):
            await zone.holds(lambda: _waiting_for_resumption(zone, event_id), bool)
            async with zone.database.write() as connection:
                await pace.pause(connection, sender_id, 1.9)
                await steering.resume(connection, zone.approver, alert_id, now())
            await zone.holds(lambda: zone.counts(event_id), lambda found: DeliveryState.SENDING in _states(found))
            await _take(zone, step, alert_id)
            left = DeliveryState.QUEUED if step is steering.pause else DeliveryState.CANCELLED
            await zone.holds(lambda: zone.counts(event_id), lambda found: _states(found) == {left})
            assert zone.arrived() == []


async def _take(zone: Zone, step: Callable[..., Awaitable[None]], alert_id: int) -> None:
    async with zone.database.write() as connection:
        await step(connection, zone.approver, alert_id, now())


async def _waiting_for_resumption(zone: Zone, event_id: int) -> list[int]:
    """Senders whose chunks the worker gave back."""
    async with zone.database.read() as connection:
        return await chunks.senders_of(connection, event_id)


def _states(counts: list[Count]) -> set[DeliveryState]:
    return {one.state for one in counts}


async def test_a_cancelled_alert_reaches_nobody_more(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM, rate=20)
        await zone.members(40)
        async with zone.dispatching():
            alert_id, event_id = await zone.sent()
            await _some_arrived(zone, 3)
            async with zone.database.write() as connection:
                await steering.cancel(connection, zone.approver, alert_id, now())
            await asyncio.sleep(1.5)
        counts = Counter({one.state: one.number for one in await zone.counts(event_id)})
        assert counts[DeliveryState.ACCEPTED] == len(zone.arrived())
        assert counts[DeliveryState.ACCEPTED] + counts[DeliveryState.CANCELLED] == 40
        assert (await zone.alert(alert_id)).state is AlertState.CANCELLED


async def test_the_all_clear_goes_to_exactly_those_whom_the_alert_reached(database_url: str) -> None:
    """Not to who could not be reached, nor to who came later, nor to who sent STOP since."""
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM)
        chats = await zone.members(5)
        blocker = await zone.member((TELEGRAM, "701"))
        blocked = Fault("refused", address="701", status=403, code=403, description="Forbidden: bot was blocked")
        zone.far_end.world.faults.orders.append(blocked)
        async with zone.dispatching():
            alert_id, event_id = await zone.sent()
            await zone.until(event_id, "sent")
            assert (await zone.addresses(blocker))[0].state == "blocked"
            stopped = await zone.member((TELEGRAM, "702"))
            await zone.stop((await zone.addresses(stopped))[0])
            await zone.members(2)
            warned = len(zone.arrived())
            clear = await _follow_up(zone, alert_id, EventKind.ALL_CLEAR, CLEAR)
            assert await _follow_up(zone, alert_id, EventKind.ALL_CLEAR, CLEAR) == clear
            await zone.until(clear, "sent")
        cleared = zone.arrived()[warned:]
        assert sorted(one["address"] for one in cleared) == sorted(chats)
        assert all(one["text"].startswith("EINDE WAARSCHUWING - PZ Lindebeke") for one in cleared)


async def test_who_sent_stop_after_the_alert_hears_nothing_more(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(TELEGRAM)
        (chat,) = await zone.members(1)
        person = await zone.member((TELEGRAM, "703"))
        async with zone.dispatching():
            alert_id, event_id = await zone.sent()
            await zone.until(event_id, "sent")
            await zone.stop((await zone.addresses(person))[0])
            clear = await _follow_up(zone, alert_id, EventKind.ALL_CLEAR, CLEAR)
            await zone.until(clear, "sent")
        assert Counter(one["address"] for one in zone.arrived()) == {chat: 2, "703": 1}


async def test_an_all_clear_ends_what_still_waits_of_the_alert(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(TELEGRAM, rate=20)
        await zone.members(40)
        async with zone.dispatching():
            alert_id, _ = await zone.sent()
            await _some_arrived(zone, 3)
            clear = await _follow_up(zone, alert_id, EventKind.ALL_CLEAR, CLEAR)
            await zone.until(clear, "sent")
        assert (await zone.alert(alert_id)).state is AlertState.SENT
        warned = {one["address"] for one in zone.arrived() if "EINDE" not in one["text"]}
        cleared = {one["address"] for one in zone.arrived() if "EINDE" in one["text"]}
        assert warned == cleared
        assert len(warned) < 40


async def test_an_alert_is_closed_after_feedback_or_with_a_reason(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(TELEGRAM)
        await zone.members(1)
        async with zone.dispatching():
            alert_id, event_id = await zone.sent()
            await zone.until(event_id, "sent")
            async with zone.database.write() as connection:
                with pytest.raises(Conflict):
                    await steering.close(connection, zone.approver, alert_id, now())
            told = await _follow_up(zone, alert_id, EventKind.FEEDBACK, {"nl": "Dank voor de tips."})
            await zone.until(told, "sent")
            async with zone.database.write() as connection:
                await steering.close(connection, zone.approver, alert_id, now())
        assert (await zone.alert(alert_id)).state is AlertState.CLOSED


async def test_steering_needs_the_role_for_it(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        alert_id, _ = await zone.submitted()
        async with zone.database.write() as connection:
            with pytest.raises(Forbidden):
                await steering.cancel(connection, zone.editor, alert_id, now())


async def test_what_a_provider_refuses_for_haste_is_sent_later_and_once(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM, rate=50)
        chats = await zone.members(30)
        zone.far_end.world.faults.orders.append(Fault("rate_limited", method="sendMessage", skip=5, retry_after=1))
        async with zone.dispatching():
            _, event_id = await zone.sent()
            await zone.until(event_id, "sent")
        assert Counter(one["address"] for one in zone.arrived()) == Counter(chats)


async def test_the_progress_adds_up(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(TELEGRAM)
        await zone.members(3)
        await zone.member((TELEGRAM, "704"), consent=False)
        async with zone.dispatching():
            alert_id, event_id = await zone.sent(severity=Severity.MINOR)
            async with zone.database.read() as connection:
                before = await progress.of_event(connection, event_id)
            assert before.percent <= 100
            await zone.until(event_id, "sent")
        async with zone.database.read() as connection:
            ((event, after),) = await progress.of_alert(connection, zone.id, alert_id)
        assert event.recipients == 3
        assert (after.total, after.reached, after.waiting, after.percent) == (4, 3, 0, 100)
        assert after.by_channel == {"telegram": {"accepted": 3}}
        assert after.missed == {"no_consent": 1}

"""Clocks that jump, summer time that ends, a provider that is silent for long: each person is told once."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from messaging import outbox
from messaging.incoming import ChannelKind
from simulator.faults import Fault
from storage import clock
from storage.tables import Instant
from tests.faults.sending import nobody_is_lost
from tests.faults.test_killed import more_arrived
from tests.integration.broadcast_setting import police_zone


class Jumping(datetime):
    """A clock that somebody sets."""

    ahead = timedelta(0)

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # noqa: ARG003
        return datetime.now(UTC) + cls.ahead


@pytest.mark.parametrize("minutes", [30, -30])
async def test_a_clock_that_jumps_half_an_hour_neither_loses_nor_doubles(
    database_url: str, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    monkeypatch.setattr(clock, "datetime", Jumping)
    monkeypatch.setattr(Jumping, "ahead", timedelta(0))
    async with police_zone(database_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM, rate=50)
        chats = await zone.members(80)
        async with zone.dispatching():
            _, event_id = await zone.sent()
            await more_arrived(zone, 20)
            monkeypatch.setattr(Jumping, "ahead", timedelta(minutes=minutes))
            await zone.until(event_id, "sent")
        await nobody_is_lost(zone, event_id, chats, unclear=0)


async def test_an_alert_whose_time_passes_while_it_leaves_leaves_no_more(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM, rate=20)
        await zone.members(80)
        async with zone.dispatching():
            _, event_id = await zone.sent(expires_at=clock.now() + timedelta(seconds=2))
            await zone.until(event_id, "sent")
        states = {str(one.state): one.number for one in await zone.counts(event_id)}
        assert states["expired"] > 0
        assert states["accepted"] + states["expired"] == 80
        assert len(zone.arrived()) == states["accepted"]


def test_the_hour_that_comes_twice_is_two_hours() -> None:
    brussels = ZoneInfo("Europe/Brussels")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=brussels)
    second = first.replace(fold=1)
    kept = [Instant().process_bind_param(one, None) for one in (first, second)]  # type: ignore[arg-type]
    assert kept[1] - kept[0] == 3_600_000_000  # type: ignore[operator]


async def test_a_provider_that_was_silent_is_caught_up_with(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM, rate=100)
        chats = await zone.members(80)
        async with zone.dispatching():
            _, event_id = await zone.sent()
            await more_arrived(zone, 20)
            zone.far_end.world.faults.orders.append(Fault("rate_limited", count=None, retry_after=1))
            await asyncio.sleep(3)
            zone.far_end.world.faults.orders.clear()
            await zone.until(event_id, "sent")
        await nobody_is_lost(zone, event_id, chats, unclear=0)


async def test_a_provider_that_answers_nothing_for_an_hour_is_caught_up_with(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it took a message nobody knows meanwhile; what lives may depend on is tried again, marked."""
    monkeypatch.setattr(clock, "datetime", Jumping)
    monkeypatch.setattr(Jumping, "ahead", timedelta(0))
    monkeypatch.setattr(outbox, "_WAIT_FOR_STATUS", timedelta(seconds=1))
    async with police_zone(database_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM, rate=100)
        chats = await zone.members(40)
        silence = Fault("timeout_before", method="sendMessage", count=None, seconds=0.2)
        zone.far_end.world.faults.orders.append(silence)
        async with zone.dispatching():
            _, event_id = await zone.sent(expires_at=clock.now() + timedelta(hours=3))
            for ten_minutes in range(1, 7):
                await asyncio.sleep(1)
                monkeypatch.setattr(Jumping, "ahead", ten_minutes * timedelta(minutes=10))
            assert zone.arrived() == []
            zone.far_end.world.faults.orders.clear()
            await zone.until(event_id, "sent")
        await nobody_is_lost(zone, event_id, chats, unclear=len(chats))
        assert {one.possible_duplicate for one in await zone.counts(event_id)} == {True}

"""A large audience is written slice by slice: nobody is missed or doubled, and the figures add up."""

from collections import Counter

import pytest

from broadcast import sending, steering
from broadcast.alert import Severity
from broadcast.event import EventKind
from broadcast.results import progress
from messaging.delivery import DeliveryState
from messaging.incoming import ChannelKind
from messaging.repository import statuses
from storage.clock import now
from tests.integration.broadcast_setting import Zone, police_zone

MEMBERS = 33


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "FIRST_SLICE", 10)
    monkeypatch.setattr(sending, "SLICE", 10)


async def reached(zone: Zone, event_id: int, number: int) -> progress.Progress:
    """Wait until the figures say that so many were reached; gives the figures."""

    async def figures() -> progress.Progress:
        async with zone.database.read() as connection:
            return await progress.of_event(connection, event_id)

    await zone.holds(figures, lambda found: found.reached == number)
    return await figures()


async def test_everybody_of_a_large_audience_is_written_once_and_reached_once(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        chats = await zone.members(MEMBERS)
        _, event_id = await zone.sent()
        assert (await zone.event(event_id)).recipients == 10
        async with zone.dispatching():
            await zone.until(event_id, "sent")
            found = await reached(zone, event_id, MEMBERS)
        assert Counter(one["address"] for one in zone.arrived()) == Counter(chats)
        assert (await zone.event(event_id)).recipients == MEMBERS
        assert (found.total, found.percent) == (MEMBERS, 100)


async def test_an_audience_of_exactly_one_slice_ends_too(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        await zone.members(10)
        async with zone.dispatching():
            _, event_id = await zone.sent()
            await zone.until(event_id, "sent")
        assert len(zone.arrived()) == 10


async def test_a_slice_that_failed_is_written_again_as_a_whole(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, calls = sending.release, iter(range(100))

    async def fails_once(*arguments: object) -> None:
        await release(*arguments)  # type: ignore[arg-type]
        if next(calls) == 1:
            raise OSError

    monkeypatch.setattr(sending, "release", fails_once)
    async with police_zone(database_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        chats = await zone.members(MEMBERS)
        async with zone.dispatching():
            _, event_id = await zone.sent()
            await zone.until(event_id, "sent")
        assert Counter(one["address"] for one in zone.arrived()) == Counter(chats)


async def test_a_slice_that_two_workers_read_is_written_once(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        await zone.members(15)
        _, event_id = await zone.sent()
        event = await zone.event(event_id)
        async with zone.database.read() as connection:
            part = await sending.read_slice(connection, zone.vault, event)
        assert part is not None
        for _ in range(2):
            async with zone.database.write() as connection:
                assert not await sending.write_slice(connection, event, part)
        assert sum(one.number for one in await zone.counts(event_id)) == 15


async def test_who_stops_while_a_slice_is_written_is_sent_nothing(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        await zone.members(14)
        last = await zone.member((ChannelKind.TELEGRAM, "99"))
        _, event_id = await zone.sent()
        event = await zone.event(event_id)
        async with zone.database.read() as connection:
            part = await sending.read_slice(connection, zone.vault, event)
        await zone.stop((await zone.addresses(last))[0])
        assert part is not None
        async with zone.database.write() as connection:
            await sending.write_slice(connection, event, part)
        async with zone.dispatching():
            await reached(zone, event_id, 14)
        assert "99" not in {one["address"] for one in zone.arrived()}


async def test_what_follows_a_large_alert_is_written_in_slices_too(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        chats = await zone.members(MEMBERS)
        async with zone.dispatching():
            alert_id, event_id = await zone.sent()
            await zone.until(event_id, "sent")
            async with zone.database.write() as connection:
                clear = await steering.follow_up(
                    connection, zone.vault, zone.approver, alert_id, EventKind.ALL_CLEAR, {"nl": "Gedicht."}, now()
                )
            await zone.until(clear, "sent")
        assert Counter(one["address"] for one in zone.arrived()) == Counter(chats * 2)


async def test_a_large_alert_that_is_cancelled_reaches_nobody_more_and_says_so_of_everybody(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM, rate=20)
        await zone.members(MEMBERS)
        async with zone.dispatching():
            alert_id, event_id = await zone.sent(severity=Severity.MINOR)
            await zone.holds(lambda: zone.event(event_id), lambda event: event.written)
            await zone.holds(lambda: zone.counts(event_id), lambda _: len(zone.arrived()) >= 3)
            async with zone.database.write() as connection:
                await steering.cancel(connection, zone.approver, alert_id, now())
            await zone.holds(
                lambda: zone.counts(event_id),
                lambda counts: {one.state for one in counts} == {DeliveryState.ACCEPTED, DeliveryState.CANCELLED},
            )
            counts = Counter({one.state: one.number for one in await zone.counts(event_id)})
        assert counts[DeliveryState.ACCEPTED] == len(zone.arrived()) < MEMBERS
        assert counts.total() == MEMBERS


async def test_a_status_changes_the_figures_of_its_slice(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        sender_id = await zone.sender(ChannelKind.TELEGRAM)
        await zone.members(MEMBERS)
        async with zone.dispatching():
            _, event_id = await zone.sent()
            await zone.until(event_id, "sent")
            await reached(zone, event_id, MEMBERS)
            async with zone.database.write() as connection:
                await statuses.advance(
                    connection,
                    sender_id=sender_id,
                    provider_id=zone.arrived()[0]["provider_id"],
                    state=DeliveryState.DELIVERED,
                    at=now(),
                )
            await zone.holds(lambda: reached(zone, event_id, MEMBERS), lambda found: found.delivered == 1)

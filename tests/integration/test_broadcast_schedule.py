"""An alert that is to leave later leaves once, at its time, whatever happens to the workers; or not at all."""

import asyncio
from datetime import datetime, timedelta

import pytest

from broadcast import alerts, schedule, steering
from broadcast.alert import AlertState
from broadcast.repository import events
from broadcast.schedule import Schedule
from messaging.incoming import ChannelKind
from storage.clock import now
from storage.errors import InvalidInput
from tests.integration.broadcast_setting import Zone, police_zone

IN_AN_HOUR = timedelta(hours=1)


async def _scheduled(zone: Zone) -> int:
    """An approved alert that is to leave in an hour and ends in two; gives its id."""
    content = {"effective_at": now() + IN_AN_HOUR, "expires_at": now() + 2 * IN_AN_HOUR}
    alert_id, digest = await zone.submitted(**content)
    for _ in range(2):
        async with zone.database.write() as connection:
            assert await alerts.approve(connection, zone.vault, zone.approver, alert_id, digest, now()) is None
    return alert_id


async def _sent(zone: Zone, alert_id: int) -> int:
    async with zone.database.read() as connection:
        return len(await events.of_alert(connection, zone.id, alert_id))


def _later(monkeypatch: pytest.MonkeyPatch, hours: float) -> datetime:
    moment = now() + timedelta(hours=hours)
    monkeypatch.setattr(schedule, "now", lambda: moment)
    return moment


async def test_it_leaves_at_its_time_and_not_before(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        await zone.members(2)
        alert_id = await _scheduled(zone)
        one = Schedule(zone.database, zone.vault)
        await one.work()
        assert (await zone.alert(alert_id)).state is AlertState.SCHEDULED
        _later(monkeypatch, 1.1)
        await one.work()
        assert (await zone.alert(alert_id)).state is AlertState.SENDING
        assert (await zone.event(1)).approved_by == zone.approver.id


async def test_of_many_workers_one_sends_it(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        await zone.members(2)
        alert_id = await _scheduled(zone)
        _later(monkeypatch, 1.1)
        await asyncio.gather(*(Schedule(zone.database, zone.vault).work() for _ in range(5)))
        assert await _sent(zone, alert_id) == 1
        assert sum(one.number for one in await zone.counts(1)) == 2


async def test_where_no_worker_ran_at_its_time_it_leaves_late(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        await zone.members(1)
        alert_id = await _scheduled(zone)
        _later(monkeypatch, 1.9)
        await Schedule(zone.database, zone.vault).work()
        assert await _sent(zone, alert_id) == 1


async def test_after_its_end_it_does_not_leave(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        await zone.members(1)
        alert_id = await _scheduled(zone)
        moment = _later(monkeypatch, 2.1)
        await Schedule(zone.database, zone.vault).work()
        async with zone.database.write() as connection:
            await steering.expire(connection, moment)
        assert (await zone.alert(alert_id)).state is AlertState.EXPIRED
        assert await _sent(zone, alert_id) == 0


async def test_what_was_cancelled_or_changed_does_not_leave(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        await zone.members(1)
        cancelled, changed = await _scheduled(zone), await _scheduled(zone)
        async with zone.database.write() as connection:
            await steering.cancel(connection, zone.approver, cancelled, now())
            await alerts.change(connection, zone.editor, changed, zone.content(), now())
        _later(monkeypatch, 1.1)
        await Schedule(zone.database, zone.vault).work()
        assert await _sent(zone, cancelled) + await _sent(zone, changed) == 0
        assert (await zone.alert(changed)).state is AlertState.DRAFT


async def test_where_nobody_can_be_reached_any_more_it_goes_back(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        member = await zone.member((ChannelKind.TELEGRAM, "1"))
        alert_id = await _scheduled(zone)
        for address in await zone.addresses(member):
            await zone.stop(address)
        _later(monkeypatch, 1.1)
        await Schedule(zone.database, zone.vault).work()
        one = await zone.alert(alert_id)
        assert one.state is AlertState.REJECTED
        assert "Nobody in this audience" in str(one.rejection)


async def test_it_must_leave_before_it_ends(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        with pytest.raises(InvalidInput, match="must leave before it ends"):
            await zone.submitted(effective_at=now() + 2 * IN_AN_HOUR)

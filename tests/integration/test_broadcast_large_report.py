"""Progress and report of a large alert cost the same however many people there are: no row of the ledger is read."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from broadcast import sending
from broadcast.results import progress, reporting
from broadcast.results.report import Report
from broadcast.vocabulary import Severity
from messaging.incoming import ChannelKind
from messaging.repository import handed
from tests.integration.broadcast_setting import Zone, police_zone

MEMBERS = 23


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "FIRST_SLICE", 10)
    monkeypatch.setattr(sending, "SLICE", 10)


@contextmanager
def asked(zone: Zone) -> Iterator[list[str]]:
    """The statements that the database is asked meanwhile."""
    heard: list[str] = []

    def listen(*arguments: object) -> None:
        heard.append(str(arguments[2]))

    event.listen(zone.database.engine.sync_engine, "before_cursor_execute", listen)
    yield heard
    event.remove(zone.database.engine.sync_engine, "before_cursor_execute", listen)


async def report(zone: Zone, alert_id: int) -> Report:
    async with zone.database.read() as connection:
        return await reporting.of_alert(connection, zone.id, alert_id)


async def counted(zone: Zone) -> None:
    """Everything is counted of which there was news."""

    async def stale() -> bool:
        async with zone.database.read() as connection:
            return await handed.is_stale(connection)

    await zone.holds(stale, lambda found: not found)


async def test_neither_reads_the_ledger_and_both_add_up(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        await zone.sender(ChannelKind.SMS)
        await zone.members(MEMBERS - 1)
        await zone.member((ChannelKind.SMS, "+32470000001"), language="fr")
        async with zone.dispatching():
            alert_id, event_id = await zone.sent(severity=Severity.MINOR)
            await zone.until(event_id, "sent")

            async def reached() -> int:
                return (await report(zone, alert_id)).events[0].reached

            await zone.holds(reached, lambda number: number == MEMBERS)
            await counted(zone)
        with asked(zone) as statements:
            (one,) = (await report(zone, alert_id)).events
            async with zone.database.read() as connection:
                await progress.of_alert(connection, zone.id, alert_id)
        assert statements
        assert not [said for said in statements if "FROM delivery" in said or "JOIN delivery" in said]
        assert one.by_channel == {"sms": 1, "telegram": MEMBERS - 1}
        assert sum(map(sum, one.within.values())) == one.people == MEMBERS
        assert one.parts > 1

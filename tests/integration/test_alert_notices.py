"""Officers hear of alerts that concern them: over their own Telegram, and without a word of the alert itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import update

from broadcast import alerts, notices, steering
from broadcast.cap.importing import open_document, take_in
from broadcast.notices import Notices
from messaging.channels import Channels
from messaging.exchange import open_session
from messaging.incoming import ChannelKind
from messaging.officer_line import TELEGRAM_CONTEXT, OfficerLine
from messaging.repository import senders
from people.officer import Officer
from people.repository import organisations
from people.tables import officer as officer_table
from storage.clock import now
from tests.cap_documents import alert, info, reference
from tests.integration.broadcast_setting import Zone, police_zone


async def _connect(zone: Zone, officer: Officer, chat: str) -> None:
    sealed = zone.vault.seal(chat.encode(), TELEGRAM_CONTEXT)
    async with zone.database.write() as connection:
        mine = update(officer_table).where(officer_table.c.id == officer.id)
        await connection.execute(mine.values(telegram_sealed=sealed))


@asynccontextmanager
async def _telling(zone: Zone) -> AsyncIterator[Notices]:
    bot = await zone.sender(ChannelKind.TELEGRAM)
    async with open_session() as session:
        async with zone.database.read() as connection:
            channels = Channels(await senders.every(connection, zone.vault), session, None)
        line = OfficerLine(zone.vault, channels, {zone.id: bot}, None)
        yield Notices(zone.database, line, "https://console.example")


def _told(zone: Zone) -> list[tuple[str, str]]:
    return [(str(one["address"]), str(one["text"]).splitlines()[0]) for one in zone.arrived()]


async def test_approvers_hear_that_an_alert_waits_and_again_until_somebody_decides(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with police_zone(database_url) as zone, _telling(zone) as telling:
        await _connect(zone, zone.approver, "71")
        alert_id, _ = await zone.submitted()
        await telling.work()
        await telling.work()
        waits = ("71", "Een waarschuwing wacht op uw goedkeuring.")
        assert _told(zone) == [waits]
        assert "Gaslek" not in str(zone.arrived())
        moment = now() + timedelta(minutes=11)
        monkeypatch.setattr(notices, "now", lambda: moment)
        await telling.work()
        assert _told(zone) == [waits, waits]
        async with zone.database.write() as connection:
            await alerts.reject(connection, zone.other_approver, alert_id, "te vaag", now())
        monkeypatch.setattr(notices, "now", lambda: moment + timedelta(minutes=11))
        await telling.work()
        assert _told(zone) == [waits, waits]


async def test_authors_hear_that_it_was_sent_back(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone, _telling(zone) as telling:
        await _connect(zone, zone.editor, "72")
        alert_id, _ = await zone.submitted()
        async with zone.database.write() as connection:
            await alerts.reject(connection, zone.approver, alert_id, "te vaag", now())
        await telling.work()
        assert _told(zone) == [("72", "Een waarschuwing die u schreef, is teruggestuurd.")]


async def test_the_other_approvers_hear_that_one_approved_alone(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone, _telling(zone) as telling:
        await zone.members(1)
        await _connect(zone, zone.approver, "71")
        await _connect(zone, zone.other_approver, "73")
        async with zone.database.write() as connection:
            alert_id = await alerts.create(connection, zone.approver, zone.content(), now())
            digest = await alerts.submit(connection, zone.approver, alert_id, now())
            await alerts.approve(
                connection, zone.vault, zone.approver, alert_id, digest, now(), override_reason="permanentie zwijgt"
            )
        await telling.work()
        assert ("73", "Een waarschuwing is door de auteur alleen goedgekeurd, als noodprocedure.") in _told(zone)
        assert "71" not in {address for address, _ in _told(zone)}


async def test_officers_hear_of_what_another_system_handed_in_until_it_is_no_draft_any_more(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with police_zone(sqlite_url) as zone, _telling(zone) as telling:
        await _connect(zone, zone.editor, "72")
        await _hand_in(zone, alert(info("<description>Blijf binnen.</description>")))
        await telling.work()
        came = ("72", "Een ander systeem leverde een waarschuwing aan. Ze is een ontwerp waar nog niemand naar keek.")
        assert _told(zone) == [came]
        assert "Blijf binnen" not in str(zone.arrived())
        moment = now() + timedelta(minutes=11)
        monkeypatch.setattr(notices, "now", lambda: moment)
        await telling.work()
        assert _told(zone) == [came, came]
        async with zone.database.write() as connection:
            await steering.cancel(connection, zone.approver, 1, now())
        monkeypatch.setattr(notices, "now", lambda: moment + timedelta(minutes=11))
        await telling.work()
        assert _told(zone) == [came, came]


async def test_whoever_may_tell_it_hears_of_news_and_nobody_of_a_test(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone, _telling(zone) as telling:
        await _connect(zone, zone.editor, "72")
        await _connect(zone, zone.approver, "71")
        await _hand_in(zone, alert(info(), status="Test"))
        await telling.work()
        assert _told(zone) == []
        await _hand_in(zone, alert(info(), kind="Update", identifier="LB-2", more=reference()))
        await telling.work()
        news = "Een ander systeem leverde nieuws over een waarschuwing aan."
        assert [(chat, text.startswith(news)) for chat, text in _told(zone)] == [("71", True)]


async def _hand_in(zone: Zone, document: str) -> None:
    async with zone.database.write() as connection:
        organisation = await organisations.get(connection, zone.id)
        await take_in(connection, organisation, open_document(document.encode()), "Meldkamer", now())

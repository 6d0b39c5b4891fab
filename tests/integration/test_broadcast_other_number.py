"""Who is told by SMS, because WhatsApp did not deliver it, is the same person when they answer by SMS."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from broadcast.acknowledgement import Answer
from broadcast.event import EventKind
from broadcast.repository import acknowledgements
from messaging.incoming import ChannelKind
from people.consent import Way
from people.officer import Officer
from people.repository import networks, residents
from people.tables import address, resident
from simulator.faults import Fault
from storage.clock import now
from tests.integration.alert_in_town import dispatching, follow, warn
from tests.town import AN_MOBILE, Town, town

NOT_ON_WHATSAPP = 63024


@asynccontextmanager
async def warned_by_sms(url: str, folder: Path) -> AsyncIterator[tuple[Town, Officer, int]]:
    """An agreed on WhatsApp, which does not deliver to her: she has it by SMS. Gives town, approver and alert."""
    async with town(url, folder) as lindebeke, dispatching(lindebeke, url):
        network = await lindebeke.network()
        async with lindebeke.database.write() as connection:
            vault, at = lindebeke.vault, now()
            made, place = await residents.register(
                connection, vault, lindebeke.id, ChannelKind.WHATSAPP, AN_MOBILE, at, name="An"
            )
            await residents.heard_from(connection, place.id, at)
            await networks.give_consent(connection, lindebeke.id, place, at, Way.IMPORT, "Ja")
            await networks.join(connection, network, made.id, at)
        refused = Fault("refused", address=f"whatsapp:{AN_MOBILE}", count=None, code=NOT_ON_WHATSAPP)
        lindebeke.far_end.world.faults.orders.append(refused)
        approver, alert_id = await warn(lindebeke, network)
        await lindebeke.until_sent(1)
        yield lindebeke, approver, alert_id


async def test_her_answer_by_sms_counts_as_hers(database_url: str, tmp_path: Path) -> None:
    async with warned_by_sms(database_url, tmp_path) as (lindebeke, _, alert_id):
        await lindebeke.sms("2")
        await lindebeke.answer()
        await lindebeke.send()
        assert lindebeke.sent()[-1]["text"].startswith("Bel nu 112")
        async with lindebeke.database.read() as connection:
            counts = await acknowledgements.counts(connection, lindebeke.id, alert_id)
        assert counts == {Answer.SAFE: 0, Answer.NEED_HELP: 1}
        assert len(await lindebeke.rows(resident)) == 1
        assert [row.channel for row in await lindebeke.rows(address)] == ["whatsapp", "sms"]


async def test_the_all_clear_comes_by_sms_as_the_alert_did(database_url: str, tmp_path: Path) -> None:
    async with warned_by_sms(database_url, tmp_path) as (lindebeke, approver, alert_id):
        await follow(lindebeke, approver, alert_id, EventKind.ALL_CLEAR, "Het gaslek is gedicht.")
        assert [(one["channel"], one["address"]) for one in lindebeke.sent()] == [("sms", AN_MOBILE)] * 2


async def test_after_stop_by_sms_she_hears_nothing_more_there(database_url: str, tmp_path: Path) -> None:
    async with warned_by_sms(database_url, tmp_path) as (lindebeke, approver, alert_id):
        await lindebeke.sms("STOP", OptOutType="STOP")
        await lindebeke.answer()
        await follow(lindebeke, approver, alert_id, EventKind.ALL_CLEAR, "Het gaslek is gedicht.")
        assert len(lindebeke.sent()) == 1

"""One person once, on the way that they agreed to."""

from datetime import timedelta

from broadcast.selection import Selection
from messaging.delivery import DeliveryState
from messaging.incoming import ChannelKind
from people.repository import networks
from simulator.twilio_account import Template
from storage.clock import now
from tests.integration.broadcast_setting import TEMPLATE, Zone, police_zone

TELEGRAM, WHATSAPP, SMS = ChannelKind.TELEGRAM, ChannelKind.WHATSAPP, ChannelKind.SMS
NUMBER = "+32470123401"


async def _send(zone: Zone, **changes: object) -> int:
    async with zone.dispatching():
        _, event_id = await zone.sent(**changes)
        await zone.until(event_id, "sent")
    return event_id


async def _missed(zone: Zone, event_id: int) -> dict[str | None, int]:
    return {one.error: one.number for one in await zone.counts(event_id) if one.state is DeliveryState.SUPPRESSED}


async def test_a_person_in_two_networks_with_three_addresses_is_told_once(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        for channel in ChannelKind:
            await zone.sender(channel)
        person = await zone.member((TELEGRAM, "501"), (SMS, NUMBER), (WHATSAPP, NUMBER))
        async with zone.database.write() as connection:
            second = await networks.create(connection, zone.id, "BIN Zuid", "zuid", now())
            await networks.join(connection, second, person, now())
        await _send(zone, audience=Selection(networks=frozenset({zone.network, second})))
        assert [(one["channel"], one["address"]) for one in zone.arrived()] == [("telegram", "501")]


async def test_who_never_agreed_or_sent_stop_is_told_nothing_and_counted(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM)
        (chat,) = await zone.members(1)
        await zone.member((TELEGRAM, "502"), consent=False)
        stopped = await zone.member((TELEGRAM, "503"))
        await zone.stop((await zone.addresses(stopped))[0])
        event_id = await _send(zone)
        assert [one["address"] for one in zone.arrived()] == [chat]
        assert await _missed(zone, event_id) == {"no_consent": 2}


async def test_a_closed_whatsapp_window_is_opened_by_the_template_and_an_open_one_needs_none(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(WHATSAPP, template=TEMPLATE)
        account = zone.far_end.world.account
        account.templates[TEMPLATE] = Template(TEMPLATE, "waarschuwing", "{{1}}: {{2}}")
        silent = await zone.member((WHATSAPP, NUMBER))
        await zone.wrote((await zone.addresses(silent))[0], now() - timedelta(days=2))
        talking = await zone.member((WHATSAPP, "+32470123402"))
        await zone.wrote((await zone.addresses(talking))[0], now())
        await _send(zone)
        taken = {one["address"]: one for one in zone.arrived()}
        assert taken[f"whatsapp:{NUMBER}"]["template"] == TEMPLATE
        assert "template" not in taken["whatsapp:+32470123402"]
        assert not zone.far_end.world.log.violations


async def test_without_a_template_a_closed_window_becomes_an_sms_to_the_same_number(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(WHATSAPP)
        await zone.sender(SMS)
        await zone.member((WHATSAPP, NUMBER))
        await _send(zone)
        (taken,) = zone.arrived()
        assert (taken["channel"], taken["address"]) == ("sms", NUMBER)
        assert "STOP = stoppen." in taken["text"]


async def test_a_number_that_sent_stop_by_sms_gets_no_sms_instead_of_whatsapp(database_url: str) -> None:
    """Whoever writes over both channels may be two residents to us: the number decides."""
    async with police_zone(database_url) as zone:
        await zone.sender(WHATSAPP)
        await zone.sender(SMS)
        await zone.member((WHATSAPP, NUMBER))
        the_same = await zone.member((SMS, NUMBER))
        await zone.stop((await zone.addresses(the_same))[0])
        await zone.member((SMS, "+32470123409"))
        event_id = await _send(zone)
        assert [one["address"] for one in zone.arrived()] == ["+32470123409"]
        assert await _missed(zone, event_id) == {"no_consent": 1, "window_closed": 1}


async def test_each_resident_reads_dutch_and_the_translation_that_they_asked_for(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(TELEGRAM)
        await zone.member((TELEGRAM, "601"))
        await zone.member((TELEGRAM, "602"), language="fr")
        await _send(zone)
        texts = {one["address"]: one["text"] for one in zone.arrived()}
        assert "Fermez" not in texts["601"]
        assert texts["602"].index("Sluit ramen") < texts["602"].index("Traduction: Fermez portes")

"""The pre-flight counts in the database exactly those whom the alert then reaches."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from broadcast import alerts, approval, expansion
from broadcast.alert import Content
from broadcast.audience import Suppressed
from broadcast.preflight import checks
from broadcast.tables import event
from messaging.incoming import ChannelKind
from messaging.tables import sender
from people.repository import organisations
from storage.clock import now
from storage.errors import Conflict, InvalidInput
from tests.integration.broadcast_setting import TEMPLATE, Zone, police_zone


async def _checks(zone: Zone, content: Content) -> checks.Checks:
    async with zone.database.read() as connection:
        organisation = await organisations.get(connection, zone.id)
        return await checks.of(connection, zone.vault, organisation, content, now())


async def _everybody(zone: Zone) -> None:
    """Somebody in each situation that there is."""
    await zone.members(3)
    await zone.member((ChannelKind.TELEGRAM, "1"), consent=False)
    await zone.member()
    await zone.member((ChannelKind.SMS, "+32470000001"), language="fr")
    await zone.member((ChannelKind.SMS, "+32470000002"), (ChannelKind.TELEGRAM, "2"))
    await zone.member((ChannelKind.VOICE, "+3215000001"))
    silent = await zone.member((ChannelKind.WHATSAPP, "+32470000003"))
    wrote = await zone.member((ChannelKind.WHATSAPP, "+32470000004"))
    stopped = await zone.member((ChannelKind.WHATSAPP, "+32470000005"), (ChannelKind.SMS, "+32470000005"))
    await zone.stop((await zone.addresses(stopped))[1])
    for who, hours in ((silent, 30), (wrote, 2), (stopped, 30)):
        await zone.wrote((await zone.addresses(who))[0], now() - timedelta(hours=hours))


@pytest.mark.parametrize("template", [None, TEMPLATE])
async def test_it_counts_as_the_sending_chooses(database_url: str, template: str | None) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        await zone.sender(ChannelKind.SMS)
        await zone.sender(ChannelKind.WHATSAPP, template=template)
        await zone.sender(ChannelKind.VOICE)
        await _everybody(zone)
        found = (await _checks(zone, zone.content())).preflight
        async with zone.database.read() as connection:
            page = await expansion.members(connection, zone.vault, zone.id, zone.content().audience, now(), calls=True)
        channel = {sender.id: sender.channel for sender in page.senders.values()}
        told = Counter(channel[one.sender_id] for one in page.recipients if one and one.sender_id)
        missed = Counter(one.suppressed for one in page.recipients if one and one.suppressed)
        missed[Suppressed.UNREACHABLE] += page.recipients.count(None)
        assert (found.people, found.by_channel, found.missed) == (len(page.recipients), told, missed)
        templates = {way.sender.channel: way.templates for way in found.ways}
        assert templates.get("whatsapp", 0) == (2 if template else 0)
        assert found.asked == {None: 10, "fr": 1}


async def test_each_warning_must_have_been_seen(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        await zone.member((ChannelKind.TELEGRAM, "1"), language="de")
        found = await _checks(zone, zone.content())
        assert [one.code for one in found.cautions] == ["no text:de"]
        with pytest.raises(InvalidInput):
            found.require_seen([])
        found.require_seen(["no text:de"])


async def test_what_its_author_acknowledged_is_part_of_what_is_signed(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        await zone.members(1)
        async with zone.database.write() as connection:
            alert_id = await alerts.create(connection, zone.editor, zone.content(), now())
            digest = await alerts.submit(connection, zone.editor, alert_id, now(), ["few"])
        one = await zone.alert(alert_id)
        assert one.acknowledged == ("few",)
        with pytest.raises(Conflict):
            await zone.approve(alert_id, approval.digest(replace(one.content)))
        assert await zone.approve(alert_id, digest)


async def test_whom_whatsapp_wrote_to_first_today_is_taken_off_its_daily_limit(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        whatsapp = await zone.sender(ChannelKind.WHATSAPP, template=TEMPLATE)
        silent = [await zone.member((ChannelKind.WHATSAPP, f"+3247000000{number}")) for number in range(3)]
        wrote = await zone.member((ChannelKind.WHATSAPP, "+32470000009"))
        await zone.wrote((await zone.addresses(wrote))[0], now() - timedelta(hours=1))
        assert (await _checks(zone, zone.content())).preflight.ways[0].used == 0
        await zone.sent()
        async with zone.database.write() as connection:
            await connection.execute(update(sender).where(sender.c.id == whatsapp).values(daily_limit=4))
        (way,) = (await _checks(zone, zone.content())).preflight.ways
        assert (way.used, way.templates, way.over_limit) == (3, len(silent), 2)
        async with zone.database.write() as connection:
            await connection.execute(update(event).values(created_at=now() - timedelta(hours=25)))
        (way,) = (await _checks(zone, zone.content())).preflight.ways
        assert (way.used, way.over_limit) == (0, 0)

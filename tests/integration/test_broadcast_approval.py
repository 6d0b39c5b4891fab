"""An alert is sent when, and only when, somebody else approved it as it stands; and once."""

from datetime import timedelta

import pytest

from broadcast import alerts, steering
from broadcast.alert import AlertState
from broadcast.repository import events
from broadcast.selection import Selection
from messaging.incoming import ChannelKind
from people.organisation import OrganisationKind
from people.repository import networks, organisations
from storage.clock import now
from storage.errors import Conflict, Forbidden, InvalidInput, NotFound
from storage.repository import broken_audit_line
from tests.integration.broadcast_setting import police_zone


async def test_a_second_press_of_the_button_does_nothing(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        await zone.members(3)
        alert_id, digest = await zone.submitted()
        assert await zone.approve(alert_id, digest) == await zone.approve(alert_id, digest)
        async with zone.database.read() as connection:
            assert len(await events.of_alert(connection, zone.id, alert_id)) == 1
        assert sum(one.number for one in await zone.counts(1)) == 3


async def test_nobody_approves_their_own_alert(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        await zone.members(1)
        async with zone.database.write() as connection:
            alert_id = await alerts.create(connection, zone.approver, zone.content(), now())
            digest = await alerts.submit(connection, zone.editor, alert_id, now())
        with pytest.raises(Forbidden):
            await zone.approve(alert_id, digest)
        assert (await zone.alert(alert_id)).state is AlertState.SUBMITTED


async def test_an_emergency_override_sends_and_is_on_the_record(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        await zone.members(1)
        async with zone.database.write() as connection:
            alert_id = await alerts.create(connection, zone.approver, zone.content(), now())
            digest = await alerts.submit(connection, zone.approver, alert_id, now())
            await alerts.approve(
                connection, zone.vault, zone.approver, alert_id, digest, now(), override_reason="permanentie zwijgt"
            )
            assert await broken_audit_line(connection, zone.id) is None
        assert (await zone.alert(alert_id)).state is AlertState.SENDING


async def test_a_change_makes_the_approval_of_what_was_seen_void(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        await zone.members(1)
        alert_id, seen = await zone.submitted()
        async with zone.database.write() as connection:
            changed = zone.content(title="Gaslek in de Dorpsstraat")
            await alerts.change(connection, zone.other_approver, alert_id, changed, now())
        assert (await zone.alert(alert_id)).state is AlertState.DRAFT
        with pytest.raises(Conflict):
            await zone.approve(alert_id, seen)
        async with zone.database.write() as connection:
            again = await alerts.submit(connection, zone.editor, alert_id, now())
        with pytest.raises(Conflict):
            await zone.approve(alert_id, seen)
        async with zone.database.write() as connection:
            with pytest.raises(Forbidden):
                await alerts.approve(connection, zone.vault, zone.other_approver, alert_id, again, now())
        await zone.approve(alert_id, again)


async def test_a_rejected_alert_is_not_sent_but_can_be_written_anew(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        alert_id, digest = await zone.submitted()
        async with zone.database.write() as connection:
            await alerts.reject(connection, zone.approver, alert_id, "straat klopt niet", now())
        with pytest.raises(Conflict):
            await zone.approve(alert_id, digest)
        async with zone.database.write() as connection:
            await alerts.change(connection, zone.editor, alert_id, zone.content(title="Gaslek"), now())
        assert (await zone.alert(alert_id)).state is AlertState.DRAFT


async def test_an_editor_may_write_but_not_approve(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        alert_id, digest = await zone.submitted()
        async with zone.database.write() as connection:
            with pytest.raises(Forbidden):
                await alerts.approve(connection, zone.vault, zone.editor, alert_id, digest, now())


async def test_an_alert_that_reaches_nobody_is_not_approved(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        await zone.member((ChannelKind.TELEGRAM, "1"), consent=False)
        alert_id, digest = await zone.submitted()
        with pytest.raises(Conflict):
            await zone.approve(alert_id, digest)
        assert (await zone.alert(alert_id)).state is AlertState.SUBMITTED


async def test_a_network_of_another_organisation_is_not_found(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone, zone.database.write() as connection:
        other = await organisations.create(
            connection, kind=OrganisationKind.MUNICIPALITY, name="Elders", slug="elders", at=now()
        )
        foreign = await networks.create(connection, other, "BIN Elders", "elders", now())
        there = Selection(networks=frozenset({foreign}))
        with pytest.raises(NotFound):
            await alerts.create(connection, zone.editor, zone.content(audience=there), now())


async def test_what_cannot_be_sent_cannot_be_written(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        for change in (
            {"texts": {"fr": "Fermez tout."}},
            {"title": " "},
            {"audience": Selection()},
            {"expires_at": now() - timedelta(minutes=1)},
            {"texts": {"nl": "x" * 2000}},
        ):
            async with zone.database.write() as connection:
                with pytest.raises(InvalidInput):
                    await alerts.create(connection, zone.editor, zone.content(**change), now())


async def test_an_alert_that_nobody_sent_in_time_expires(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        alert_id, digest = await zone.submitted(expires_at=now() + timedelta(seconds=30))
        async with zone.database.write() as connection:
            assert await steering.expire(connection, now() + timedelta(minutes=1)) == 1
        assert (await zone.alert(alert_id)).state is AlertState.EXPIRED
        with pytest.raises(Conflict):
            await zone.approve(alert_id, digest)

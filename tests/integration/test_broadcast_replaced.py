"""On Telegram, what people have of an alert is marked as out of date once something newer followed."""

from sqlalchemy import func, select

from broadcast import steering
from broadcast.alert import Severity
from broadcast.event import EventKind
from broadcast.results import progress
from messaging.delivery import Purpose
from messaging.incoming import ChannelKind
from messaging.repository import edits
from messaging.tables import delivery
from simulator.faults import Fault
from simulator.log import Entry
from storage.clock import now
from tests.integration.broadcast_setting import Zone, police_zone

TELEGRAM, SMS = ChannelKind.TELEGRAM, ChannelKind.SMS
NEWS, CLEAR = {"nl": "Het lek is groter dan gedacht."}, {"nl": "Het gaslek is gedicht."}


async def follow(zone: Zone, alert_id: int, kind: EventKind, texts: dict[str, str]) -> int:
    async with zone.database.write() as connection:
        event_id = await steering.follow_up(connection, zone.vault, zone.approver, alert_id, kind, texts, now())
    await zone.until(event_id, "sent")
    return event_id


def edited(zone: Zone) -> list[Entry]:
    return [one for one in zone.far_end.world.log.after(0) if one["event"] == "edited"]


async def finished(zone: Zone, event_id: int, number: int) -> None:
    """So many edits of an event are done."""

    async def look() -> int:
        mine = (delivery.c.event_id == event_id, delivery.c.purpose == Purpose.EDIT, delivery.c.state == "accepted")
        async with zone.database.read() as connection:
            return int(await connection.scalar(select(func.count()).where(*mine)) or 0)

    await zone.holds(look, lambda found: found == number)


async def test_an_update_is_a_message_of_its_own_and_marks_the_alert_as_replaced(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM)
        chats = await zone.members(3)
        async with zone.dispatching():
            alert_id, event_id = await zone.sent()
            await zone.until(event_id, "sent")
            first = {one["address"]: one["provider_id"] for one in zone.arrived()}
            update_id = await follow(zone, alert_id, EventKind.UPDATE, NEWS)
            await finished(zone, update_id, 3)
        assert {one["address"]: one["provider_id"] for one in edited(zone)} == first
        assert all(one["text"].startswith("VERVANGEN") and "Sluit ramen" in one["text"] for one in edited(zone))
        assert not any("choices" in one for one in edited(zone))
        assert sorted(one["address"] for one in zone.arrived()[3:]) == sorted(chats)
        assert zone.far_end.world.log.violations == []


async def test_an_edit_counts_nowhere(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM)
        await zone.members(2)
        async with zone.dispatching():
            alert_id, event_id = await zone.sent()
            await zone.until(event_id, "sent")
            clear_id = await follow(zone, alert_id, EventKind.ALL_CLEAR, CLEAR)
            await finished(zone, clear_id, 2)
        async with zone.database.read() as connection:
            found = await progress.of_event(connection, clear_id)
        assert (found.total, found.reached, found.percent) == (2, 2, 100)


async def test_an_all_clear_marks_what_is_not_marked_yet(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM)
        await zone.members(1)
        async with zone.dispatching():
            alert_id, event_id = await zone.sent()
            await zone.until(event_id, "sent")
            update_id = await follow(zone, alert_id, EventKind.UPDATE, NEWS)
            await finished(zone, update_id, 1)
            clear_id = await follow(zone, alert_id, EventKind.ALL_CLEAR, CLEAR)
            await finished(zone, clear_id, 1)
        alert, news = edited(zone)
        assert alert["text"].startswith("VERVANGEN: lees het nieuwere bericht hieronder\n\nWAARSCHUWING")
        assert news["text"].startswith("VOORBIJ: deze waarschuwing is afgelopen\n\nNIEUWS OVER")


async def test_other_channels_and_those_who_stopped_are_left_as_they_are(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM)
        await zone.sender(SMS)
        await zone.member((SMS, "+32470000001"))
        stopped, stays = await zone.member((TELEGRAM, "801")), await zone.member((TELEGRAM, "802"))
        async with zone.dispatching():
            alert_id, event_id = await zone.sent()
            await zone.until(event_id, "sent")
            await zone.stop((await zone.addresses(stopped))[0])
            clear_id = await follow(zone, alert_id, EventKind.ALL_CLEAR, CLEAR)
            await finished(zone, clear_id, 1)
        assert [one["address"] for one in edited(zone)] == ["802"], stays


async def test_feedback_changes_nothing(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM)
        await zone.members(1)
        async with zone.dispatching():
            alert_id, event_id = await zone.sent()
            await zone.until(event_id, "sent")
            await follow(zone, alert_id, EventKind.FEEDBACK, {"nl": "Dank u."})
            async with zone.database.read() as connection:
                assert await edits.written_to(connection, event_id) == 0
        assert edited(zone) == []


async def test_a_message_that_was_deleted_on_the_phone_is_let_be_and_nobody_is_told_another_way(
    database_url: str,
) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM)
        await zone.sender(SMS)
        await zone.member((TELEGRAM, "803"), (SMS, "+32470000002"))
        gone = Fault("refused", "editMessageText", status=400, description="Bad Request: message to edit not found")
        zone.far_end.world.faults.orders.append(gone)
        async with zone.dispatching():
            alert_id, event_id = await zone.sent(severity=Severity.MINOR)
            await zone.until(event_id, "sent")
            clear_id = await follow(zone, alert_id, EventKind.ALL_CLEAR, CLEAR)
            edit = select(delivery.c.state, delivery.c.failover_at).where(delivery.c.purpose == Purpose.EDIT)

            async def look() -> list[tuple[str, object]]:
                async with zone.database.read() as connection:
                    return [tuple(row) for row in await connection.execute(edit)]

            await zone.holds(look, lambda found: found == [("failed", None)])
        assert [one["channel"] for one in zone.arrived()] == ["telegram", "telegram"], clear_id


async def test_an_edit_whose_answer_was_lost_is_sent_again_without_harm(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM)
        await zone.members(1)
        zone.far_end.world.faults.orders.append(Fault("reset_after", "editMessageText"))
        async with zone.dispatching():
            alert_id, event_id = await zone.sent()
            await zone.until(event_id, "sent")
            clear_id = await follow(zone, alert_id, EventKind.ALL_CLEAR, CLEAR)
            await finished(zone, clear_id, 1)
        refused = [one for one in zone.far_end.world.log.after(0) if one["event"] == "refused"]
        assert ["not modified" in one["reason"] for one in refused] == [True]
        assert len(edited(zone)) == 1

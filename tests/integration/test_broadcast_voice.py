"""Calls: read aloud in the person's languages, acknowledged with a key, and marked when it is an exercise."""

from pathlib import Path

import pytest

from broadcast import steering
from broadcast.alert import Severity
from broadcast.event import EventKind
from broadcast.results.missed import Reason, reason
from broadcast.vocabulary import Status
from messaging.channel import Failure, Outgoing, SendError
from messaging.delivery import DeliveryState
from messaging.exchange import open_session
from messaging.incoming import ChannelKind
from messaging.tables import delivery
from messaging.twilio.voice import VoiceChannel
from simulator.faults import Fault
from storage.clock import now
from storage.facts import FactKind
from storage.tables import fact
from tests.integration.broadcast_setting import Zone, police_zone
from tests.integration.test_broadcast_failover import PUBLIC, are
from tests.town import OPTIONS, Town, town

SMS, VOICE = ChannelKind.SMS, ChannelKind.VOICE
PHONE = "+3215000001"


async def called(zone: Zone, **changes: object) -> tuple[int, str]:
    """An alert to somebody with a landline, once it was called; gives the event, and what was said."""
    await zone.sender(SMS)
    await zone.sender(VOICE)
    await zone.member((SMS, PHONE), language="en")
    zone.far_end.world.faults.orders.append(Fault("refused", method="Messages.create", status=400, code=21614))
    async with zone.dispatching(public_url=PUBLIC):
        _, event_id = await zone.sent(**changes)
        await are(zone, event_id, [(0, "failed", "21614"), (1, "accepted", None)])
    (call,) = zone.arrived("voice")
    assert zone.far_end.world.log.violations == []
    return event_id, call["text"]


async def test_a_landline_is_called_when_lives_may_depend_on_it(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        texts = {"nl": "Sluit ramen en deuren.", "en": "Close windows and doors."}
        _, said = await called(zone, texts=texts)
        assert "Sluit ramen en deuren. Druk op 1 als u dit gehoord hebt." in said
        assert "Close windows and doors. Press 1 to say that you heard this." in said


async def test_an_exercise_is_said_to_be_one(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        _, said = await called(zone, status=Status.EXERCISE)
        assert said.startswith("OEFENING")


async def test_what_is_routine_calls_nobody(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(SMS)
        await zone.sender(VOICE)
        await zone.member((SMS, PHONE))
        zone.far_end.world.faults.orders.append(Fault("refused", method="Messages.create", status=400, code=21614))
        async with zone.dispatching():
            _, event_id = await zone.sent(severity=Severity.MINOR)
            await are(zone, event_id, [(0, "failed", "21614")])
        assert zone.arrived("voice") == []


async def test_what_is_routine_does_not_call_whom_only_a_call_would_reach(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(VOICE)
        await zone.sender(SMS)
        await zone.member((VOICE, PHONE))
        await zone.member((SMS, "+32470000001"))
        async with zone.dispatching():
            _, event_id = await zone.sent(severity=Severity.MINOR)
            await zone.until(event_id, "sent")
        missed = [one for one in await zone.counts(event_id) if one.state == "suppressed"]
        assert [reason(one.state, one.error) for one in missed] == [Reason.NOT_CALLED]
        assert zone.arrived("voice") == []


async def test_who_was_called_for_a_danger_is_not_called_to_hear_what_became_of_it(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        await zone.sender(VOICE)
        await zone.member((VOICE, PHONE))
        async with zone.dispatching():
            alert_id, event_id = await zone.sent()
            await zone.until(event_id, "sent")
            async with zone.database.write() as connection:
                told = (connection, zone.vault, zone.approver, alert_id, EventKind.FEEDBACK, {"nl": "Hersteld."}, now())
                feedback = await steering.follow_up(*told)
            await zone.until(feedback, "sent")
        assert [one.error for one in await zone.counts(feedback)] == ["not_called"]
        assert len(zone.arrived("voice")) == 1


async def ringing(lindebeke: Town) -> str:
    """A call to somebody has begun; gives the id that Twilio knows it by."""
    await lindebeke.sms("Wanneer halen jullie papier op?")
    await lindebeke.answer()
    await lindebeke.send()
    (row,) = await lindebeke.rows(delivery)
    async with lindebeke.database.write() as connection:
        changed = delivery.update().values(sender_id=lindebeke.sender[VOICE], provider_id="CA1", state="accepted")
        await connection.execute(changed)
    return str(row.id)


@pytest.mark.parametrize(
    ("word", "state", "error"),
    [
        ("ringing", DeliveryState.ACCEPTED, None),
        ("completed", DeliveryState.DELIVERED, None),
        ("busy", DeliveryState.FAILED, "busy"),
        ("no-answer", DeliveryState.FAILED, "no-answer"),
    ],
)
async def test_the_statuses_of_a_call_move_its_delivery(
    sqlite_url: str, tmp_path: Path, word: str, state: DeliveryState, error: str | None
) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        number = await ringing(lindebeke)
        form = {"CallSid": "CA1", "CallStatus": word, "To": PHONE}
        assert (await lindebeke.post_twilio(form, f"voice/status?delivery={number}")).status_code == 204
        (row,) = await lindebeke.rows(delivery)
        assert (row.state, row.error) == (state, error)


async def test_pressing_one_says_that_it_was_heard_and_another_key_nothing(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        number = await ringing(lindebeke)
        form = {"CallSid": "CA1", "CallStatus": "in-progress", "To": PHONE}
        other = await lindebeke.post_twilio({**form, "Digits": "5"}, f"voice/voice?delivery={number}")
        assert (other.status_code, (await lindebeke.rows(delivery))[0].state) == (200, "accepted")
        heard = await lindebeke.post_twilio({**form, "Digits": "1"}, f"voice/voice?delivery={number}")
        assert "Dank u." in heard.text
        assert (await lindebeke.rows(delivery))[0].state == DeliveryState.READ
        assert FactKind.ALERT_REPLIED in [row.kind for row in await lindebeke.rows(fact)]


async def test_a_text_too_long_to_be_read_is_refused_before_it_costs_a_call() -> None:
    async with open_session() as session:
        channel = VoiceChannel(
            account_sid=OPTIONS.twilio_account_sid, auth_token="token", sender="+32460000003", session=session
        )
        with pytest.raises(SendError) as refused:
            await channel.send(PHONE, Outgoing("a" * 4_000))
        assert refused.value.failure is Failure.REJECTED

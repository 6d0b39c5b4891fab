"""The far end takes and refuses what Twilio's own library sends as Twilio itself does."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]

from simulator.options import Options
from tests.contract.far_end import SMS, WHATSAPP, FarEnd, running

FATIMA = "+32470000001"
TEMPLATE = "HX" + "a" * 32
OPTIONS = Options(twilio_numbers=(SMS, WHATSAPP), status_delay=0)


@pytest.fixture
async def far_end() -> AsyncIterator[FarEnd]:
    async with running(OPTIONS) as found:
        await found.control.person("Fatima", phone=FATIMA)
        yield found


async def send(far_end: FarEnd, **fields: Any) -> Any:
    fields = {"to": FATIMA, "from_": SMS, "body": "Gaslek"} | fields
    wanted = {name: value for name, value in fields.items() if value is not None}
    return await asyncio.to_thread(far_end.twilio().messages.create, **wanted)


async def refusal(far_end: FarEnd, **fields: Any) -> TwilioRestException:
    with pytest.raises(TwilioRestException) as refused:
        await send(far_end, **fields)
    return refused.value


async def test_an_sms_is_taken_delivered_and_found_again(far_end: FarEnd) -> None:
    sent = await send(far_end, validity_period=600)
    assert (sent.status, sent.num_segments, sent.direction) == ("queued", "1", "outbound-api")
    await far_end.control.until("status", provider_id=sent.sid, status="delivered")
    found = await asyncio.to_thread(far_end.twilio().messages(sent.sid).fetch)
    assert (found.status, found.body, found.to, found.error_code) == ("delivered", "Gaslek", FATIMA, None)
    assert found.date_sent
    assert await far_end.control.violations() == []


async def test_the_list_finds_messages_by_recipient_sender_and_date(far_end: FarEnd) -> None:
    sids = [(await send(far_end, body=str(n))).sid for n in range(3)]
    await send(far_end, to="+32470000009")
    messages = far_end.twilio().messages
    today = datetime.now(UTC)

    async def found(**fields: Any) -> list[str]:
        return [message.sid for message in await asyncio.to_thread(messages.list, **fields)]

    assert await found(to=FATIMA) == sids[::-1]
    assert await found(to=FATIMA, page_size=1) == sids[::-1]
    assert await found(to=FATIMA, from_=WHATSAPP) == []
    assert len(await found(date_sent=today)) == 4
    assert await found(date_sent=today - timedelta(days=2)) == []
    assert len(await found(date_sent_after=today - timedelta(minutes=1))) == 4
    assert await found(date_sent_before=today - timedelta(minutes=1)) == []


async def test_parts_are_counted_by_the_alphabet(far_end: FarEnd) -> None:
    counts = [(await send(far_end, body=body)).num_segments for body in ("a" * 160, "a" * 161, "ê" * 70, "ê" * 71)]
    assert counts == ["1", "2", "1", "2"]


async def test_a_wrong_token_is_unauthorized(far_end: FarEnd) -> None:
    with pytest.raises(TwilioRestException) as refused:
        await asyncio.to_thread(far_end.twilio(token="wrong").messages.create, to=FATIMA, from_=SMS, body="Gaslek")
    assert (refused.value.status, refused.value.code) == (401, 20003)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "0470 00 00 01"}, 21211),
        ({"to": "messenger:12345"}, 21211),
        ({"from_": None}, 21603),
        ({"body": None}, 21619),
        ({"body": "x" * 1601}, 21617),
        ({"from_": WHATSAPP}, 21910),
        ({"to": SMS}, 21266),
        ({"validity_period": 36_001}, 20001),
        ({"validity_period": 0}, 20001),
        ({"status_callback": "not a url"}, 21609),
        ({"content_sid": "HX12"}, 21655),
        ({"content_sid": TEMPLATE, "content_variables": '{"1": "a\\nb"}'}, 21656),
        ({"messaging_service_sid": "MG1"}, 21701),
    ],
)
async def test_what_the_specification_does_not_allow_is_refused_and_kept_as_a_violation(
    far_end: FarEnd, fields: dict[str, Any], code: int
) -> None:
    assert (await refusal(far_end, **fields)).code == code
    assert [violation["code"] for violation in await far_end.control.violations()] == [str(code)]


async def test_an_unknown_parameter_is_a_violation(far_end: FarEnd) -> None:
    account = far_end.simulator.world.account
    url = f"{far_end.simulator.base_url}/2010-04-01/Accounts/{account.sid}/Messages.json"
    form = {"To": FATIMA, "From": SMS, "Body": "Gaslek", "Colour": "red"}
    headers = {"Authorization": aiohttp.encode_basic_auth(account.sid, account.token)}
    async with aiohttp.ClientSession() as session, session.post(url, data=form, headers=headers) as answer:
        assert answer.status == 400
    assert "Colour" in (await far_end.control.violations())[0]["reason"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"from_": "+32461111111"}, 21606),
        ({"from_": "whatsapp:+32461111111", "to": f"whatsapp:{FATIMA}"}, 63007),
        ({"content_sid": TEMPLATE}, 21655),
    ],
)
async def test_what_the_account_lacks_is_refused_but_breaks_no_rule(
    far_end: FarEnd, fields: dict[str, Any], code: int
) -> None:
    assert (await refusal(far_end, **fields)).code == code
    assert (await far_end.control.until("refused"))["code"] == str(code)
    assert await far_end.control.violations() == []


async def test_too_many_requests_are_refused_with_the_time_to_wait() -> None:
    async with running(Options(twilio_rate=0.5)) as far_end:
        await send(far_end)
        refused = await refusal(far_end)
        assert (refused.status, refused.code) == (429, 20429)
        assert (await far_end.control.until("refused"))["retry_after"] == 2


async def whatsapp(far_end: FarEnd, **fields: Any) -> tuple[str, int | None]:
    """How a WhatsApp message ends: its last status and error."""
    sent = await send(far_end, **{"to": f"whatsapp:{FATIMA}", "from_": WHATSAPP} | fields)
    while True:
        message = await asyncio.to_thread(far_end.twilio().messages(sent.sid).fetch)
        if message.status in ("read", "undelivered", "failed"):
            return message.status, message.error_code


async def test_free_text_outside_the_24_hours_is_taken_and_then_not_delivered(far_end: FarEnd) -> None:
    assert await whatsapp(far_end) == ("undelivered", 63016)
    await far_end.control.send("Fatima", "whatsapp", "Goeiedag")
    assert await whatsapp(far_end) == ("read", None)
    await far_end.control.advance(24 * 3600 - 60)
    assert await whatsapp(far_end) == ("read", None)
    await far_end.control.advance(120)
    assert await whatsapp(far_end) == ("undelivered", 63016)


async def test_the_24_hours_can_be_ended_and_begun_by_order(far_end: FarEnd) -> None:
    await far_end.control.window("Fatima", is_open=True)
    assert await whatsapp(far_end) == ("read", None)
    await far_end.control.window("Fatima", is_open=False)
    assert await whatsapp(far_end) == ("undelivered", 63016)


async def test_the_window_may_be_refused_at_once(far_end: FarEnd) -> None:
    await far_end.control.settings(window_refused_at_once=True)
    assert (await refusal(far_end, to=f"whatsapp:{FATIMA}", from_=WHATSAPP)).code == 63016


async def test_an_approved_template_passes_outside_the_24_hours(far_end: FarEnd) -> None:
    await far_end.control.template(TEMPLATE, "alert", "Alarm: {{1}}. {{2}}", [("Ik ben veilig", "safe")])
    variables = json.dumps({"1": "gaslek", "2": "Hou ramen dicht"})
    ended = await whatsapp(far_end, body=None, content_sid=TEMPLATE, content_variables=variables)
    assert ended == ("read", None)
    entry = await far_end.control.until("accepted")
    assert (entry["text"], entry["template"]) == ("Alarm: gaslek. Hou ramen dicht", TEMPLATE)
    assert entry["choices"] == [["Ik ben veilig", "safe"]]


async def test_a_template_with_an_empty_blank_is_refused(far_end: FarEnd) -> None:
    await far_end.control.template(TEMPLATE, "alert", "Alarm: {{1}}. {{2}}")
    refused = await refusal(
        far_end, to=f"whatsapp:{FATIMA}", from_=WHATSAPP, content_sid=TEMPLATE, content_variables='{"1": "gaslek"}'
    )
    assert refused.code == 21656


async def test_who_sent_stop_is_not_sent_to_until_start(far_end: FarEnd) -> None:
    await far_end.control.send("Fatima", "sms", " stop ")
    assert (await refusal(far_end)).code == 21610
    await far_end.control.send("Fatima", "sms", "STOP")
    await far_end.control.send("Fatima", "sms", "START")
    assert (await send(far_end)).status == "queued"
    assert (await far_end.control.counts())["sms.auto_reply"] == 2


async def test_a_phone_without_the_channel_is_not_reached(far_end: FarEnd) -> None:
    await far_end.control.person("Jef", phone="+32470000002", media=["sms"])
    assert await whatsapp(far_end, to="whatsapp:+32470000002") == ("undelivered", 63024)


async def test_any_end_can_be_ordered_for_a_number(far_end: FarEnd) -> None:
    await far_end.control.fate(FATIMA, "undelivered", 30003)
    sent = await send(far_end)
    entry = await far_end.control.until("status", provider_id=sent.sid, status="undelivered")
    assert entry["code"] == "30003"
    await far_end.control.fate(FATIMA, None)
    sent = await send(far_end)
    assert await far_end.control.until("status", provider_id=sent.sid, status="delivered")

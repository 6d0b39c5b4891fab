"""What persons send and what becomes of messages is posted to the application as Twilio posts it."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import parse_qsl

import pytest
from aiohttp import web
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from simulator.options import Options
from tests.contract.far_end import SMS, WHATSAPP, Application, FarEnd, Received, application, running

FATIMA = "+32470000001"
PUBLIC = "https://berichten.lindebeke.example"


@pytest.fixture
async def ours() -> AsyncIterator[Application]:
    async with application() as found:
        yield found


@pytest.fixture
async def far_end(ours: Application) -> AsyncIterator[FarEnd]:
    async with running(Options(status_delay=0)) as found:
        await found.control.person("Fatima", phone=FATIMA)
        await found.control.route(PUBLIC, ours.url)
        await found.control.number(SMS, f"{PUBLIC}/webhooks/twilio/sms")
        await found.control.number(WHATSAPP, f"{PUBLIC}/webhooks/twilio/whatsapp?a=1")
        yield found


def form(request: Received) -> dict[str, str]:
    return dict(parse_qsl(request.body, keep_blank_values=True))


def genuine(request: Received) -> bool:
    validator = RequestValidator(Options().twilio_auth_token)
    signature = request.headers["x-twilio-signature"]
    return bool(validator.validate(PUBLIC + request.path, form(request), signature))


async def test_an_sms_is_posted_and_signed_over_the_public_address(far_end: FarEnd, ours: Application) -> None:
    sid = await far_end.control.send("Fatima", "sms", "Is het containerpark open? é €")
    await far_end.control.until("taken", provider_id=sid)
    (request,) = ours.received
    assert genuine(request)
    found = form(request)
    assert (found["MessageSid"], found["From"], found["To"], found["NumMedia"]) == (sid, FATIMA, SMS, "0")
    assert found["Body"] == "Is het containerpark open? é €"
    assert "OptOutType" not in found


async def test_whatsapp_names_the_person_and_the_quoted_message(far_end: FarEnd, ours: Application) -> None:
    sid = await far_end.control.send("Fatima", "whatsapp", "Ik ben veilig", quoted="SM" + "b" * 32)
    await far_end.control.until("taken", provider_id=sid)
    (request,) = ours.received
    assert genuine(request)
    found = form(request)
    assert (found["From"], found["WaId"], found["ProfileName"]) == (f"whatsapp:{FATIMA}", FATIMA[1:], "Fatima")
    assert (found["OriginalRepliedMessageSid"], found["MessageType"]) == ("SM" + "b" * 32, "text")


@pytest.mark.parametrize(
    ("word", "kind"), [("STOP", "STOP"), ("Unsubscribe", "STOP"), ("start", "START"), ("HELP", "HELP")]
)
async def test_a_keyword_by_sms_is_flagged(far_end: FarEnd, ours: Application, word: str, kind: str) -> None:
    sid = await far_end.control.send("Fatima", "sms", word)
    await far_end.control.until("taken", provider_id=sid)
    assert form(ours.received[0])["OptOutType"] == kind


async def test_media_and_places_are_told(far_end: FarEnd, ours: Application) -> None:
    for media in ("photo", "voice", "location"):
        sid = await far_end.control.send("Fatima", "whatsapp", media=media, latitude=50.5, longitude=4.5)
        await far_end.control.until("taken", provider_id=sid)
    photo, voice, place = [form(request) for request in ours.received]
    assert (photo["NumMedia"], photo["MediaContentType0"], photo["MessageType"]) == ("1", "image/png", "image")
    assert (voice["MediaContentType0"], voice["MessageType"]) == ("audio/ogg", "audio")
    assert (place["Latitude"], place["Longitude"], place["MessageType"]) == ("50.5", "4.5", "location")


async def test_a_button_of_a_template_gives_its_payload(far_end: FarEnd, ours: Application) -> None:
    await far_end.control.template("HX" + "a" * 32, "alert", "Gaslek", [("Ik ben veilig", "safe")])
    create = far_end.twilio().messages.create
    sent = await asyncio.to_thread(create, to=f"whatsapp:{FATIMA}", from_=WHATSAPP, content_sid="HX" + "a" * 32)
    sid = await far_end.control.press("Fatima", "whatsapp", sent.sid, "Ik ben veilig")
    await far_end.control.until("taken", provider_id=sid)
    found = form(ours.received[0])
    assert (found["ButtonPayload"], found["ButtonText"], found["MessageType"]) == ("safe", "Ik ben veilig", "button")
    assert found["OriginalRepliedMessageSid"] == sent.sid


async def test_what_failed_is_posted_once_more_with_the_same_token(far_end: FarEnd, ours: Application) -> None:
    ours.answers = [web.Response(status=503)]
    sid = await far_end.control.send("Fatima", "sms", "Hallo")
    await far_end.control.until("taken", provider_id=sid)
    first, second = ours.received
    assert first.headers["i-twilio-idempotency-token"] == second.headers["i-twilio-idempotency-token"]
    assert first.body == second.body


async def test_what_failed_twice_is_lost(far_end: FarEnd, ours: Application) -> None:
    ours.answers = [web.Response(status=503), web.Response(status=500)]
    sid = await far_end.control.send("Fatima", "sms", "Hallo")
    entry = await far_end.control.until("lost", provider_id=sid)
    assert (entry["code"], len(ours.received)) == ("500", 2)


async def test_an_answer_in_a_form_that_twilio_does_not_read_is_a_violation(far_end: FarEnd, ours: Application) -> None:
    ours.answers = [web.json_response({"ok": True})]
    sid = await far_end.control.send("Fatima", "sms", "Hallo")
    await far_end.control.until("taken", provider_id=sid)
    assert [violation["code"] for violation in await far_end.control.violations()] == ["12300"]


async def test_each_status_is_told_in_order_and_signed(far_end: FarEnd, ours: Application) -> None:
    callback = f"{PUBLIC}/webhooks/twilio/whatsapp/status?delivery=42"
    await far_end.control.window("Fatima", is_open=True)
    create = far_end.twilio().messages.create
    sent = await asyncio.to_thread(
        create, to=f"whatsapp:{FATIMA}", from_=WHATSAPP, body="Gaslek", status_callback=callback
    )
    await ours.until(4)
    assert [form(request)["MessageStatus"] for request in ours.received] == ["queued", "sent", "delivered", "read"]
    assert {form(request)["MessageSid"] for request in ours.received} == {sent.sid}
    assert {request.path for request in ours.received} == {"/webhooks/twilio/whatsapp/status?delivery=42"}
    assert all(genuine(request) for request in ours.received)


async def test_a_failed_message_tells_its_error(far_end: FarEnd, ours: Application) -> None:
    await far_end.control.settings(statuses=[])
    await far_end.control.fate(FATIMA, "undelivered", 30005)
    create = far_end.twilio().messages.create
    await asyncio.to_thread(create, to=FATIMA, from_=SMS, body="Gaslek", status_callback=f"{PUBLIC}/status")
    await ours.until(1)
    found = form(ours.received[0])
    assert (found["MessageStatus"], found["ErrorCode"]) == ("undelivered", "30005")

"""Twilio's inbound messages and statuses in our form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.incoming import ChannelKind, Incoming, IncomingKind
from messaging.twilio.webhook import StatusReport, parse, parse_status

SMS = {
    "MessageSid": "SM1",
    "AccountSid": "AC1",
    "From": "+32470123456",
    "To": "+32460000000",
    "Body": "Hallo",
    "NumMedia": "0",
}
WHATSAPP = SMS | {"From": "whatsapp:+32470123456", "To": "whatsapp:+32460000000", "ProfileName": "An Peeters"}


def parsed(form: dict[str, str]) -> Incoming:
    incoming = parse(list(form.items()))
    assert incoming is not None
    return incoming


def test_a_text_by_sms_keeps_its_number_and_words() -> None:
    assert parsed(SMS) == Incoming("SM1", ChannelKind.SMS, "+32470123456", IncomingKind.TEXT, "Hallo")


def test_a_text_on_whatsapp_has_the_plain_number_and_the_profiles_name() -> None:
    incoming = parsed(WHATSAPP)
    assert (incoming.channel, incoming.address) == (ChannelKind.WHATSAPP, "+32470123456")
    assert incoming.display_name == "An Peeters"


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        ("image/jpeg", IncomingKind.PHOTO),
        ("image/webp", IncomingKind.STICKER),
        ("video/mp4", IncomingKind.VIDEO),
        ("audio/ogg", IncomingKind.VOICE),
        ("text/vcard", IncomingKind.CONTACT),
        ("application/pdf", IncomingKind.DOCUMENT),
    ],
)
def test_media_are_named_by_their_type(content_type: str, kind: IncomingKind) -> None:
    media = {"NumMedia": "1", "MediaContentType0": content_type, "MediaUrl0": "https://api.twilio.com/m"}
    assert parsed(WHATSAPP | media).kind is kind
    assert parsed(WHATSAPP | media).text == "Hallo"


def test_a_location_is_recognised() -> None:
    assert parsed(WHATSAPP | {"Body": "", "Latitude": "51.1", "Longitude": "5.4"}).kind is IncomingKind.LOCATION


def test_a_message_without_anything_that_we_know_is_other() -> None:
    assert parsed(WHATSAPP | {"Body": ""}).kind is IncomingKind.OTHER


def test_a_pressed_button_gives_its_payload_and_its_words() -> None:
    incoming = parsed(WHATSAPP | {"Body": "Ja", "ButtonText": "Ja", "ButtonPayload": "report:yes"})
    assert (incoming.kind, incoming.choice, incoming.text) == (IncomingKind.CHOICE, "report:yes", "Ja")


def test_an_answer_names_the_message_that_it_answers() -> None:
    assert parsed(WHATSAPP | {"OriginalRepliedMessageSid": "MM9"}).quoted == "MM9"


@pytest.mark.parametrize("flag", ["STOP", "START", "HELP"])
def test_twilios_own_opt_out_flags_become_keywords(flag: str) -> None:
    assert parsed(SMS | {"OptOutType": flag}).keyword == flag.lower()


@pytest.mark.parametrize("change", [{"MessageSid": ""}, {"From": ""}, {"From": "messenger:123"}])
def test_what_is_no_sms_or_whatsapp_message_is_left_alone(change: dict[str, str]) -> None:
    assert parse(list((SMS | change).items())) is None


def test_a_status_names_message_status_and_error() -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "Undelivered", "ErrorCode": "30005", "To": "whatsapp:+32470123456"}
    assert parse_status(list(form.items())) == StatusReport("SM1", "undelivered", 30005, "+32470123456")


@pytest.mark.parametrize("code", ["", "0", "abc", "²", "9" * 5000])
def test_a_status_without_a_usable_code_has_none(code: str) -> None:
    status = parse_status([("SmsSid", "SM1"), ("SmsStatus", "delivered"), ("ErrorCode", code)])
    assert status == StatusReport("SM1", "delivered", None, "")


def test_a_form_without_message_or_status_is_no_status() -> None:
    assert parse_status([("MessageSid", "SM1")]) is None
    assert parse_status([("MessageStatus", "sent")]) is None


NAMES = st.sampled_from([*WHATSAPP, "MessageStatus", "ErrorCode", "OptOutType", "MediaContentType0", "ButtonPayload"])
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=20)


@given(st.lists(st.tuples(NAMES | ANYTHING, ANYTHING), max_size=20))
def test_any_form_is_read_without_an_error(form: list[tuple[str, str]]) -> None:
    incoming = parse(form)
    parse_status(form)
    if incoming:
        incoming.text.encode()

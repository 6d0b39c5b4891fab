"""One outgoing message as the parameters of Twilio's Messages API."""

import json
from datetime import timedelta

import pytest

from messaging.channel import Choice, Failure, Outgoing, SendError, Template
from messaging.incoming import ChannelKind
from messaging.twilio.errors import failure_of, refusal
from messaging.twilio.message import parameters

SMS, WHATSAPP = ChannelKind.SMS, ChannelKind.WHATSAPP
TO, OURS, SERVICE = "+32470123456", "+32460000000", "MG" + "0" * 32


def test_both_ends_of_whatsapp_carry_its_prefix() -> None:
    assert parameters(WHATSAPP, OURS, TO, Outgoing("Dag")) == {
        "to": "whatsapp:+32470123456",
        "from_": "whatsapp:+32460000000",
        "body": "Dag",
    }


def test_a_messaging_service_chooses_the_number_itself() -> None:
    assert parameters(SMS, SERVICE, TO, Outgoing("Dag")) == {"to": TO, "messaging_service_sid": SERVICE, "body": "Dag"}


def test_choices_are_numbered_below_the_text() -> None:
    choices = (Choice("a", "Papier"), Choice("b", "Glas"))
    assert (
        parameters(SMS, OURS, TO, Outgoing("Wat bedoelt u?", choices))["body"] == "Wat bedoelt u?\n1. Papier\n2. Glas"
    )


def test_a_template_replaces_the_text_and_its_blanks_hold_no_line_breaks() -> None:
    template = Template("HX1", {"1": "Gaslek\n in de\tDorpsstraat ", "2": "nu"})
    sent = parameters(WHATSAPP, OURS, TO, Outgoing("tekst", (Choice("a", "Ja"),), template=template))
    assert "body" not in sent
    assert sent["content_sid"] == "HX1"
    assert json.loads(str(sent["content_variables"])) == {"1": "Gaslek in de Dorpsstraat", "2": "nu"}


def test_an_sms_has_no_template_and_sends_the_text() -> None:
    assert parameters(SMS, OURS, TO, Outgoing("tekst", template=Template("HX1", {})))["body"] == "tekst"


@pytest.mark.parametrize(
    ("valid_for", "seconds"),
    [(timedelta(seconds=1), 1), (timedelta(minutes=30, milliseconds=999), 1800), (timedelta(days=3), 36_000)],
)
def test_the_validity_is_in_whole_seconds_up_to_ten_hours(valid_for: timedelta, seconds: int) -> None:
    assert parameters(SMS, OURS, TO, Outgoing("x", valid_for=valid_for))["validity_period"] == seconds


def test_the_status_callback_is_passed_on() -> None:
    url = "https://lindebeke.example/webhooks/twilio/sms/status?delivery=7"
    assert parameters(SMS, OURS, TO, Outgoing("x", status_callback=url))["status_callback"] == url


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (Outgoing(" \n"), "empty"),
        (Outgoing("a" * 1601), "too_long"),
        (Outgoing("a" * 1595, (Choice("a", "Papier"),)), "too_long"),
        (Outgoing("x", valid_for=timedelta(milliseconds=900)), "expired"),
        (Outgoing("x", valid_for=timedelta(seconds=-5)), "expired"),
    ],
)
def test_what_twilio_would_refuse_is_refused_without_a_request(message: Outgoing, code: str) -> None:
    with pytest.raises(SendError) as refused:
        parameters(SMS, OURS, TO, message)
    assert (refused.value.failure, refused.value.code) == (Failure.REJECTED, code)


@pytest.mark.parametrize(
    ("codes", "failure"),
    [
        ((20429, 63018, 21611, 30001), Failure.RATE_LIMITED),
        ((21610, 63014), Failure.BLOCKED),
        ((21211, 21614, 21635, 30005, 30006, 63003, 63024), Failure.BAD_ADDRESS),
        ((63016,), Failure.WINDOW_CLOSED),
        ((20003,), Failure.UNAUTHORIZED),
        ((30003, 30004, 30007, 30036, 21617, 99999), Failure.REJECTED),
    ],
)
def test_each_code_of_twilio_says_what_to_do(codes: tuple[int, ...], failure: Failure) -> None:
    assert {failure_of(code) for code in codes} == {failure}


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (307, Failure.UNKNOWN),
        (400, Failure.REJECTED),
        (401, Failure.UNAUTHORIZED),
        (403, Failure.UNAUTHORIZED),
        (429, Failure.RATE_LIMITED),
    ],
)
def test_an_answer_without_a_code_is_judged_by_its_status(status: int, failure: Failure) -> None:
    assert refusal(status, None).failure is failure
    assert refusal(status, status).failure is failure

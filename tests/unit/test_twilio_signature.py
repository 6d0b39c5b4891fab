"""Whether a webhook comes from Twilio."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from messaging.twilio.webhook import signature_valid

TOKEN = "0123456789abcdef0123456789abcdef"
URL = "https://berichten.lindebeke.example/webhooks/twilio/sms"
FORM = [("From", "+32470123456"), ("Body", "Wanneer é 😀?"), ("MessageSid", "SM1")]


def signed(url: str, form: dict[str, str]) -> str:
    return str(RequestValidator(TOKEN).compute_signature(url, form))


def test_a_genuine_form_is_valid() -> None:
    assert signature_valid(TOKEN, URL, FORM, signed(URL, dict(FORM)))


def test_the_example_of_twilios_documentation_is_valid() -> None:
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    form = [
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", "+14158675310"),
        ("Digits", "1234"),
        ("From", "+14158675310"),
        ("To", "+18005551212"),
    ]
    assert signature_valid("12345", url, form, "GvWf1cFY/Q7PnoempGyD5oXAezc=")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (URL, URL.replace(".example", ".example:443")),
        (URL.replace(".example", ".example:443"), URL),
        ("http://10.0.0.1:8000/a", "http://10.0.0.1/a"),
    ],
)
def test_twilio_may_have_signed_with_or_without_the_port(ours: str, theirs: str) -> None:
    assert signature_valid(TOKEN, ours, FORM, signed(theirs, dict(FORM)))


def test_a_field_that_comes_twice_is_signed_with_both_values() -> None:
    twice = [("MediaUrl", "b"), ("MediaUrl", "a")]
    genuine = signed(URL + "MediaUrla", {"MediaUrl": "b"})
    assert signature_valid(TOKEN, URL, twice, genuine)
    assert not signature_valid(TOKEN, URL, twice[:1], genuine)


def test_a_json_body_is_valid_by_its_hash_in_the_signed_url() -> None:
    body = '{"a": "é"}'.encode()
    url = f"{URL}?bodySHA256={sha256(body).hexdigest()}"
    assert signature_valid(TOKEN, url, body, signed(url, {}))
    assert not signature_valid(TOKEN, url, body + b" ", signed(url, {}))
    assert not signature_valid(TOKEN, URL, body, signed(URL, {}))


@pytest.mark.parametrize(
    ("url", "form"),
    [
        (URL + "/status", FORM),
        (URL + "?x=1", FORM),
        (URL, FORM[:2]),
        (URL, [*FORM, ("Extra", "1")]),
        (URL, [("From", "+32470123457"), *FORM[1:]]),
    ],
)
def test_any_change_of_address_or_fields_is_refused(url: str, form: list[tuple[str, str]]) -> None:
    assert not signature_valid(TOKEN, url, form, signed(URL, dict(FORM)))


def test_a_missing_signature_or_an_empty_token_is_refused() -> None:
    assert not signature_valid(TOKEN, URL, FORM, None)
    assert not signature_valid(TOKEN, URL, FORM, "")
    assert not signature_valid(TOKEN, URL, [("Body", "\ud800")], "")
    assert not signature_valid("", URL, FORM, str(RequestValidator("").compute_signature(URL, dict(FORM))))


ANYTHING = st.text(st.characters(exclude_categories=()), max_size=20)


@given(st.lists(st.tuples(ANYTHING, ANYTHING)) | st.binary(), ANYTHING)
def test_nothing_made_up_is_valid_and_nothing_raises(sent: list[tuple[str, str]] | bytes, given_signature: str) -> None:
    assert not signature_valid(TOKEN, URL, sent, given_signature)

"""TwilioChannel against a Messages API on loopback."""

import socket
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from messaging.channel import Accepted, Choice, Failure, Outgoing, SendError, Template
from messaging.exchange import open_session
from messaging.incoming import ChannelKind
from messaging.twilio.channel import Found, TwilioChannel
from storage.errors import ConfigurationError
from tests.contract.channel_loopback import (
    ACCOUNT,
    AUTH_TOKEN,
    OURS,
    TWILIO_SENT,
    Answer,
    Loopback,
    answering,
    loopback,
)

TO = "+32470123456"
CALLBACK = "https://lindebeke.example/webhooks/twilio/sms/status?delivery=7"

CREDENTIALS: dict[str, Any] = {"account_sid": ACCOUNT, "auth_token": AUTH_TOKEN, "sender": OURS}


@asynccontextmanager
async def sender(kind: ChannelKind, answer: Answer) -> AsyncIterator[tuple[TwilioChannel, Loopback]]:
    async with loopback(answer) as provider, open_session() as session:
        yield TwilioChannel(kind, **CREDENTIALS, session=session, base_url=provider.address + "/"), provider


async def test_an_sms_arrives_whole_and_signed_in() -> None:
    async with sender(ChannelKind.SMS, answering(TWILIO_SENT, 201)) as (channel, provider):
        text = "Één, “twee” & <drie>: 100% + 😀"
        message = Outgoing(text, (Choice("a", "Ja"),), valid_for=timedelta(hours=1), status_callback=CALLBACK)
        assert await channel.send(TO, message) == Accepted("SM" + "1" * 32)
        (request,) = provider.received
        assert (request.method, request.path) == ("POST", f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json")
        assert request.form == {
            "To": TO,
            "From": OURS,
            "Body": f"{text}\n1. Ja",
            "ValidityPeriod": "3600",
            "StatusCallback": CALLBACK,
        }
        credentials = b64encode(f"{ACCOUNT}:{AUTH_TOKEN}".encode()).decode()
        assert request.headers["Authorization"] == f"Basic {credentials}"
        assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"


async def test_a_whatsapp_template_leaves_with_its_blanks() -> None:
    async with sender(ChannelKind.WHATSAPP, answering(TWILIO_SENT, 201)) as (channel, provider):
        await channel.send(TO, Outgoing("tekst", template=Template("HX" + "2" * 32, {"1": "Gaslek"})))
        assert provider.received[0].form == {
            "To": f"whatsapp:{TO}",
            "From": f"whatsapp:{OURS}",
            "ContentSid": "HX" + "2" * 32,
            "ContentVariables": '{"1": "Gaslek"}',
        }


@pytest.mark.parametrize(
    ("status", "code", "failure"),
    [
        (400, 21610, Failure.BLOCKED),
        (400, 21211, Failure.BAD_ADDRESS),
        (400, 21611, Failure.RATE_LIMITED),
        (400, 63016, Failure.WINDOW_CLOSED),
        (401, 20003, Failure.UNAUTHORIZED),
        (429, 63018, Failure.RATE_LIMITED),
        (400, 12345, Failure.REJECTED),
    ],
)
async def test_each_refusal_says_what_to_do(status: int, code: int, failure: Failure) -> None:
    plain = {"code": code, "message": "no", "status": status}
    by_rfc_9457 = {"type": "about:blank", "title": "no", "code": code, "status": status}
    for body in (plain, by_rfc_9457):
        async with sender(ChannelKind.WHATSAPP, answering(body, status)) as (channel, _):
            with pytest.raises(SendError) as error:
                await channel.send(TO, Outgoing("x"))
            assert (error.value.failure, error.value.code) == (failure, str(code))


async def test_a_refusal_without_twilios_code_is_judged_by_its_status() -> None:
    async with sender(ChannelKind.SMS, answering("<html>", 403)) as (channel, _):
        with pytest.raises(SendError) as error:
            await channel.send(TO, Outgoing("x"))
        assert (error.value.failure, error.value.code) == (Failure.UNAUTHORIZED, "403")


async def test_an_unknown_outcome_is_looked_up_by_number_and_moment() -> None:
    known = TWILIO_SENT | {"body": "Dag", "status": "failed", "error_code": 30005}
    known |= {"date_created": "Thu, 24 Aug 2023 05:01:45 +0000"}
    async with sender(ChannelKind.WHATSAPP, answering({"messages": [known], "page": 0})) as (channel, provider):
        since = datetime(2023, 8, 24, 7, 0, tzinfo=timezone(timedelta(hours=2)))
        created = datetime(2023, 8, 24, 5, 1, 45, tzinfo=UTC)
        assert await channel.find(TO, since) == [Found("SM" + "1" * 32, "failed", 30005, "Dag", created)]
        (request,) = provider.received
        assert (request.method, request.form) == ("GET", {})
        assert request.query == {"To": f"whatsapp:{TO}", "DateSent>": "2023-08-24T05:00:00Z", "PageSize": "50"}


async def test_nothing_sent_is_found_as_nothing() -> None:
    async with sender(ChannelKind.SMS, answering({"messages": [], "page": 0})) as (channel, _):
        assert await channel.find(TO, datetime(2023, 8, 24, tzinfo=UTC)) == []


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (answering({"code": 20003}, 401), Failure.UNAUTHORIZED),
        (answering({"code": 20429}, 429), Failure.RATE_LIMITED),
        (answering("", 503), Failure.UNKNOWN),
        (answering("{}"), Failure.UNKNOWN),
    ],
)
async def test_a_look_up_fails_as_sending_does(answer: Answer, failure: Failure) -> None:
    async with sender(ChannelKind.SMS, answer) as (channel, _):
        with pytest.raises(SendError) as error:
            await channel.find(TO, datetime(2023, 8, 24, tzinfo=UTC))
        assert error.value.failure is failure


async def test_the_librarys_own_environment_variables_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    hosts: list[str] = []

    def look_up(host: str, *_: object, **__: object) -> None:
        hosts.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setenv("TWILIO_REGION", "au1")
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    async with open_session() as session:
        channel = TwilioChannel(ChannelKind.SMS, **CREDENTIALS, session=session)
        with pytest.raises(SendError, match="not_sent"):
            await channel.send(TO, Outgoing("x"))
    assert set(hosts) == {"api.twilio.com"}


@pytest.mark.parametrize("empty", ["account_sid", "auth_token", "sender"])
async def test_empty_credentials_are_refused_at_the_start(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "from elsewhere")
    async with open_session() as session:
        with pytest.raises(ConfigurationError, match="one is empty"):
            TwilioChannel(ChannelKind.SMS, **CREDENTIALS | {empty: ""}, session=session)

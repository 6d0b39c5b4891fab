"""No token, number or text of ours reaches a log or the words of an error."""

import logging
import traceback
from collections.abc import Awaitable
from datetime import UTC, datetime

import pytest

from messaging.channel import Channel, ChannelKind, Choice, Outgoing, SendError
from messaging.telegram.channel import TelegramChannel
from messaging.twilio.channel import TwilioChannel
from tests.contract.channel_loopback import (
    ADDRESS,
    AUTH_TOKEN,
    SENT,
    TOKEN,
    Answer,
    answering,
    channel,
    half,
    loopback,
    reset,
    silence,
)
from tests.ports import free_port

TEXT = "Er ruikt gas in de Dorpsstraat"
SECRETS = (TOKEN, AUTH_TOKEN, TEXT, "+32470123456", "Dorpsstraat")
MESSAGE = Outgoing(TEXT, (Choice("a", TEXT),))
ECHO = {"ok": False, "description": f"Bad Request: {TEXT}", "code": 21211, "message": TEXT}


async def outcome(request: Awaitable[object]) -> str:
    """What a log would show of the error, where it came from included."""
    try:
        await request
    except SendError as error:
        return "".join(traceback.format_exception(error))
    return ""


async def use(sender: Channel, kind: ChannelKind) -> str:
    shown = await outcome(sender.send(ADDRESS[kind], MESSAGE))
    if isinstance(sender, TelegramChannel):
        shown += await outcome(sender.edit("42:7", MESSAGE)) + await outcome(sender.get_updates(1, 0))
        shown += await outcome(sender.set_webhook("https://lindebeke.example/x", AUTH_TOKEN))
        await sender.send_typing("42")
    if isinstance(sender, TwilioChannel):
        shown += await outcome(sender.find(ADDRESS[kind], datetime(2023, 1, 1, tzinfo=UTC)))
    return shown


@pytest.mark.parametrize("kind", list(ChannelKind))
@pytest.mark.parametrize(
    "answer",
    [
        None,
        answering(ECHO, 400),
        answering(ECHO, 403),
        answering(ECHO, 429),
        answering(ECHO, 500),
        answering(f"<html>{TEXT}", 400),
        answering(f"<html>{TEXT}"),
        reset,
        half,
        silence,
    ],
    ids=["sent", "400", "403", "429", "500", "400 html", "200 html", "reset", "half", "silence"],
)
async def test_neither_success_nor_failure_tells(
    kind: ChannelKind, answer: Answer | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with (
        loopback(answer or answering(SENT[kind])) as provider,
        channel(kind, provider.address, answer_within=0.2) as sender,
    ):
        shown = await use(sender, kind) + caplog.text
        assert provider.received
        assert [secret for secret in SECRETS if secret in shown] == []


@pytest.mark.parametrize("kind", list(ChannelKind))
async def test_a_provider_that_is_away_tells_nothing(kind: ChannelKind, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with channel(kind, f"http://127.0.0.1:{free_port()}") as sender:
        shown = await use(sender, kind) + caplog.text
        assert "not_sent" in shown
        assert [secret for secret in SECRETS if secret in shown] == []

"""What a channel says when the provider or the network fails: was the message surely not sent, or is that unknown?"""

import asyncio
import socket
import struct

import pytest

from messaging.channel import Channel, ChannelKind, Failure, Outgoing, SendError
from tests.contract.channel_loopback import (
    ADDRESS,
    SENT,
    Answer,
    answering,
    channel,
    half,
    loopback,
    reset,
    silence,
)
from tests.ports import free_port

pytestmark = pytest.mark.parametrize("kind", list(ChannelKind))
RST_ON_CLOSE = struct.pack("ii", 1, 0)


async def failure(sender: Channel, kind: ChannelKind) -> SendError:
    with pytest.raises(SendError) as refused:
        await sender.send(ADDRESS[kind], Outgoing("Dag"))
    return refused.value


async def test_a_refused_connection_is_surely_not_sent(kind: ChannelKind) -> None:
    async with channel(kind, f"http://127.0.0.1:{free_port()}") as sender:
        assert (await failure(sender, kind)).failure is Failure.NOT_SENT


async def test_an_unknown_host_is_surely_not_sent(kind: ChannelKind, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    async with channel(kind, "http://nowhere.invalid") as sender:
        assert (await failure(sender, kind)).failure is Failure.NOT_SENT


async def test_a_provider_that_speaks_no_tls_is_surely_not_sent(kind: ChannelKind) -> None:
    async with (
        loopback(answering(SENT[kind])) as provider,
        channel(kind, provider.address.replace("http:", "https:")) as sender,
    ):
        assert (await failure(sender, kind)).failure is Failure.NOT_SENT
        assert provider.received == []


async def test_a_closed_session_is_surely_not_sent(kind: ChannelKind) -> None:
    async with loopback(answering(SENT[kind])) as provider:
        async with channel(kind, provider.address) as sender:
            pass
        assert (await failure(sender, kind)).failure is Failure.NOT_SENT
        assert provider.received == []


async def test_a_reset_before_the_request_is_read_is_unknown(kind: ChannelKind) -> None:
    async def slam(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST_ON_CLOSE)
        writer.close()

    port = free_port()
    async with (
        await asyncio.start_server(slam, "127.0.0.1", port),
        channel(kind, f"http://127.0.0.1:{port}") as sender,
    ):
        assert (await failure(sender, kind)).failure is Failure.UNKNOWN


@pytest.mark.parametrize("answer", [reset, half], ids=["before the answer", "within the answer"])
async def test_a_reset_after_the_request_is_unknown_and_it_is_never_repeated(kind: ChannelKind, answer: Answer) -> None:
    async with loopback(answering(SENT[kind])) as provider, channel(kind, provider.address) as sender:
        await sender.send(ADDRESS[kind], Outgoing("eerst"))  # the second travels over a connection that stood
        provider.answer = answer
        assert (await failure(sender, kind)).failure is Failure.UNKNOWN
        assert len(provider.received) == 2


async def test_silence_is_unknown(kind: ChannelKind) -> None:
    async with loopback(silence) as provider, channel(kind, provider.address, answer_within=0.2) as sender:
        refused = await failure(sender, kind)
        assert (refused.failure, refused.code) == (Failure.UNKNOWN, "timeout")
        assert len(provider.received) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("body", [{"ok": False, "code": 20500}, "<html>Bad gateway</html>"])
async def test_a_failure_of_the_provider_is_unknown_and_never_repeated(
    kind: ChannelKind, status: int, body: object
) -> None:
    async with loopback(answering(body, status)) as provider, channel(kind, provider.address) as sender:
        refused = await failure(sender, kind)
        assert (refused.failure, refused.code) == (Failure.UNKNOWN, str(status))
        assert len(provider.received) == 1


@pytest.mark.parametrize(
    "body", ["", "<html>", "[]", "{}", '{"ok": true, "result": {}}', '{"result": 1}', '{"sid": 1}']
)
async def test_a_success_that_cannot_be_read_is_unknown(kind: ChannelKind, body: str) -> None:
    async with loopback(answering(body)) as provider, channel(kind, provider.address) as sender:
        assert (await failure(sender, kind)).failure is Failure.UNKNOWN


async def test_a_redirect_is_not_followed(kind: ChannelKind) -> None:
    elsewhere = answering("", 307, {"Location": "/elsewhere"})
    async with loopback(elsewhere) as provider, channel(kind, provider.address) as sender:
        assert (await failure(sender, kind)).failure is Failure.UNKNOWN
        assert len(provider.received) == 1


@pytest.mark.parametrize("body", [{"ok": False, "code": 20429}, "slow down"])
async def test_too_many_requests_are_surely_not_sent_and_say_how_long_to_wait(kind: ChannelKind, body: object) -> None:
    hasty = answering(body, 429, {"Retry-After": "7"})
    async with loopback(hasty) as provider, channel(kind, provider.address) as sender:
        refused = await failure(sender, kind)
        assert (refused.failure, refused.retry_after) == (Failure.RATE_LIMITED, 7.0)


@pytest.mark.parametrize("text", ["", " \n ", "a" * 5000])
async def test_what_the_provider_would_refuse_costs_no_request(kind: ChannelKind, text: str) -> None:
    async with loopback(answering(SENT[kind])) as provider, channel(kind, provider.address) as sender:
        with pytest.raises(SendError) as refused:
            await sender.send(ADDRESS[kind], Outgoing(text))
        assert refused.value.failure is Failure.REJECTED
        assert provider.received == []

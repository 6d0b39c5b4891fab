"""Faults on order hit the requests that were meant, and the log tells what the application cannot know."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from telegram import Bot
from telegram.error import ChatMigrated, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import HTTPXRequest
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]

from simulator.options import Options
from tests.contract.far_end import SMS, TOKEN, FarEnd, running

CHAT = 1001


@pytest.fixture
async def far_end() -> AsyncIterator[FarEnd]:
    async with running(Options(statuses=(), any_chat=True)) as found:
        yield found


@pytest.fixture
async def bot(far_end: FarEnd) -> AsyncIterator[Bot]:
    request = HTTPXRequest(read_timeout=0.3)
    async with Bot(TOKEN, base_url=far_end.simulator.telegram_base_url, request=request) as found:
        yield found


async def test_a_rate_limit_names_the_time_to_wait_and_passes(far_end: FarEnd, bot: Bot) -> None:
    await far_end.control.fault("rate_limited", method="sendMessage", retry_after=7)
    with pytest.raises(RetryAfter, match="7 seconds"):
        await bot.send_message(CHAT, "Hallo")
    assert await bot.send_message(CHAT, "Hallo")


async def test_a_fault_hits_as_often_as_ordered_after_those_skipped(far_end: FarEnd, bot: Bot) -> None:
    await far_end.control.fault("server_error", skip=1, count=2, method="sendMessage")
    results = []
    for _ in range(4):
        try:
            results.append(bool(await bot.send_message(CHAT, "Hallo")))
        except NetworkError:
            results.append(False)
    assert results == [True, False, False, True]


async def test_a_fault_hits_only_its_address(far_end: FarEnd, bot: Bot) -> None:
    await far_end.control.fault("refused", address="1002", status=403, description="Forbidden: user is deactivated")
    assert await bot.send_message(CHAT, "Hallo")
    with pytest.raises(TelegramError, match="deactivated"):
        await bot.send_message(1002, "Hallo")


async def test_a_group_that_became_another_names_it(far_end: FarEnd, bot: Bot) -> None:
    await far_end.control.fault("refused", migrate_to=-100123)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(CHAT, "Hallo")
    assert moved.value.new_chat_id == -100123


async def test_a_fault_without_count_lasts_until_it_is_cleared(far_end: FarEnd, bot: Bot) -> None:
    await far_end.control.fault("server_error", count=None)
    for _ in range(3):
        with pytest.raises(NetworkError):
            await bot.send_message(CHAT, "Hallo")
    await far_end.control.clear_faults()
    assert await bot.send_message(CHAT, "Hallo")


@pytest.mark.parametrize(("kind", "taken"), [("timeout_before", False), ("timeout_after", True)])
async def test_a_time_out_comes_before_or_after_the_message_is_taken(
    far_end: FarEnd, bot: Bot, kind: str, taken: bool
) -> None:
    await far_end.control.fault(kind)
    with pytest.raises(TimedOut):
        await bot.send_message(CHAT, "Hallo")
    log = await far_end.control.log()
    assert [entry.get("uncertain") for entry in log if entry["event"] == "accepted"] == [True] * taken


@pytest.mark.parametrize(("kind", "taken"), [("reset_before", False), ("reset_after", True)])
async def test_a_reset_comes_before_or_after_the_message_is_taken(far_end: FarEnd, kind: str, taken: bool) -> None:
    await far_end.control.fault(kind, method="Messages.create")
    account = far_end.simulator.world.account
    url = f"{far_end.simulator.base_url}/2010-04-01/Accounts/{account.sid}/Messages.json"
    headers = {"Authorization": aiohttp.encode_basic_auth(account.sid, account.token)}
    form = {"To": "+32470000001", "From": SMS, "Body": "Gaslek"}
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientOSError):
            await session.post(url, data=form, headers=headers)
    log = await far_end.control.log()
    assert [entry.get("uncertain") for entry in log if entry["event"] == "accepted"] == [True] * taken


async def test_a_time_out_ends_in_a_reset_when_the_client_waits_longer(far_end: FarEnd) -> None:
    await far_end.control.fault("timeout_before", method="sendMessage", seconds=0.05)
    async with far_end.bot() as patient:
        with pytest.raises(NetworkError, match=r"httpx\."):
            await patient.send_message(CHAT, "Hallo")


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"kind": "rate_limited", "retry_after": 3}, 429, 20429),
        ({"kind": "server_error"}, 500, 20500),
        ({"kind": "refused", "code": 30002, "status": 403}, 403, 30002),
    ],
)
async def test_twilio_fails_in_its_own_words(far_end: FarEnd, fault: dict[str, Any], status: int, code: int) -> None:
    await far_end.control.fault(**fault, method="Messages.create")
    create = far_end.twilio().messages.create
    with pytest.raises(TwilioRestException) as refused:
        await asyncio.to_thread(create, to="+32470000001", from_=SMS, body="Gaslek")
    assert (refused.value.status, refused.value.code) == (status, code)


async def test_latency_delays_the_answer_and_not_the_message(far_end: FarEnd, bot: Bot) -> None:
    await far_end.control.settings(latency=20.0)
    with pytest.raises(TimedOut):
        await bot.send_message(CHAT, "Hallo")
    assert (await far_end.control.counts())["telegram.accepted"] == 1

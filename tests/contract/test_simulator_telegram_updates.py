"""What persons do on Telegram reaches the bot by polling or by webhook, in the form that python-telegram-bot reads."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Conflict

from simulator.options import Options
from tests.contract.far_end import Application, FarEnd, application, running

CHAT = 1001


@pytest.fixture
async def far_end() -> AsyncIterator[FarEnd]:
    async with running(Options(redelivery_delay=0.01)) as found:
        await found.control.person("Fatima", chat_id=CHAT, language_code="fr")
        await found.control.person("Jef", chat_id=1002)
        yield found


@pytest.fixture
async def bot(far_end: FarEnd) -> AsyncIterator[Bot]:
    async with far_end.bot() as found:
        yield found


@pytest.fixture
async def ours() -> AsyncIterator[Application]:
    async with application() as found:
        yield found


async def test_a_poll_waits_for_the_message(far_end: FarEnd, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=5))
    await far_end.control.send("Fatima", "telegram", "Bonjour")
    (update,) = await poll
    assert update.message is not None
    assert (update.message.text, update.message.chat_id) == ("Bonjour", CHAT)
    assert update.message.from_user is not None
    assert (update.message.from_user.first_name, update.message.from_user.language_code) == ("Fatima", "fr")


async def test_an_update_comes_again_until_the_offset_passes_it(far_end: FarEnd, bot: Bot) -> None:
    for text in ("een", "twee", "drie"):
        await far_end.control.send("Fatima", "telegram", text)
    (first,) = await bot.get_updates(limit=1)
    assert (await bot.get_updates(limit=1))[0].update_id == first.update_id
    assert "telegram.taken" not in await far_end.control.counts()
    rest = await bot.get_updates(offset=first.update_id + 1)
    assert [update.message.text for update in rest if update.message] == ["twee", "drie"]
    assert (await far_end.control.counts())["telegram.taken"] == 1


async def test_a_second_poll_ends_the_first(far_end: FarEnd, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=20))
    async with far_end.bot() as other:
        second = asyncio.create_task(other.get_updates(timeout=20))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        await far_end.control.send("Fatima", "telegram", "Bonjour")
        assert len(await second) == 1


async def test_a_poll_beside_a_webhook_is_a_conflict(bot: Bot, ours: Application) -> None:
    await bot.set_webhook(ours.url)
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_photos_places_and_voice_notes_carry_no_text(far_end: FarEnd, bot: Bot) -> None:
    await far_end.control.send("Fatima", "telegram", "Zie", media="photo")
    await far_end.control.send("Fatima", "telegram", media="location", latitude=50.5, longitude=4.5)
    await far_end.control.send("Fatima", "telegram", media="voice")
    photo, place, voice = [update.message for update in await bot.get_updates()]
    assert photo
    assert photo.photo
    assert photo.caption == "Zie"
    assert place
    assert place.location
    assert place.location.latitude == 50.5
    assert voice
    assert voice.voice
    assert voice.text is None


async def test_a_pressed_button_is_a_callback_query_that_is_answered_once(far_end: FarEnd, bot: Bot) -> None:
    buttons = InlineKeyboardMarkup([[InlineKeyboardButton("Papier", callback_data="paper")]])
    sent = await bot.send_message(CHAT, "Waarover?", reply_markup=buttons)
    await far_end.control.press("Fatima", "telegram", f"{CHAT}:{sent.message_id}", "Papier")
    (update,) = await bot.get_updates()
    query = update.callback_query
    assert query
    assert query.message
    assert (query.data, query.message.message_id) == ("paper", sent.message_id)
    assert await bot.answer_callback_query(query.id)
    with pytest.raises(BadRequest, match=r"(?i)query ID is invalid"):
        await bot.answer_callback_query(query.id)


async def test_an_answer_quotes_the_alert(far_end: FarEnd, bot: Bot) -> None:
    alert = await bot.send_message(CHAT, "Gaslek")
    await far_end.control.send("Fatima", "telegram", "Ik ben veilig", quoted=f"{CHAT}:{alert.message_id}")
    (update,) = await bot.get_updates()
    assert update.message
    assert update.message.reply_to_message
    assert update.message.reply_to_message.message_id == alert.message_id


async def test_blocking_the_bot_is_told(far_end: FarEnd, bot: Bot) -> None:
    await far_end.control.block("Fatima")
    await far_end.control.block("Fatima", blocked=False)
    blocked, unblocked = [update.my_chat_member for update in await bot.get_updates()]
    assert blocked
    assert unblocked
    assert (blocked.old_chat_member.status, blocked.new_chat_member.status) == ("member", "kicked")
    assert unblocked.new_chat_member.status == "member"


async def test_only_the_kinds_asked_for_are_told(far_end: FarEnd, bot: Bot) -> None:
    await bot.get_updates(allowed_updates=["message"])
    await far_end.control.block("Fatima")
    await far_end.control.send("Fatima", "telegram", "Bonjour")
    assert [update.message is not None for update in await bot.get_updates()] == [True]


async def test_any_update_can_be_told(far_end: FarEnd, bot: Bot) -> None:
    await far_end.control.inject(
        "Fatima", "poll_answer", {"poll_id": "1", "option_ids": [0], "option_persistent_ids": []}
    )
    assert (await bot.get_updates())[0].poll_answer


async def test_a_webhook_carries_the_secret(far_end: FarEnd, bot: Bot, ours: Application) -> None:
    await bot.set_webhook(f"{ours.url}/webhooks/telegram/telegram", secret_token="s3cret")
    await far_end.control.send("Fatima", "telegram", "Bonjour")
    await far_end.control.until("taken")
    (request,) = ours.received
    assert request.path == "/webhooks/telegram/telegram"
    assert request.headers["x-telegram-bot-api-secret-token"] == "s3cret"
    update = Update.de_json(json.loads(request.body), bot)
    assert update.message
    assert update.message.text == "Bonjour"


async def test_a_public_webhook_is_reached_by_its_route(far_end: FarEnd, bot: Bot, ours: Application) -> None:
    await far_end.control.route("https://berichten.lindebeke.example", ours.url)
    await bot.set_webhook("https://berichten.lindebeke.example/hook")
    await far_end.control.send("Fatima", "telegram", "Bonjour")
    await far_end.control.until("taken")
    assert [request.path for request in ours.received] == ["/hook"]


async def test_a_webhook_must_be_https_outside_loopback(bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"(?i)HTTPS"):
        await bot.set_webhook("http://berichten.lindebeke.example/hook")


async def test_what_the_application_refused_is_delivered_again_and_in_order(
    far_end: FarEnd, bot: Bot, ours: Application
) -> None:
    ours.answers = [web.Response(status=500), web.Response(status=503)]
    await bot.set_webhook(ours.url)
    await far_end.control.send("Fatima", "telegram", "een")
    last = await far_end.control.send("Fatima", "telegram", "twee")
    await far_end.control.until("taken", provider_id=last)
    texts = [json.loads(request.body)["message"]["text"] for request in ours.received]
    assert texts == ["een", "een", "een", "twee"]
    assert (await far_end.control.counts())["telegram.lost"] == 2


async def test_updates_that_waited_go_to_a_new_webhook(far_end: FarEnd, bot: Bot, ours: Application) -> None:
    await far_end.control.send("Fatima", "telegram", "Bonjour")
    assert (await bot.get_webhook_info()).pending_update_count == 1
    await bot.set_webhook(ours.url)
    await far_end.control.until("taken")
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count) == (ours.url, 0)


async def test_updates_that_waited_can_be_dropped(far_end: FarEnd, bot: Bot) -> None:
    await far_end.control.send("Fatima", "telegram", "Bonjour")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()

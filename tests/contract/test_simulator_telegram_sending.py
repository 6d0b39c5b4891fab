"""The far end takes and refuses what python-telegram-bot sends as Telegram itself does."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.constants import ChatAction
from telegram.error import BadRequest, EndPointNotFound, Forbidden, InvalidToken, RetryAfter

from simulator.options import Options
from tests.contract.far_end import TOKEN, FarEnd, running

CHAT = 1001


@pytest.fixture
async def far_end() -> AsyncIterator[FarEnd]:
    async with running() as found:
        await found.control.person("Fatima", chat_id=CHAT, language_code="fr")
        yield found


@pytest.fixture
async def bot(far_end: FarEnd) -> AsyncIterator[Bot]:
    async with far_end.bot() as found:
        yield found


async def test_a_message_with_buttons_is_logged_as_it_reached_the_person(far_end: FarEnd, bot: Bot) -> None:
    buttons = InlineKeyboardMarkup([[InlineKeyboardButton("Papier", callback_data="paper")]])
    sent = await bot.send_message(CHAT, "Waarover gaat het? é 😀 سلام", reply_markup=buttons)
    entry = await far_end.control.until("accepted")
    assert sent.text == entry["text"] == "Waarover gaat het? é 😀 سلام"
    assert sent.reply_markup == buttons
    assert entry["choices"] == [["Papier", "paper"]]
    assert entry["provider_id"] == f"{CHAT}:{sent.message_id}"
    assert (entry["person"], entry["address"], entry["channel"]) == ("Fatima", str(CHAT), "telegram")
    assert await far_end.control.violations() == []


async def test_a_reply_quotes_the_message_that_it_answers(far_end: FarEnd, bot: Bot) -> None:
    question = await far_end.control.send("Fatima", "telegram", "Open?")
    number = int(question.partition(":")[2])
    sent = await bot.send_message(CHAT, "Ja.", reply_parameters=ReplyParameters(number))
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "Open?"
    assert (await far_end.control.until("accepted"))["quoted"] == question


async def test_a_reply_to_a_message_that_does_not_exist_is_refused(bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"(?i)message to be replied not found"):
        await bot.send_message(CHAT, "Ja.", reply_parameters=ReplyParameters(999))


async def test_an_edit_replaces_the_text_and_the_buttons(far_end: FarEnd, bot: Bot) -> None:
    buttons = InlineKeyboardMarkup([[InlineKeyboardButton("Ja", callback_data="yes")]])
    sent = await bot.send_message(CHAT, "Gaslek", reply_markup=buttons)
    edited = await bot.edit_message_text("Einde alarm", CHAT, sent.message_id)
    assert not isinstance(edited, bool)
    assert (edited.text, edited.reply_markup, edited.message_id) == ("Einde alarm", None, sent.message_id)
    entry = await far_end.control.until("edited")
    assert (entry["text"], entry["provider_id"]) == ("Einde alarm", f"{CHAT}:{sent.message_id}")
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("Einde alarm", CHAT, sent.message_id)


async def test_photos_are_uploaded_and_places_sent(far_end: FarEnd, bot: Bot) -> None:
    photo = await bot.send_photo(CHAT, b"\x89PNG picture", caption="De omleiding")
    place = await bot.send_location(CHAT, 50.9, 4.2)
    assert photo.caption == "De omleiding"
    assert photo.photo
    assert place.location is not None
    assert (place.location.latitude, place.location.longitude) == (50.9, 4.2)
    assert [entry.get("media") for entry in await far_end.control.log()] == ["photo", "location"]


async def test_the_calls_that_show_nothing_work(far_end: FarEnd, bot: Bot) -> None:
    assert (await bot.get_me()).username == "lindebeke_bot"
    assert await bot.set_my_commands([BotCommand("stop", "Geen berichten meer")])
    assert await bot.send_chat_action(CHAT, ChatAction.TYPING)
    assert (await far_end.control.until("typing"))["address"] == str(CHAT)


async def test_a_file_is_found_and_fetched(far_end: FarEnd) -> None:
    bot = Bot(
        TOKEN,
        base_url=far_end.simulator.telegram_base_url,
        base_file_url=f"{far_end.simulator.base_url}/file/bot",
    )
    async with bot:
        file = await bot.get_file("photo-000000000001")
        assert await file.download_as_bytearray()


@pytest.mark.parametrize("chat", [CHAT, str(CHAT)])
async def test_json_bodies_are_read_as_well(far_end: FarEnd, chat: int | str) -> None:
    body: dict[str, Any] = {"chat_id": chat, "text": "Hallo", "reply_markup": {"inline_keyboard": []}}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{far_end.simulator.telegram_base_url}{TOKEN}/sendMessage", json=body) as answer,
    ):
        assert (await answer.json())["result"]["chat"]["id"] == CHAT


async def test_an_unknown_token_is_unauthorized(far_end: FarEnd) -> None:
    with pytest.raises(InvalidToken):
        await far_end.bot("7000002:somebody-else").get_me()
    assert (await far_end.control.until("refused"))["code"] == "401"


async def test_an_unknown_method_is_not_found(bot: Bot) -> None:
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendPigeon")


async def test_an_unknown_chat_is_refused(far_end: FarEnd, bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.send_message(555, "Hallo")
    assert (await far_end.control.until("refused"))["address"] == "555"
    assert await far_end.control.violations() == []


async def test_who_blocked_the_bot_is_not_reached_until_they_take_it_back(far_end: FarEnd, bot: Bot) -> None:
    await far_end.control.block("Fatima")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(CHAT, "Hallo")
    await far_end.control.block("Fatima", blocked=False)
    assert await bot.send_message(CHAT, "Hallo")


@pytest.mark.parametrize(
    ("text", "reason"), [("", "text is empty"), ("  \n", "text is empty"), ("x" * 4097, "message is too long")]
)
async def test_texts_outside_the_limits_are_refused(far_end: FarEnd, bot: Bot, text: str, reason: str) -> None:
    assert await bot.send_message(CHAT, "x" * 4096)
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await bot.send_message(CHAT, text)


async def test_a_button_carries_at_most_64_bytes(far_end: FarEnd, bot: Bot) -> None:
    async def send(data: str) -> None:
        await bot.send_message(
            CHAT, "?", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data=data)]])
        )

    await send("é" * 32)
    with pytest.raises(BadRequest, match=r"(?i)BUTTON_DATA_INVALID"):
        await send("é" * 32 + "x")


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"chat_id": CHAT, "text": "a", "colour": "red"}, "colour is unknown"),
        ({"chat_id": "here", "text": "a"}, "chat_id must be an integer"),
        ({"chat_id": CHAT, "text": "a", "disable_notification": "maybe"}, "disable_notification must be a boolean"),
        ({"chat_id": CHAT, "text": "a", "parse_mode": "RTF"}, "parse_mode must be one of"),
        ({"chat_id": CHAT, "text": "a", "reply_markup": "{"}, "reply_markup must be JSON"),
        ({"chat_id": CHAT, "text": "a", "reply_markup": {"keys": 1}}, "reply_markup must be a keyboard"),
        ({"text": "a"}, "chat_id is missing"),
    ],
)
async def test_what_the_specification_does_not_allow_is_refused_and_kept_as_a_violation(
    far_end: FarEnd, parameters: dict[str, Any], reason: str
) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{far_end.simulator.telegram_base_url}{TOKEN}/sendMessage", json=parameters) as answer,
    ):
        assert answer.status == 400
    (violation,) = await far_end.control.violations()
    assert reason in violation["reason"]
    assert violation["method"] == "sendMessage"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[]"),
        ("application/x-www-form-urlencoded", b"text=%ff"),
        ("application/x-www-form-urlencoded", b"\xff"),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b"x"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(far_end: FarEnd, kind: str, body: bytes) -> None:
    url = f"{far_end.simulator.telegram_base_url}{TOKEN}/sendMessage"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers={"content-type": kind}) as answer,
    ):
        assert answer.status == 400
    assert len(await far_end.control.violations()) == 1


async def test_too_many_messages_to_one_chat_are_refused_with_the_time_to_wait() -> None:
    async with running(Options(telegram_chat_rate=0.2, telegram_chat_burst=2)) as far_end, far_end.bot() as bot:
        await far_end.control.person("Fatima", chat_id=CHAT)
        await far_end.control.person("Jef", chat_id=1002)
        for _ in range(2):
            await bot.send_message(CHAT, "Hallo")
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(CHAT, "Hallo")
        assert "retry in 5 seconds" in str(refused.value).lower()
        assert await bot.send_message(1002, "Hallo")
        assert (await far_end.control.until("refused"))["retry_after"] == 5


async def test_too_many_messages_over_all_chats_are_refused_too() -> None:
    options = Options(telegram_rate=0.5, telegram_chat_rate=None, any_chat=True)
    async with running(options) as far_end, far_end.bot() as bot:
        await bot.send_message(1, "Hallo")
        with pytest.raises(RetryAfter):
            await bot.send_message(2, "Hallo")

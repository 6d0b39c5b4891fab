"""TelegramChannel against a Bot API on loopback."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from messaging.channel import Accepted, Choice, Failure, Outgoing, SendError
from messaging.exchange import open_session
from messaging.incoming import ChannelKind, Incoming, IncomingKind
from messaging.telegram.channel import BotAccount, TelegramChannel
from storage.errors import ConfigurationError
from tests.contract.channel_loopback import TELEGRAM_SENT, TOKEN, Answer, Loopback, answering, loopback

DONE = {"ok": True, "result": True}
PRESSED = Incoming("1", ChannelKind.TELEGRAM, "42", IncomingKind.CHOICE, callback_query_id="99")


@asynccontextmanager
async def bot(answer: Answer) -> AsyncIterator[tuple[TelegramChannel, Loopback]]:
    async with loopback(answer) as provider, open_session() as session:
        yield TelegramChannel(TOKEN, session, f"{provider.address}/bot"), provider


def refused(status: int, description: str, **parameters: int) -> Answer:
    body = {"ok": False, "error_code": status, "description": description}
    return answering(body | ({"parameters": parameters} if parameters else {}), status)


async def test_a_text_arrives_whole_with_its_choices_as_buttons() -> None:
    async with bot(answering(TELEGRAM_SENT)) as (channel, provider):
        text = "Één, “twee” & <drie>: 100% + 😀\n" + "é" * 4000
        accepted = await channel.send("42", Outgoing(text, (Choice("a", "Ja, graag"), Choice("b", "Nee"))))
        assert accepted == Accepted("42:7")
        (request,) = provider.received
        assert (request.method, request.path) == ("POST", f"/bot{TOKEN}/sendMessage")
        assert (request.form["chat_id"], request.form["text"]) == ("42", text)
        assert json.loads(request.form["reply_markup"]) == {
            "inline_keyboard": [
                [{"text": "Ja, graag", "callback_data": "a"}],
                [{"text": "Nee", "callback_data": "b"}],
            ]
        }


async def test_a_choice_that_telegram_cannot_hold_is_refused_without_a_request() -> None:
    async with bot(answering(TELEGRAM_SENT)) as (channel, provider):
        with pytest.raises(SendError, match="choice_id"):
            await channel.send("42", Outgoing("x", (Choice("é" * 33, "Ja"),)))
        assert provider.received == []


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (refused(403, "Forbidden: bot was blocked by the user"), Failure.BLOCKED),
        (refused(403, "Forbidden: user is deactivated"), Failure.BLOCKED),
        (refused(403, "Forbidden: bot was kicked from the supergroup chat"), Failure.BLOCKED),
        (refused(400, "Bad Request: chat not found"), Failure.BAD_ADDRESS),
        (refused(400, "Bad Request: PEER_ID_INVALID"), Failure.BAD_ADDRESS),
        (refused(400, "Bad Request: not enough rights to send text messages to the chat"), Failure.BLOCKED),
        (refused(400, "Bad Request: message text is empty"), Failure.REJECTED),
        (refused(401, "Unauthorized"), Failure.UNAUTHORIZED),
        (refused(404, "Not Found"), Failure.UNAUTHORIZED),
    ],
)
async def test_each_refusal_says_what_to_do(answer: Answer, failure: Failure) -> None:
    async with bot(answer) as (channel, _):
        with pytest.raises(SendError) as error:
            await channel.send("42", Outgoing("x"))
        assert error.value.failure is failure


async def test_telegram_says_in_the_body_how_long_to_wait() -> None:
    async with bot(refused(429, "Too Many Requests: retry after 31", retry_after=31)) as (channel, _):
        with pytest.raises(SendError) as error:
            await channel.send("42", Outgoing("x"))
        assert (error.value.failure, error.value.retry_after) == (Failure.RATE_LIMITED, 31.0)


async def test_a_group_that_moved_says_where_to() -> None:
    moved = refused(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1001)
    async with bot(moved) as (channel, _):
        with pytest.raises(SendError) as error:
            await channel.send("-42", Outgoing("x"))
        assert (error.value.failure, error.value.new_address) == (Failure.BAD_ADDRESS, "-1001")


async def test_an_edit_replaces_text_and_buttons_of_the_message_that_was_sent() -> None:
    async with bot(answering(TELEGRAM_SENT)) as (channel, provider):
        await channel.edit("-42:7", Outgoing("Alles veilig"))
        (request,) = provider.received
        assert request.path.endswith("/editMessageText")
        assert request.form == {"chat_id": "-42", "message_id": "7", "text": "Alles veilig"}


async def test_an_edit_that_changes_nothing_is_done() -> None:
    async with bot(refused(400, "Bad Request: message is not modified: specified new content")) as (channel, provider):
        await channel.edit("42:7", Outgoing("x"))
        assert len(provider.received) == 1


@pytest.mark.parametrize("nothing", ["", "42", ":7", "42:", "42:SM1"])
async def test_an_edit_of_no_message_is_refused(nothing: str) -> None:
    async with bot(answering(TELEGRAM_SENT)) as (channel, provider):
        with pytest.raises(SendError, match="no_such_message"):
            await channel.edit(nothing, Outgoing("x"))
        assert provider.received == []


async def test_updates_come_as_telegram_sent_them_also_those_of_next_year() -> None:
    updates = [
        {"update_id": 5, "message": {"text": "no date, no chat"}},
        {"update_id": 6, "thought": {"of": "next year"}},
    ]
    async with bot(answering({"ok": True, "result": updates})) as (channel, provider):
        assert await channel.get_updates(5, 0) == updates
        (request,) = provider.received
        assert request.path == f"/bot{TOKEN}/getUpdates"
        assert (request.form["offset"], request.form["timeout"]) == ("5", "0")
        assert json.loads(request.form["allowed_updates"]) == ["message", "callback_query", "my_chat_member"]


async def test_the_first_poll_has_no_offset() -> None:
    async with bot(answering({"ok": True, "result": []})) as (channel, provider):
        assert await channel.get_updates(None, 0) == []
        assert "offset" not in provider.received[0].form


async def test_a_poll_beside_a_webhook_says_so() -> None:
    async with bot(refused(409, "Conflict: can't use getUpdates method while webhook is active")) as (channel, _):
        with pytest.raises(SendError, match="409"):
            await channel.get_updates(None, 0)


async def test_the_webhook_is_set_with_its_secret_and_taken_away_again() -> None:
    async with bot(answering(DONE)) as (channel, provider):
        await channel.set_webhook("https://lindebeke.example/webhooks/telegram/telegram", "s3cret")
        await channel.delete_webhook()
        first, second = provider.received
        assert first.form["url"] == "https://lindebeke.example/webhooks/telegram/telegram"
        assert first.form["secret_token"] == "s3cret"
        assert second.path.endswith("/deleteWebhook")
        assert second.form.get("drop_pending_updates", "false") == "false"


async def test_the_bot_knows_who_it_is() -> None:
    me = {"id": 9, "is_bot": True, "first_name": "Lindebeke", "username": "lindebeke_bot"}
    async with bot(answering({"ok": True, "result": me})) as (channel, _):
        assert await channel.get_me() == BotAccount(9, "lindebeke_bot", "Lindebeke")


async def test_a_pressed_button_is_acknowledged() -> None:
    async with bot(answering(DONE)) as (channel, provider):
        await channel.acknowledge(PRESSED)
        assert provider.received[0].form == {"callback_query_id": "99"}


async def test_a_message_needs_no_acknowledgement() -> None:
    async with bot(answering(DONE)) as (channel, provider):
        await channel.acknowledge(Incoming("1", ChannelKind.TELEGRAM, "42", IncomingKind.TEXT, "x"))
        assert provider.received == []


async def test_typing_is_shown() -> None:
    async with bot(answering(DONE)) as (channel, provider):
        await channel.send_typing("42")
        assert provider.received[0].form == {"chat_id": "42", "action": "typing"}


@pytest.mark.parametrize("answer", [refused(400, "Bad Request: query is too old"), answering("", 502), answering("x")])
async def test_courtesies_never_raise(answer: Answer) -> None:
    async with bot(answer) as (channel, provider):
        await channel.acknowledge(PRESSED)
        await channel.send_typing("42")
        assert len(provider.received) == 2


async def test_an_empty_token_is_refused_at_the_start() -> None:
    async with open_session() as session:
        with pytest.raises(ConfigurationError, match="BotFather"):
            TelegramChannel("", session)

"""Messages to Telegram chats through one bot."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

import aiohttp
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, TelegramError

from messaging.channel import Accepted, Capabilities, Choice, Failure, Outgoing, SendError
from messaging.exchange import READ_SECONDS
from messaging.incoming import ChannelKind, Incoming, storable
from messaging.telegram.errors import failure_of
from messaging.telegram.request import TelegramRequest
from storage.errors import ConfigurationError

PUBLIC_API = "https://api.telegram.org/bot"
CALLBACK_BYTES = 64
ALLOWED_UPDATES = ["message", "callback_query", "my_chat_member"]

# What python-telegram-bot raises on a 2xx whose JSON is not the message that it expects.
_MALFORMED = (AttributeError, KeyError, TypeError, ValueError)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class BotAccount:
    """Who our bot is at Telegram."""

    id: int
    username: str
    name: str


class _Bot(Bot):
    """Telegram's bot with the updates as they came: what its types do not know must not be lost."""

    async def raw_updates(self, offset: int | None, seconds: int) -> list[dict[str, object]]:
        data = {"offset": offset, "timeout": seconds, "allowed_updates": ALLOWED_UPDATES}
        patience = (self.request.read_timeout or 0) + seconds
        updates = await self._post("getUpdates", data, read_timeout=patience)
        return [update for update in updates if isinstance(update, dict)]


class TelegramChannel:
    """A bot, known by its token; `base_url` ends in `/bot`, as python-telegram-bot wants it.

    answer_within: seconds that Telegram may take; later than that, the outcome is unknown.
    Every method raises SendError and nothing else, unless it says that it never raises.
    """

    kind = ChannelKind.TELEGRAM
    # Telegram's general limit; paid broadcasts reach 1,000/s.
    capabilities = Capabilities(max_length=4096, buttons=True, messages_per_second=30.0)

    def __init__(
        self,
        token: str,
        session: aiohttp.ClientSession,
        base_url: str | None = None,
        *,
        answer_within: float = READ_SECONDS,
    ) -> None:
        if not token:
            raise ConfigurationError("The Telegram token is empty: set the one that BotFather gave.")
        request = TelegramRequest(session, answer_within)
        self._bot = _Bot(token, base_url or PUBLIC_API, request=request, get_updates_request=request)

    async def send(self, address: str, message: Outgoing) -> Accepted:
        """Send one text, its choices as buttons below it."""
        text, keyboard = _content(message.text, message.choices)
        sent = await _call(self._bot.send_message(_chat(address), text, reply_markup=keyboard))
        return Accepted(f"{sent.chat_id}:{sent.message_id}")

    async def edit(self, provider_id: str, message: Outgoing) -> None:
        """Replace text and buttons of a message that was sent; the same text again is no error."""
        chat, _, message_id = provider_id.rpartition(":")
        text, keyboard = _content(message.text, message.choices)
        if not (chat and message_id.isdecimal()):
            raise SendError(Failure.REJECTED, "no_such_message")
        await _call(self._edit(text, _chat(chat), int(message_id), keyboard))

    async def acknowledge(self, incoming: Incoming) -> None:
        """Take the waiting sign off a pressed button; never raises."""
        if incoming.callback_query_id:
            await _courtesy(self._bot.answer_callback_query(incoming.callback_query_id))

    async def send_typing(self, address: str) -> None:
        """Show for five seconds that an answer is being written; never raises."""
        await _courtesy(self._bot.send_chat_action(_chat(address), "typing"))

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates posted to the URL with the secret (1 to 256 of A-Z a-z 0-9 _ -) in a header."""
        await _call(self._bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED_UPDATES))

    async def delete_webhook(self) -> None:
        """Stop the webhook, so that updates may be polled; those that wait are kept."""
        await _call(self._bot.delete_webhook())

    async def get_updates(self, offset: int | None, timeout: int) -> list[dict[str, object]]:  # noqa: ASYNC109 Telegram's wait, not ours
        """Wait at most `timeout` seconds for updates from `offset` on, as Telegram sent them.

        Asking with an offset acknowledges all updates before it. SendError REJECTED with code 409: a
        webhook is set, or another process polls this token.
        """
        return await _call(self._bot.raw_updates(offset, timeout))

    async def get_me(self) -> BotAccount:
        """Ask Telegram who this token is; the cheapest check of a token."""
        user = await _call(self._bot.get_me())
        return BotAccount(user.id, user.username or "", user.full_name)

    async def _edit(self, text: str, chat: int | str, message: int, keys: InlineKeyboardMarkup | None) -> None:
        try:
            await self._bot.edit_message_text(text, chat, message, reply_markup=keys)
        except BadRequest as error:
            if "not modified" not in error.message:
                raise


async def _call(request: Awaitable[_T]) -> _T:
    try:
        return await request
    except TelegramError as error:
        raise failure_of(error) from None
    except _MALFORMED:
        raise SendError(Failure.UNKNOWN, "unreadable") from None


async def _courtesy(request: Awaitable[object]) -> None:
    try:
        await _call(request)
    except SendError:
        return


def _chat(address: str) -> int | str:
    return int(address) if address.removeprefix("-").isdecimal() else address


def _content(text: str, choices: tuple[Choice, ...]) -> tuple[str, InlineKeyboardMarkup | None]:
    """What Telegram would refuse is refused here, before it costs a request."""
    text = storable(text)
    if not text.strip():
        raise SendError(Failure.REJECTED, "empty")
    if len(text) > TelegramChannel.capabilities.max_length:
        raise SendError(Failure.REJECTED, "too_long")
    if any(not 0 < len(choice.id.encode()) <= CALLBACK_BYTES for choice in choices):
        raise SendError(Failure.REJECTED, "choice_id")
    buttons = [[InlineKeyboardButton(storable(choice.label), callback_data=choice.id)] for choice in choices]
    return text, InlineKeyboardMarkup(buttons) if buttons else None

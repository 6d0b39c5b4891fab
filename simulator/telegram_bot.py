"""One bot as Telegram's servers keep it: its messages, its updates, who blocked it, and what its calls do."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from itertools import count
from typing import Any

from simulator.bounded import Bounded
from simulator.clock import Clock
from simulator.courier import Courier
from simulator.log import Log
from simulator.options import Options
from simulator.personas import People
from simulator.telegram_intake import Intake, Replaced, Webhook
from simulator.telegram_updates import Json, bot_user, private_chat

LOOPBACK = ("http://127.0.0.1", "http://localhost", "http://[::1]")


class Refused(Exception):
    """An error of the Bot API.

    retry_after: seconds to wait; migrate_to: the chat that this one became.
    """

    def __init__(
        self, status: int, description: str, *, retry_after: int | None = None, migrate_to: int | None = None
    ) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.retry_after = retry_after
        self.migrate_to = migrate_to


def bad_request(why: str) -> Refused:
    """What Telegram answers to a call that cannot be done."""
    return Refused(400, f"Bad Request: {why}")


class Bot:
    """One token. Calls take checked parameters and give the result, or raise Refused."""

    def __init__(
        self, token: str, username: str, options: Options, clock: Clock, people: People, log: Log, courier: Courier
    ) -> None:
        self.token = token
        self.id = int(token.partition(":")[0])
        self.username = username
        self.me = bot_user(self.id, self.username)
        self.blocked: set[int] = set()
        self.messages: Bounded[tuple[int, int], Json] = Bounded(options.keep)
        self.queries: Bounded[str, str] = Bounded(options.keep)
        self.commands: list[Json] = []
        self._any_chat = options.any_chat
        self._clock = clock
        self._people = people
        self._log = log
        self._message_id = 0
        self._about: Bounded[int, Json] = Bounded(options.keep)
        self._query_ids = count(1)
        self.intake = Intake(
            courier, redelivery_delay=options.redelivery_delay, taken=self._taken, lost=self._not_taken
        )
        self.calls: Mapping[str, Callable[[Json], Json | bool | Awaitable[Any]]] = {
            "getMe": self.get_me,
            "sendMessage": self.send_message,
            "sendPhoto": self.send_photo,
            "sendLocation": self.send_location,
            "editMessageText": self.edit_message_text,
            "sendChatAction": self.send_chat_action,
            "answerCallbackQuery": self.answer_callback_query,
            "setMyCommands": self.set_my_commands,
            "getFile": self.get_file,
            "setWebhook": self.set_webhook,
            "deleteWebhook": self.delete_webhook,
            "getWebhookInfo": self.get_webhook_info,
            "getUpdates": self.get_updates,
        }

    def next_message_id(self) -> int:
        """Message ids of all private chats of a bot come from one sequence."""
        self._message_id += 1
        return self._message_id

    def new_query(self, provider_id: str) -> str:
        """A person pressed a button of that message; the id by which the bot answers."""
        query_id = str(self.id * 1000 + next(self._query_ids))
        self.queries[query_id] = provider_id
        return query_id

    def tell(self, kind: str, content: Json, chat_id: int, about: Json) -> int:
        """An update for the bot; `about` describes it in the log once it is taken. Gives its id, 0 if unwanted."""
        if update_id := self.intake.add(kind, content, chat_id):
            self._about[update_id] = about
        return update_id

    def get_me(self, _: Json) -> Json:
        """The bot itself."""
        return self.me | {
            "can_join_groups": False,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def send_message(self, call: Json) -> Json:
        """A text, maybe with buttons."""
        return self._send(call, {"text": call["text"]})

    def send_photo(self, call: Json) -> Json:
        """A picture, maybe with a caption."""
        photo = {"file_id": f"photo-{self._message_id + 1}", "file_unique_id": f"p{self._message_id + 1}"}
        caption = {"caption": call["caption"]} if call.get("caption") else {}
        return self._send(call, {"photo": [photo | {"width": 800, "height": 600}], **caption})

    def send_location(self, call: Json) -> Json:
        """A place."""
        return self._send(call, {"location": {"latitude": call["latitude"], "longitude": call["longitude"]}})

    def edit_message_text(self, call: Json) -> Json:
        """New text and buttons below a message that the bot sent."""
        if "chat_id" not in call or "message_id" not in call:
            raise bad_request("message identifier is not specified")
        if "text" not in call:
            raise bad_request("message text is empty")
        key = (self.chat_of(call), call["message_id"])
        old = self.messages.get(key)
        if old is None or old["from"]["id"] != self.id:
            raise bad_request("message to edit not found")
        markup = {"reply_markup": call["reply_markup"]} if call.get("reply_markup") else {}
        if old.get("text") == call["text"] and old.get("reply_markup") == markup.get("reply_markup"):
            raise bad_request("message is not modified")
        kept = {name: value for name, value in old.items() if name != "reply_markup"}
        new = self.messages[key] = kept | {"text": call["text"], "edit_date": int(self._clock.timestamp())} | markup
        return new

    def send_chat_action(self, call: Json) -> bool:
        """Typing, or the like."""
        self.chat_of(call)
        return True

    def answer_callback_query(self, call: Json) -> bool:
        """Take the waiting sign off a pressed button; once."""
        if self.queries.pop(call["callback_query_id"], None) is None:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        return True

    def set_my_commands(self, call: Json) -> bool:
        """The menu."""
        self.commands = call["commands"]
        return True

    def get_file(self, call: Json) -> Json:
        """Where a file is fetched."""
        found = {"file_id": call["file_id"], "file_unique_id": call["file_id"][-12:], "file_size": 100}
        return found | {"file_path": f"files/{call['file_id']}"}

    def set_webhook(self, call: Json) -> bool:
        """Where updates go; an empty address stops that."""
        url = call["url"]
        if url and not url.startswith(("https://", *LOOPBACK)):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if call.get("drop_pending_updates"):
            self.intake.drop()
        if "allowed_updates" in call:
            self.intake.allowed = frozenset(call["allowed_updates"])
        self.intake.set_webhook(
            Webhook(url, call.get("secret_token"), call.get("max_connections", 40)) if url else None
        )
        return True

    def delete_webhook(self, call: Json) -> bool:
        """Back to getUpdates."""
        return self.set_webhook({"url": "", **call})

    def get_webhook_info(self, _: Json) -> Json:
        """The webhook and how it does."""
        webhook = self.intake.webhook
        info: Json = {
            "url": webhook.url if webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.intake.pending),
        }
        if webhook:
            info["max_connections"] = webhook.max_connections
        if self.intake.allowed:
            info["allowed_updates"] = sorted(self.intake.allowed)
        if self.intake.last_error:
            info |= {"last_error_date": int(self._clock.timestamp()), "last_error_message": self.intake.last_error}
        return info

    async def get_updates(self, call: Json) -> list[Json]:
        """Long polling."""
        if self.intake.webhook:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        if "allowed_updates" in call:
            self.intake.allowed = frozenset(call["allowed_updates"])
        try:
            return await self.intake.poll(call.get("offset", 0), call.get("limit", 100), call.get("timeout", 0))
        except Replaced:
            raise Refused(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            ) from None

    def chat_of(self, call: Json) -> int:
        """The private chat that a call names; raises Refused when there is none or the person blocked the bot."""
        chat_id = call["chat_id"]
        if isinstance(chat_id, str) or not (self._any_chat or self._people.in_chat(chat_id)):
            raise bad_request("chat not found")
        if chat_id in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return int(chat_id)

    def _send(self, call: Json, content: Json) -> Json:
        chat_id = self.chat_of(call)
        quoted = self._quoted(chat_id, call.get("reply_parameters"))
        person = self._people.in_chat(chat_id)
        message: Json = {
            "message_id": self.next_message_id(),
            "from": self.me,
            "chat": private_chat(chat_id, person.name if person else "Resident"),
            "date": int(self._clock.timestamp()),
            **content,
        }
        if quoted:
            message["reply_to_message"] = {name: part for name, part in quoted.items() if name != "reply_to_message"}
        if "inline_keyboard" in call.get("reply_markup", {}):
            message["reply_markup"] = call["reply_markup"]
        self.messages[chat_id, message["message_id"]] = message
        return message

    def _quoted(self, chat_id: int, reply: Json | None) -> Json | None:
        if reply is None:
            return None
        quoted = self.messages.get((chat_id, reply["message_id"]))
        if quoted is None and not reply.get("allow_sending_without_reply"):
            raise bad_request("message to be replied not found")
        return quoted

    def _taken(self, update_id: int) -> None:
        if about := self._about.pop(update_id, None):
            self._log.add("taken", "telegram", **about)

    def _not_taken(self, update_id: int, status: int) -> None:
        if about := self._about.get(update_id):
            self._log.add("lost", "telegram", **about, code=str(status))


async def call(bot: Bot, method: str, parameters: Json) -> Any:
    """Do one method of the Bot API."""
    result = bot.calls[method](parameters)
    return await result if asyncio.iscoroutine(result) else result

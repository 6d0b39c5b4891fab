"""The Bot API on the wire: token, method, parameters, rates, faults, answer, log."""

import time
from collections.abc import Mapping
from typing import Any

from starlette.types import Receive, Scope, Send

from simulator.faults import AFTER, Fault, Faults
from simulator.log import Event, Log
from simulator.parameter_types import Wrong
from simulator.personas import People
from simulator.rate import Limiter
from simulator.telegram_bot import Bot, Refused, bad_request, call
from simulator.telegram_methods import METHODS, read_call
from simulator.wire import Malformed, Reply, exchange, read_parameters, respond

LIMITED = frozenset({"sendMessage", "sendPhoto", "sendLocation", "editMessageText"})
LOGGED: Mapping[str, Event] = {
    "sendMessage": "accepted",
    "sendPhoto": "accepted",
    "sendLocation": "accepted",
    "editMessageText": "edited",
    "sendChatAction": "typing",
    "answerCallbackQuery": "answered",
}


class TelegramWire:
    """An ASGI application for `/bot{token}/{method}` and `/file/bot{token}/{path}`.

    overall, per_chat: the limits of each bot and of each chat with it. latency: seconds before each answer.
    """

    def __init__(self, bots: Mapping[str, Bot], people: People, log: Log, faults: Faults) -> None:
        self._bots = bots
        self._people = people
        self._log = log
        self._faults = faults
        self.overall = Limiter(None, 1)
        self.per_chat = Limiter(None, 1)
        self.latency = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["path"].startswith("/file/"):
            await respond(send, 200, b"simulated file", kind=b"application/octet-stream")
            return
        token, _, method = scope["path"].removeprefix("/bot").rpartition("/")
        try:
            parameters = await read_parameters(scope, receive)
        except Malformed:
            parameters = {"malformed body": ""}  # which the table does not know
        address = parameters.get("chat_id")
        fault = self._faults.next(method, None if address is None else str(address))

        async def answer() -> Reply:
            return await self._answer(token, method, parameters, fault)

        await exchange(fault, answer, self.latency, scope, receive, send)

    async def _answer(self, token: str, method: str, raw: dict[str, Any], fault: Fault | None) -> Reply:
        bot = self._bots.get(token)
        try:
            result = await self._do(bot, method, raw, fault)
        except Refused as refused:
            self._log_refusal(bot, method, raw, refused)
            return _reply(refused)
        if bot and (event := LOGGED.get(method)):
            self._log_call(event, bot, method, raw, result, uncertain=fault is not None and fault.kind in AFTER)
        return Reply(200, {"ok": True, "result": result})

    async def _do(self, bot: Bot | None, method: str, raw: dict[str, Any], fault: Fault | None) -> Any:
        if fault and fault.kind not in AFTER:
            raise _ordered(fault)
        if bot is None:
            raise Refused(401, "Unauthorized")
        if method not in METHODS:
            raise Refused(404, "Not Found")
        try:
            parameters = read_call(method, raw)
        except Wrong as wrong:
            self._log.add("violation", "telegram", method=method, account=bot.username, reason=str(wrong))
            raise bad_request(wrong.description or str(wrong)) from wrong
        if method in LIMITED:
            self._pace(bot, parameters.get("chat_id"))
        return await call(bot, method, parameters)

    def _pace(self, bot: Bot, chat: object) -> None:
        now = time.monotonic()
        if wait := max(self.overall.wait(bot.id, now), self.per_chat.wait((bot.id, chat), now)):
            raise _too_many(wait)
        self.overall.take(bot.id, now)
        self.per_chat.take((bot.id, chat), now)

    def _log_refusal(self, bot: Bot | None, method: str, raw: Mapping[str, Any], refused: Refused) -> None:
        self._log.add(
            "refused",
            "telegram",
            method=method,
            account=bot.username if bot else None,
            address=str(raw.get("chat_id", "")),
            text=str(raw.get("text", "")),
            code=str(refused.status),
            reason=refused.description,
            retry_after=refused.retry_after,
        )

    def _log_call(
        self, event: Event, bot: Bot, method: str, raw: Mapping[str, Any], result: Any, *, uncertain: bool
    ) -> None:
        message = result if isinstance(result, dict) else {}
        chat_id = message["chat"]["id"] if message else raw.get("chat_id", "")
        person = self._people.in_chat(int(chat_id)) if chat_id else None
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        quoted = message.get("reply_to_message")
        self._log.add(
            event,
            "telegram",
            method=method,
            account=bot.username,
            address=str(chat_id),
            person=person.name if person else None,
            text=message.get("text") or message.get("caption"),
            media=next((kind for kind in ("photo", "location") if kind in message), None),
            choices=[[button["text"], button.get("callback_data", "")] for row in rows for button in row] or None,
            provider_id=f"{chat_id}:{message['message_id']}" if message else raw.get("callback_query_id"),
            quoted=f"{chat_id}:{quoted['message_id']}" if quoted else None,
            uncertain=uncertain or None,
        )


def _too_many(wait: int) -> Refused:
    return Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait)


def _ordered(fault: Fault) -> Refused:
    if fault.kind == "rate_limited":
        return _too_many(fault.retry_after)
    if fault.kind == "server_error":
        return Refused(500, "Internal Server Error")
    return Refused(fault.status, fault.description, migrate_to=fault.migrate_to)


def _reply(refused: Refused) -> Reply:
    content: dict[str, Any] = {"ok": False, "error_code": refused.status, "description": refused.description}
    headers = None
    if refused.retry_after is not None:
        content["parameters"] = {"retry_after": refused.retry_after}
        headers = {"retry-after": str(refused.retry_after)}
    if refused.migrate_to is not None:
        content["parameters"] = {"migrate_to_chat_id": refused.migrate_to}
    return Reply(refused.status, content, headers)

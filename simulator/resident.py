"""What persons do with their phones: write, send, press, block; on either provider the same acts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from simulator import telegram_updates as updates
from simulator.clock import Clock
from simulator.log import Log
from simulator.personas import Medium, Persona, Unknown
from simulator.telegram_bot import Bot
from simulator.twilio_account import Account
from simulator.twilio_forms import Inbound

MediaKind = Literal["photo", "location", "voice"]
MIDDLE_OF_TOWN = (50.9009, 4.2055)


@dataclass(frozen=True, slots=True)
class Act:
    """One message that a person sends.

    account: the bot's user name or number it goes to, None for the first of the channel.
    quoted: provider id of the message that it answers ("chat:message_id" on Telegram, SID on WhatsApp).
    place: latitude and longitude of a location.
    """

    text: str = ""
    media: MediaKind | None = None
    place: tuple[float, float] = MIDDLE_OF_TOWN
    quoted: str | None = None
    account: str | None = None


class Residents:
    """Brings the acts of persons onto the wire; gives the provider id of each message."""

    def __init__(self, bots: Mapping[str, Bot], account: Account, clock: Clock, log: Log) -> None:
        self._bots = bots
        self._account = account
        self._clock = clock
        self._log = log

    def bot(self, username: str | None) -> Bot:
        """The bot of that name, by default the first; raises Unknown."""
        for bot in self._bots.values():
            if username in (None, bot.username):
                return bot
        raise Unknown(f"no bot is called {username}")

    def send(self, person: Persona, medium: Medium, act: Act) -> str:
        """The person sends a message; raises Unknown."""
        if medium == "telegram":
            return self._telegram(person, act)
        return self._twilio(person, medium, act)

    def press(self, person: Persona, medium: Medium, provider_id: str, choice: str) -> str:
        """The person presses the button with that label or payload; raises Unknown when there is none."""
        if medium == "telegram":
            return self._press_telegram(person, provider_id, choice)
        return self._press_whatsapp(person, provider_id, choice)

    def block(self, person: Persona, *, blocked: bool, username: str | None = None) -> None:
        """The person blocks the bot on Telegram, or takes that back."""
        bot, chat_id = self.bot(username), int(person.address("telegram"))
        (bot.blocked.add if blocked else bot.blocked.discard)(chat_id)
        content = updates.membership(int(self._clock.timestamp()), person, bot.me, blocked=blocked)
        self._tell(bot, "my_chat_member", content, person, {"status": "blocked" if blocked else "unblocked"})

    def inject(self, person: Persona, kind: str, content: dict[str, Any], username: str | None = None) -> int:
        """Any update, as a test wrote it; gives its id."""
        return self._tell(self.bot(username), kind, content, person, {"method": kind})

    def _telegram(self, person: Persona, act: Act) -> str:
        bot, chat_id = self.bot(act.account), int(person.address("telegram"))
        quoted = None
        if act.quoted:
            quoted = bot.messages.get((chat_id, int(act.quoted.rpartition(":")[2])))
            if quoted is None:
                raise Unknown(f"no message {act.quoted}")
        message_id = bot.next_message_id()
        content: dict[str, Any] = {}
        if act.media:
            content = updates.media(act.media, f"{act.media}-{message_id:012}", act.place)
        if act.text:
            content["caption" if act.media else "text"] = act.text
        message = updates.message(message_id, int(self._clock.timestamp()), person, content, quoted)
        bot.messages[chat_id, message_id] = message
        provider_id = f"{chat_id}:{message_id}"
        fields = {"text": act.text, "media": act.media, "quoted": act.quoted, "provider_id": provider_id}
        self._tell(bot, "message", message, person, fields)
        return provider_id

    def _press_telegram(self, person: Persona, provider_id: str, choice: str) -> str:
        chat_id, _, message_id = provider_id.partition(":")
        for bot in self._bots.values():
            message = bot.messages.get((int(chat_id), int(message_id)))
            rows = (message or {}).get("reply_markup", {}).get("inline_keyboard", [])
            for button in [b for row in rows for b in row if choice in (b["text"], b.get("callback_data"))]:
                query_id, data = bot.new_query(provider_id), button["callback_data"]
                query = updates.callback_query(query_id, person, message or {}, data)
                fields = {"pressed": data, "text": button["text"], "quoted": provider_id, "provider_id": query_id}
                self._tell(bot, "callback_query", query, person, fields)
                return query_id
        raise Unknown(f"no button {choice} below {provider_id}")

    def _tell(self, bot: Bot, kind: str, content: dict[str, Any], person: Persona, fields: Mapping[str, Any]) -> int:
        about = {"account": bot.username, "address": str(person.chat_id), "person": person.name}
        self._log.add("inbound", "telegram", **about, **fields)
        return bot.tell(kind, content, person.chat_id or 0, {**about, "provider_id": fields.get("provider_id", "")})

    def _press_whatsapp(self, person: Persona, provider_id: str, choice: str) -> str:
        message = self._account.messages.get(provider_id)
        for title, payload in message.buttons if message else ():
            if message and choice in (title, payload):
                sender, to = person.address("whatsapp"), message.sender or ""
                pressed = Inbound(sender, to, title, quoted=provider_id, button=payload, profile=person.name)
                return self._receive(person, pressed)
        raise Unknown(f"no button {choice} below {provider_id}")

    def _twilio(self, person: Persona, medium: Medium, act: Act) -> str:
        address = person.address(medium)
        number = act.account or self._account.number_for(medium)
        if number is None:
            raise Unknown(f"no {medium} number is registered")
        inbound = Inbound(address, number, act.text, act.media, act.place, act.quoted, profile=person.name)
        return self._receive(person, inbound)

    def _receive(self, person: Persona, inbound: Inbound) -> str:
        message = self._account.receive(inbound)
        about = {"account": inbound.to, "address": inbound.sender, "person": person.name, "provider_id": message.sid}
        fields = {"text": inbound.text, "media": inbound.media, "quoted": inbound.quoted, "pressed": inbound.button}
        self._log.add("inbound", message.channel, **about, **fields)
        self._account.bring(message, inbound, about)
        return message.sid

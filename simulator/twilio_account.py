"""One account as Twilio keeps it: messages, numbers, templates, opt-outs, windows, and what becomes of a message."""

import asyncio
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.bounded import Bounded
from simulator.clock import Clock
from simulator.courier import Courier
from simulator.log import Log
from simulator.options import Options
from simulator.personas import People, Unknown
from simulator.twilio_forms import Form, Inbound, inbound_form, opt_out_type, status_form
from simulator.twilio_hooks import post_hook
from simulator.twilio_message import Message
from simulator.twilio_methods import Create, TwilioError

WINDOW = timedelta(hours=24)
BLANK = re.compile(r"{{(\w+)}}")
AUTO_REPLIES = {
    "STOP": "U krijgt van dit nummer geen berichten meer. Antwoord START om ze opnieuw te krijgen.",
    "START": "U krijgt van dit nummer opnieuw berichten. Antwoord STOP om ze te stoppen.",
    "HELP": "Antwoord STOP om van dit nummer geen berichten meer te krijgen.",
}


@dataclass(frozen=True, slots=True)
class Template:
    """A text that WhatsApp approved: {{1}}, {{2}} … are its blanks, buttons are pairs of title and payload."""

    sid: str
    name: str
    body: str
    buttons: tuple[tuple[str, str], ...] = ()

    def blanks(self) -> set[str]:
        """The names of its blanks."""
        return set(BLANK.findall(self.body))

    def filled(self, variables: Mapping[str, str]) -> str:
        """The text with every blank filled."""
        return BLANK.sub(lambda blank: variables[blank[1]], self.body)


@dataclass(frozen=True, slots=True)
class Fate:
    """How every message to one address ends."""

    status: str
    code: int


class Account:
    """One account SID.

    numbers: our numbers and the public URL of each one's webhook; fates: by address, instead of delivery.
    base_url: where this far end is reached, for media.
    """

    def __init__(self, options: Options, clock: Clock, people: People, log: Log, courier: Courier) -> None:
        self.sid = options.twilio_account_sid
        self.token = options.twilio_auth_token
        self.base_url = ""
        self.numbers: dict[str, str | None] = dict.fromkeys(options.twilio_numbers)
        self.templates: dict[str, Template] = {}
        self.fates: dict[str, Fate] = {}
        self.opted_out: set[tuple[str, str]] = set()
        self.messages: Bounded[str, Message] = Bounded(options.keep)
        self.statuses = options.statuses
        self.status_delay = options.status_delay
        self.window_refused_at_once = options.window_refused_at_once
        self._read = options.read_on_whatsapp
        self._wrote: dict[tuple[str, str], datetime] = {}
        self._clock = clock
        self._people = people
        self._log = log
        self._courier = courier

    def number_for(self, channel: str) -> str | None:
        """Our first number on a channel."""
        return next((n for n in self.numbers if n.startswith("whatsapp:") == (channel == "whatsapp")), None)

    def create(self, create: Create) -> Message:
        """Take a message, or raise TwilioError; what becomes of it follows by `start`."""
        sender = create.sender or self.number_for("whatsapp" if create.whatsapp else "sms")
        if self.numbers and sender not in self.numbers:
            code = 63007 if create.whatsapp else 21606
            raise TwilioError(code, "The 'From' is not a number or channel of this account.")
        if (sender or "", create.to) in self.opted_out:
            raise TwilioError(21610, "Attempt to send to unsubscribed recipient")
        body = self._text(create)
        if self.window_refused_at_once and self._outside_window(create, sender):
            raise TwilioError(63016, "Outside the allowed window: use a template.")
        now = self._clock.now()
        message = Message(
            sid="SM" + secrets.token_hex(16),
            account=self.sid,
            sender=sender,
            to=create.to,
            body=body,
            direction="outbound-api",
            status="accepted" if create.service else "queued",
            created=now,
            updated=now,
            service=create.service,
            media=1 if create.media else 0,
            buttons=self.templates[create.template].buttons if create.template else (),
        )
        self.messages[message.sid] = message
        return message

    def start(self, message: Message, create: Create) -> None:
        """Let the message go its way, telling the callback of each status."""
        steps = self._steps(message, create)
        if steps:
            self._courier.send(self._go(message, steps, create.status_callback))

    def receive(self, inbound: Inbound) -> Message:
        """A person's message came in; it opens their 24 hours with that number."""
        now = self._clock.now()
        self._wrote[inbound.to, inbound.sender] = now
        media = 1 if inbound.media in ("photo", "voice") else 0
        sid = ("MM" if media else "SM") + secrets.token_hex(16)
        message = Message(
            sid, self.sid, inbound.sender, inbound.to, inbound.text, "inbound", "received", now, now, now, media=media
        )
        self.messages[sid] = message
        return message

    def bring(self, message: Message, inbound: Inbound, about: dict[str, str]) -> None:
        """Tell the application by the number's webhook; `about` describes the message in the log."""
        self._obey_keyword(inbound, about)
        if url := self.numbers.get(inbound.to):
            form = inbound_form(message, inbound, self.base_url)
            self._courier.send(self._bring(url, form, message.channel, about))
        else:
            self._log.add("lost", message.channel, **about, reason="the number has no webhook")

    def set_window(self, address: str, *, is_open: bool) -> None:
        """Let a person's 24 hours with our WhatsApp numbers begin now, or be over. Raises Unknown without a number."""
        numbers = [number for number in self.numbers if number.startswith("whatsapp:")]
        if not numbers:
            raise Unknown("no WhatsApp number is registered")
        for number in numbers:
            self._wrote.pop((number, address), None)
            if is_open:
                self._wrote[number, address] = self._clock.now()

    def _text(self, create: Create) -> str:
        if create.template is None:
            return create.body or ""
        template = self.templates.get(create.template)
        if template is None:
            raise TwilioError(21655, "The ContentSid is invalid")
        if missing := template.blanks() - create.variables.keys():
            raise TwilioError(21656, f"ContentVariables lacks {', '.join(sorted(missing))}", breach=True)
        return template.filled(create.variables)

    def _outside_window(self, create: Create, sender: str | None) -> bool:
        if not create.whatsapp or create.template:
            return False
        wrote = self._wrote.get((sender or "", create.to))
        return wrote is None or self._clock.now() - wrote > WINDOW

    def _steps(self, message: Message, create: Create) -> Sequence[Fate]:
        if fate := self._fate(message, create):
            return [*(Fate(status, 0) for status in self.statuses if status == "queued"), fate]
        read = self._read and create.whatsapp and "delivered" in self.statuses
        return [Fate(status, 0) for status in (*self.statuses, *(("read",) if read else ()))]

    def _fate(self, message: Message, create: Create) -> Fate | None:
        if fate := self.fates.get(message.to):
            return fate
        person = self._people.with_phone(message.to.removeprefix("whatsapp:"))
        if person and message.channel not in person.media:
            return Fate("undelivered", 63024 if create.whatsapp else 30006)
        return Fate("undelivered", 63016) if self._outside_window(create, message.sender) else None

    async def _go(self, message: Message, steps: Sequence[Fate], callback: str | None) -> None:
        person = self._people.with_phone(message.to.removeprefix("whatsapp:"))
        for step in steps:
            await asyncio.sleep(self.status_delay)
            message.status, message.error_code, message.updated = step.status, step.code or None, self._clock.now()
            if step.status != "queued" and message.sent is None:
                message.sent = message.updated
            self._log.add(
                "status",
                message.channel,
                account=message.sender,
                address=message.to,
                person=person.name if person else None,
                provider_id=message.sid,
                status=step.status,
                code=str(step.code or ""),
            )
            if callback:
                await post_hook(self._courier, self._log, self.token, callback, status_form(message))

    async def _bring(self, url: str, form: Form, channel: str, about: Mapping[str, str]) -> None:
        answer = await post_hook(self._courier, self._log, self.token, url, form)
        if answer.good:
            self._log.add("taken", channel, **about)
        else:
            self._log.add("lost", channel, **about, code=str(answer.status))

    def _obey_keyword(self, inbound: Inbound, about: Mapping[str, str]) -> None:
        kind = opt_out_type(inbound)
        pair = inbound.to, inbound.sender
        changes = {"STOP": pair not in self.opted_out, "START": pair in self.opted_out, "HELP": True}
        if kind == "STOP":
            self.opted_out.add(pair)
        elif kind == "START":
            self.opted_out.discard(pair)
        if kind and changes[kind]:
            sid = "SM" + secrets.token_hex(16)
            self._log.add("auto_reply", "sms", **{**about, "provider_id": sid}, text=AUTO_REPLIES[kind])

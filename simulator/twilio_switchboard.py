"""What becomes of calls: they ring, somebody picks up or not, listens, and perhaps presses a key."""

import asyncio
import secrets
from dataclasses import dataclass
from typing import Literal

from simulator.bounded import Bounded
from simulator.clock import Clock
from simulator.courier import Courier
from simulator.log import Log
from simulator.options import Options
from simulator.personas import People
from simulator.twilio_call import Call, NewCall, call_form
from simulator.twilio_hooks import post_hook
from simulator.twilio_methods import TwilioError

PickUp = Literal["completed", "busy", "no-answer", "failed"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody does when they are called; key: which they press."""

    ends: PickUp = "completed"
    key: str | None = None


class Switchboard:
    """The calls of one account. answers: by phone number; else somebody picks up and presses nothing.

    numbers: our numbers that may call; any number, when there are none.
    """

    def __init__(self, options: Options, clock: Clock, people: People, log: Log, courier: Courier) -> None:
        self.answers: dict[str, Answer] = {}
        self.calls: Bounded[str, Call] = Bounded(options.keep)
        self._account = options.twilio_account_sid
        self._token = options.twilio_auth_token
        self._numbers = frozenset(options.twilio_numbers)
        self._delay = options.status_delay
        self._clock = clock
        self._people = people
        self._log = log
        self._courier = courier

    def create(self, new: NewCall) -> Call:
        """Take a call, or raise TwilioError; what becomes of it follows by `start`."""
        if self._numbers and new.sender not in self._numbers:
            raise TwilioError(21210, "The source phone number provided is not yet verified for your account.")
        now = self._clock.now()
        sid = "CA" + secrets.token_hex(16)
        call = self.calls[sid] = Call(sid, self._account, new.sender, new.to, new.script, "queued", now, now)
        return call

    def start(self, call: Call, callback: str | None) -> None:
        """Let it ring, telling the callback of each status."""
        self._courier.send(self._ring(call, callback))

    async def _ring(self, call: Call, callback: str | None) -> None:
        answer = self.answers.get(call.to, Answer())
        answered = answer.ends == "completed"
        for status in ("initiated", "ringing", *(("in-progress",) if answered else ()), answer.ends):
            await asyncio.sleep(self._delay)
            if status == "completed" and answer.key and call.script.action:
                await self._press(call, answer.key, call.script.action)
            call.status, call.updated = status, self._clock.now()
            self._note(call, "status", status=status)
            if callback:
                await post_hook(self._courier, self._log, self._token, callback, call_form(call))

    async def _press(self, call: Call, key: str, action: str) -> None:
        self._note(call, "inbound", pressed=key)
        form = call_form(call, Digits=key, msg="Gather End")
        answer = await post_hook(self._courier, self._log, self._token, action, form)
        self._note(call, "taken" if answer.good else "lost", code=str(answer.status), reason=answer.body)

    def _note(self, call: Call, event: Literal["status", "inbound", "taken", "lost"], **fields: str) -> None:
        person = self._people.with_phone(call.to)
        about = {"account": call.sender, "address": call.to, "person": person.name if person else None}
        self._log.add(event, "voice", **about, provider_id=call.sid, **fields)

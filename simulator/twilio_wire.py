"""Twilio's Messages and Calls on the wire: account, parameters, rate, faults, answer, log."""

import base64
import hmac
import re
import time
from collections.abc import Mapping
from typing import Any

from starlette.types import Receive, Scope, Send

from simulator import twilio_call
from simulator.faults import AFTER, Fault, Faults
from simulator.log import Log
from simulator.personas import People
from simulator.rate import Limiter
from simulator.twilio_account import Account
from simulator.twilio_message import Message, resource
from simulator.twilio_methods import Create, TwilioError, read_create
from simulator.twilio_page import page
from simulator.twilio_switchboard import Switchboard
from simulator.wire import Malformed, Reply, exchange, header, read_parameters, respond

PATH = re.compile(r"/2010-04-01/Accounts/(?P<account>\w+)(?P<rest>/.*|\.json)")
ONE_CALL = re.compile(r"/Calls/(?P<sid>CA[0-9a-f]{32})\.json")
ONE = re.compile(r"/Messages/(?P<sid>(SM|MM)[0-9a-f]{32})\.json")
MEDIA = re.compile(r"/Messages/\w+/Media/\w+")


class TwilioWire:
    """An ASGI application for `/2010-04-01/Accounts/{sid}…`.

    overall: the limit of the account; latency: seconds before each answer.
    """

    def __init__(self, account: Account, calls: Switchboard, people: People, log: Log, faults: Faults) -> None:
        self._account = account
        self._calls = calls
        self._people = people
        self._log = log
        self._faults = faults
        self._credentials = base64.b64encode(f"{account.sid}:{account.token}".encode()).decode()
        self.overall = Limiter(None, 1)
        self.latency = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        match = PATH.fullmatch(scope["path"])
        rest = match["rest"] if match else ""
        if MEDIA.fullmatch(rest):
            await respond(send, 200, b"simulated file", kind=b"application/octet-stream")
            return
        try:
            parameters = await read_parameters(scope, receive)
        except Malformed:
            parameters = {"malformed body": ""}  # which the table does not know
        method = _method(scope["method"], rest)
        fault = self._faults.next(method, parameters.get("To"))

        async def answer() -> Reply:
            return self._answer(method, scope, rest, parameters, fault)

        await exchange(fault, answer, self.latency, scope, receive, send)

    def _answer(self, method: str, scope: Scope, rest: str, form: dict[str, str], fault: Fault | None) -> Reply:
        uncertain = fault is not None and fault.kind in AFTER
        try:
            self._admit(scope, fault)
            if rest.startswith("/Calls"):
                found = self._answer_call(method, scope["path"], rest, form, uncertain=uncertain)
            else:
                found = self._answer_message(method, scope["path"], rest, form, uncertain=uncertain)
        except TwilioError as error:
            self._log_refusal(method, form, error)
            return _reply(error)
        missing = TwilioError(20404, f"The requested resource {scope['path']} was not found", status=404)
        return found or _reply(missing)

    def _answer_message(
        self, method: str, path: str, rest: str, form: dict[str, str], *, uncertain: bool
    ) -> Reply | None:
        if method == "Messages.create":
            return self._create(form, uncertain=uncertain)
        if method == "Messages.list":
            return Reply(200, page(reversed(self._account.messages.values()), form, path))
        if (one := ONE.fullmatch(rest)) and (message := self._account.messages.get(one["sid"])):
            return Reply(200, resource(message))
        if method == "Accounts.fetch":
            return Reply(200, {"sid": self._account.sid, "status": "active", "friendly_name": "Simulated"})
        return None

    def _answer_call(self, method: str, path: str, rest: str, form: dict[str, str], *, uncertain: bool) -> Reply | None:
        if method == "Calls.create":
            return self._call(form, uncertain=uncertain)
        if method == "Calls.list":
            return Reply(200, twilio_call.page(list(self._calls.calls.values()), form, path))
        if (one := ONE_CALL.fullmatch(rest)) and (call := self._calls.calls.get(one["sid"])):
            return Reply(200, twilio_call.resource(call))
        return None

    def _admit(self, scope: Scope, fault: Fault | None) -> None:
        if fault and fault.kind not in AFTER:
            raise _ordered(fault)
        given = header(scope, b"authorization").removeprefix("Basic ")
        if not hmac.compare_digest(given, self._credentials) or self._account.sid not in scope["path"]:
            raise TwilioError(20003, "Authenticate", status=401)

    def _create(self, form: Mapping[str, str], *, uncertain: bool) -> Reply:
        create = read_create(form)
        self._pace()
        message = self._account.create(create)
        self._log_accepted(message, create, uncertain=uncertain)
        content = resource(message)
        self._account.start(message, create)
        return Reply(201, content)

    def _pace(self) -> None:
        now = time.monotonic()
        if wait := self.overall.wait(None, now):
            raise TwilioError(20429, "Too Many Requests", status=429, retry_after=wait)
        self.overall.take(None, now)

    def _call(self, form: Mapping[str, str], *, uncertain: bool) -> Reply:
        new = twilio_call.read_call(form)
        self._pace()
        call = self._calls.create(new)
        person = self._people.with_phone(call.to)
        self._log.add(
            "accepted",
            "voice",
            method="Calls.create",
            account=call.sender,
            address=call.to,
            person=person.name if person else None,
            text=call.text,
            provider_id=call.sid,
            uncertain=uncertain or None,
        )
        content = twilio_call.resource(call)
        self._calls.start(call, new.status_callback)
        return Reply(201, content)

    def _log_accepted(self, message: Message, create: Create, *, uncertain: bool) -> None:
        person = self._people.with_phone(message.to.removeprefix("whatsapp:"))
        self._log.add(
            "accepted",
            message.channel,
            method="Messages.create",
            account=message.sender,
            address=message.to,
            person=person.name if person else None,
            text=message.body,
            media="photo" if create.media else None,
            choices=message.buttons,
            template=create.template,
            provider_id=message.sid,
            uncertain=uncertain or None,
        )

    def _log_refusal(self, method: str, form: Mapping[str, Any], error: TwilioError) -> None:
        channel = "whatsapp" if str(form.get("To", "")).startswith("whatsapp:") else "sms"
        channel = "voice" if method.startswith("Calls.") else channel
        if error.breach:
            self._log.add("violation", channel, method=method, code=str(error.code), reason=error.message)
        self._log.add(
            "refused",
            channel,
            method=method,
            account=form.get("From"),
            address=form.get("To"),
            text=form.get("Body"),
            template=form.get("ContentSid"),
            code=str(error.code),
            reason=error.message,
            retry_after=error.retry_after,
        )


def _method(verb: str, rest: str) -> str:
    if rest in ("/Messages.json", "/Calls.json"):
        return f"{rest[1:-5]}.{'create' if verb == 'POST' else 'list'}"
    if verb == "GET" and ONE.fullmatch(rest):
        return "Messages.fetch"
    return "Accounts.fetch" if verb == "GET" and rest == ".json" else "unknown"


def _ordered(fault: Fault) -> TwilioError:
    if fault.kind == "rate_limited":
        return TwilioError(20429, "Too Many Requests", status=429, retry_after=fault.retry_after)
    if fault.kind == "server_error":
        return TwilioError(20500, "Internal Server Error", status=500)
    return TwilioError(fault.code, fault.description, status=fault.status)


def _reply(error: TwilioError) -> Reply:
    content = {
        "code": error.code,
        "message": error.message,
        "more_info": f"https://www.twilio.com/docs/errors/{error.code}",
        "status": error.status,
    }
    return Reply(error.status, content, {"retry-after": str(error.retry_after)} if error.retry_after else None)

"""A call as Twilio keeps it: what may be asked for, the TwiML that is read, the JSON resource and the forms."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree  # the TwiML is our own application's

from simulator.parameter_types import Reader, Wrong, boolean, integer, one_of, pattern, string
from simulator.twilio_methods import MALFORMED, TwilioError

_NUMBER = pattern(r"\+[1-9]\d{6,14}", "is not a valid phone number")
_URL = pattern(r"https?://[^\s/]+(/\S*)?", "must be a URL")
_METHOD = one_of("GET", "POST")
_LANGUAGES = frozenset({"nl-BE", "nl-NL", "fr-BE", "fr-FR", "de-DE", "en-GB"})
_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "Response": frozenset(),
    "Gather": frozenset({"numDigits", "action", "method", "timeout", "input"}),
    "Say": frozenset({"language", "voice", "loop"}),
    "Pause": frozenset({"length"}),
    "Hangup": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Script:
    """What a call says: language and text of each part, and where a pressed key is posted."""

    parts: tuple[tuple[str, str], ...]
    action: str | None


def _script(value: Any) -> Script:
    text = string(1, 4_000)(value)
    if "<!" in text:
        raise Wrong("must hold no declarations")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - no declarations, so nothing to expand
    except ElementTree.ParseError:
        raise Wrong("must be XML") from None
    if root.tag != "Response":
        raise Wrong("must begin with Response")
    for element in root.iter():
        if element.tag not in _ATTRIBUTES or element.attrib.keys() - _ATTRIBUTES[element.tag]:
            raise Wrong(f"holds a verb or an attribute that is not known: {element.tag}")
    said = [(element.get("language", "en-US"), (element.text or "").strip()) for element in root.iter("Say")]
    if not said or not all(part for _, part in said) or {language for language, _ in said} - _LANGUAGES:
        raise Wrong("says nothing, or in a language that has no voice")
    return Script(tuple(said), next((one.get("action") for one in root.iter("Gather")), None))


PARAMETERS: Mapping[str, tuple[Reader, int]] = {
    "To": (_NUMBER, 21211),
    "From": (_NUMBER, 21212),
    "Twiml": (_script, 12100),
    "StatusCallback": (_URL, 21609),
    "StatusCallbackEvent": (one_of("initiated", "ringing", "answered", "completed"), 21626),
    "StatusCallbackMethod": (_METHOD, MALFORMED),
    "Timeout": (integer(1, 600), MALFORMED),
    "TimeLimit": (integer(1), MALFORMED),
    "Record": (boolean, MALFORMED),
    "MachineDetection": (one_of("Enable", "DetectMessageEnd"), MALFORMED),
}


@dataclass(frozen=True, slots=True)
class NewCall:
    """A call to make."""

    to: str
    sender: str
    script: Script
    status_callback: str | None


def read_call(form: Mapping[str, str]) -> NewCall:
    """The call that a form asks for; raises TwilioError."""
    found = {name: _read(name, value) for name, value in form.items()}
    for name, code in (("To", 21201), ("From", 21213), ("Twiml", 21205)):
        if name not in found:
            raise TwilioError(code, f"'{name}' is required", breach=True)
    return NewCall(found["To"], found["From"], found["Twiml"], found.get("StatusCallback"))


def _read(name: str, value: str) -> Any:
    reader, code = PARAMETERS.get(name, (None, MALFORMED))
    if reader is None:
        raise TwilioError(code, f"Invalid parameter {name}", breach=True)
    try:
        return reader(value)
    except Wrong as wrong:
        raise TwilioError(code, f"Invalid '{name}': {wrong}", breach=True) from wrong


@dataclass(slots=True)
class Call:
    """One call of the application."""

    sid: str
    account: str
    sender: str
    to: str
    script: Script
    status: str
    created: datetime
    updated: datetime

    @property
    def text(self) -> str:
        """All that is said."""
        return "\n".join(text for _, text in self.script.parts)


def resource(call: Call) -> dict[str, Any]:
    """What the REST API gives of a call."""
    uri = f"/2010-04-01/Accounts/{call.account}/Calls/{call.sid}"
    return {
        "account_sid": call.account,
        "answered_by": None,
        "api_version": "2010-04-01",
        "caller_name": None,
        "date_created": format_datetime(call.created),
        "date_updated": format_datetime(call.updated),
        "direction": "outbound-api",
        "duration": None,
        "end_time": None,
        "forwarded_from": None,
        "from": call.sender,
        "from_formatted": call.sender,
        "group_sid": None,
        "parent_call_sid": None,
        "phone_number_sid": "PN" + call.sid[2:],
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": call.sid,
        "start_time": format_datetime(call.created),
        "status": call.status,
        "subresource_uris": {},
        "to": call.to,
        "to_formatted": call.to,
        "trunk_sid": None,
        "uri": f"{uri}.json",
    }


_QUERY = frozenset({"To", "From", "Status", "StartTime", "StartTime<", "StartTime>", "PageSize", "Page", "PageToken"})
_DAY = re.compile(r"\d{4}-\d\d-\d\d(T.*)?")


def page(calls: Sequence[Call], query: Mapping[str, str], uri: str) -> dict[str, Any]:
    """The calls that a query wants, newest first, on one page; raises TwilioError."""
    since = query.get("StartTime>", "")
    if query.keys() - _QUERY or (since and not _DAY.fullmatch(since)):
        raise TwilioError(MALFORMED, "Invalid query", breach=True)
    wanted = [
        call
        for call in reversed(calls)
        if query.get("To", call.to) == call.to
        and query.get("From", call.sender) == call.sender
        and call.created.date().isoformat() >= since[:10]
    ]
    return {
        "calls": [resource(call) for call in wanted],
        "page": 0,
        "page_size": int(query.get("PageSize", "50")),
        "start": 0,
        "end": len(wanted) - 1,
        "uri": uri,
        "first_page_uri": uri,
        "next_page_uri": None,
        "previous_page_uri": None,
    }


def call_form(call: Call, **more: str) -> dict[str, str]:
    """The form of a status callback, or with `Digits` of a pressed key."""
    return {
        "AccountSid": call.account,
        "ApiVersion": "2010-04-01",
        "CallSid": call.sid,
        "CallStatus": call.status,
        "Called": call.to,
        "Caller": call.sender,
        "Direction": "outbound-api",
        "From": call.sender,
        "To": call.to,
        **more,
    }

"""Creating a message at Twilio: a table of the parameters (API 2010-04-01) with the error of each, and the check."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.parameter_types import Reader, Wrong, boolean, integer, number, one_of, pattern, string

PHONE = r"(whatsapp:)?\+[1-9]\d{6,14}"
ALPHANUMERIC = r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}"
VARIABLE_CHARACTERS = 1600
MALFORMED = 20001
"""Code of what has no error of its own here."""


class TwilioError(Exception):
    """An error of the REST API.

    breach: the request breaks the specification, and is not merely refused.
    """

    def __init__(
        self, code: int, message: str, *, status: int = 400, retry_after: int | None = None, breach: bool = False
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.retry_after = retry_after
        self.breach = breach


@dataclass(frozen=True, slots=True)
class Create:
    """A message to create; addresses as on the wire, variables None without a template."""

    to: str
    sender: str | None
    service: str | None
    body: str | None
    media: str | None
    template: str | None
    variables: Mapping[str, str]
    status_callback: str | None

    @property
    def whatsapp(self) -> bool:
        """Whether it goes over WhatsApp rather than by SMS."""
        return self.to.startswith("whatsapp:")


def _sid(prefix: str) -> Reader:
    return pattern(prefix + "[0-9a-fA-F]{32}", f"must be a SID that begins with {prefix}")


def _moment(value: Any) -> str:
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Wrong("must be a moment by ISO 8601") from None
    return str(value)


def _variables(value: Any) -> dict[str, str]:
    try:
        found = json.loads(value)
    except (TypeError, ValueError):
        raise Wrong("must be a JSON object") from None
    if not isinstance(found, dict):
        raise Wrong("must be a JSON object")
    for name, text in found.items():
        if not isinstance(text, str) or not text or len(text) > VARIABLE_CHARACTERS:
            raise Wrong(f"variable {name} must be a text of 1 to {VARIABLE_CHARACTERS} characters")
        if any(part in text for part in ("\n", "\t", " " * 5)):
            raise Wrong(f"variable {name} holds a newline, a tab or a run of spaces")
    return found


_URL = pattern(r"https?://[^\s/]+(/\S*)?", "must be a URL")
PARAMETERS: Mapping[str, tuple[Reader, int]] = {
    "To": (pattern(PHONE, "is not a valid phone number"), 21211),
    "From": (pattern(f"{PHONE}|{ALPHANUMERIC}", "is not a valid phone number or sender"), 21212),
    "FallbackFrom": (pattern(PHONE, "is not a valid phone number"), 21212),
    "MessagingServiceSid": (_sid("MG"), 21701),
    "Body": (string(0, 1600), 21617),
    "MediaUrl": (_URL, 21620),
    "ContentSid": (_sid("HX"), 21655),
    "ContentVariables": (_variables, 21656),
    "StatusCallback": (_URL, 21609),
    "ApplicationSid": (_sid("AP"), MALFORMED),
    "MaxPrice": (number(0, 1e6), MALFORMED),
    "ProvideFeedback": (boolean, MALFORMED),
    "Attempt": (integer(), MALFORMED),
    "ValidityPeriod": (integer(1, 36_000), MALFORMED),
    "ForceDelivery": (boolean, MALFORMED),
    "ContentRetention": (one_of("retain", "discard"), MALFORMED),
    "AddressRetention": (one_of("retain", "obfuscate"), MALFORMED),
    "SmartEncoded": (boolean, MALFORMED),
    "PersistentAction": (string(1), MALFORMED),
    "TrafficType": (one_of("free"), MALFORMED),
    "ShortenUrls": (boolean, MALFORMED),
    "ScheduleType": (one_of("fixed"), MALFORMED),
    "SendAt": (_moment, MALFORMED),
    "SendAsMms": (boolean, MALFORMED),
    "RiskCheck": (one_of("enable", "disable"), MALFORMED),
}


def read_create(form: Mapping[str, str]) -> Create:
    """The message that a form asks for; raises TwilioError."""
    found = {name: _read(name, value) for name, value in form.items()}
    if "To" not in found:
        raise TwilioError(21604, "A 'To' phone number is required.", breach=True)
    if not {"From", "MessagingServiceSid"} & found.keys():
        raise TwilioError(21603, "A 'From' phone number is required.", breach=True)
    if not (found.get("Body") or found.get("MediaUrl") or "ContentSid" in found):
        raise TwilioError(21619, "A text message body or media urls must be specified.", breach=True)
    create = Create(
        to=found["To"],
        sender=found.get("From"),
        service=found.get("MessagingServiceSid"),
        body=found.get("Body"),
        media=found.get("MediaUrl"),
        template=found.get("ContentSid"),
        variables=found.get("ContentVariables", {}),
        status_callback=found.get("StatusCallback"),
    )
    _check_pair(create)
    return create


def _read(name: str, value: str) -> Any:
    reader, code = PARAMETERS.get(name, (None, MALFORMED))
    if reader is None:
        raise TwilioError(code, f"Invalid parameter {name}", breach=True)
    try:
        return reader(value)
    except Wrong as wrong:
        raise TwilioError(code, f"Invalid '{name}': {wrong}", breach=True) from wrong


def _check_pair(create: Create) -> None:
    if create.sender is None:
        return
    if create.sender.startswith("whatsapp:") != create.whatsapp:
        raise TwilioError(21910, "Invalid From and To pair. From and To should be of the same channel", breach=True)
    if create.sender == create.to:
        raise TwilioError(21266, "'To' and 'From' number cannot be the same", breach=True)

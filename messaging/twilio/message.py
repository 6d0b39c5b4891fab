"""Pure: one outgoing message as the parameters of Twilio's Messages API."""

import json
from datetime import timedelta

from messaging.channel import Choice, Failure, Outgoing, SendError, Template
from messaging.incoming import ChannelKind, storable

# Twilio's limits: characters of a body, seconds of ValidityPeriod.
MAX_LENGTH = 1600
MAX_VALIDITY = 36_000


def parameters(kind: ChannelKind, sender: str, address: str, message: Outgoing) -> dict[str, object]:
    """Keyword arguments of `messages.create_async`.

    sender: an E.164 number, an alphanumeric name, or the SID of a Messaging Service (MG…).
    Raises SendError REJECTED for what Twilio would refuse, or what is too late to leave.
    """
    found: dict[str, object] = {"to": on_channel(kind, address)}
    if sender.startswith("MG"):
        found["messaging_service_sid"] = sender
    else:
        found["from_"] = on_channel(kind, sender)
    if message.template and kind is ChannelKind.WHATSAPP:
        found |= _template(message.template)
    else:
        found["body"] = _body(message.text, message.choices)
    if message.valid_for is not None:
        found["validity_period"] = _validity(message.valid_for)
    if message.status_callback:
        found["status_callback"] = message.status_callback
    return found


def on_channel(kind: ChannelKind, number: str) -> str:
    """Twilio's address of a number on a channel."""
    return f"whatsapp:{number}" if kind is ChannelKind.WHATSAPP else number


def numbered(text: str, choices: tuple[Choice, ...]) -> str:
    """The text with its choices below it, one a line, to be answered by number."""
    lines = [f"{number}. {choice.label}" for number, choice in enumerate(choices, start=1)]
    return "\n".join([text, *lines])


def _body(text: str, choices: tuple[Choice, ...]) -> str:
    body = storable(numbered(text, choices))
    if not body.strip():
        raise SendError(Failure.REJECTED, "empty")
    if len(body) > MAX_LENGTH:
        raise SendError(Failure.REJECTED, "too_long")
    return body


def _template(template: Template) -> dict[str, object]:
    """WhatsApp refuses line breaks, tabs and runs of spaces in the blanks of a template."""
    blanks = {name: " ".join(storable(value).split()) for name, value in template.variables.items()}
    content: dict[str, object] = {"content_sid": template.name}
    return content | ({"content_variables": json.dumps(blanks, ensure_ascii=False)} if blanks else {})


def _validity(valid_for: timedelta) -> int:
    seconds = int(valid_for.total_seconds())
    if seconds < 1:
        raise SendError(Failure.REJECTED, "expired")
    return min(seconds, MAX_VALIDITY)

"""A message as Twilio keeps it, and the JSON resource that it shows of it."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from math import ceil
from typing import Any

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_7_EXTENDED = frozenset("^{}\\[~]|€\f")

GSM_7_ALL = GSM_7 | GSM_7_EXTENDED


@dataclass(slots=True)
class Message:
    """One message in either direction; addresses as on the wire, buttons pairs of title and payload."""

    sid: str
    account: str
    sender: str | None
    to: str
    body: str
    direction: str
    status: str
    created: datetime
    updated: datetime
    sent: datetime | None = None
    error_code: int | None = None
    service: str | None = None
    media: int = 0
    buttons: tuple[tuple[str, str], ...] = ()

    @property
    def channel(self) -> str:
        """Whatsapp or sms."""
        return "whatsapp" if self.to.startswith("whatsapp:") else "sms"


def segments(text: str) -> int:
    """Parts that an SMS is sent and paid in: 160 or 153 GSM-7 septets, otherwise 70 or 67 UTF-16 units."""
    used = frozenset(text)
    if used <= GSM_7_ALL:
        extended = sum(text.count(c) for c in used & GSM_7_EXTENDED)
        length, whole, part = len(text) + extended, 160, 153
    else:
        length, whole, part = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if length <= whole else ceil(length / part)


def resource(message: Message) -> dict[str, Any]:
    """What the REST API gives of a message."""
    uri = f"/2010-04-01/Accounts/{message.account}/Messages/{message.sid}"
    created = format_datetime(message.created)
    return {
        "account_sid": message.account,
        "api_version": "2010-04-01",
        "body": message.body,
        "date_created": created,
        "date_sent": format_datetime(message.sent) if message.sent else None,
        "date_updated": created if message.updated is message.created else format_datetime(message.updated),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": None,
        "from": message.sender,
        "messaging_service_sid": message.service,
        "num_media": str(message.media),
        "num_segments": "1" if message.channel == "whatsapp" else str(segments(message.body)),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": message.to,
        "uri": f"{uri}.json",
    }

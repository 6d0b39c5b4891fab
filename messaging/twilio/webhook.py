"""Twilio's webhooks: whether they are genuine, and what they say in our form."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

from twilio.request_validator import (  # type: ignore[import-untyped]
    RequestValidator,
    add_port,
    remove_port,
)

from messaging.incoming import ChannelKind, Incoming, IncomingKind, storable

Params = Sequence[tuple[str, str]]

_CHANNELS = {"whatsapp": ChannelKind.WHATSAPP, "": ChannelKind.SMS}
_KEYWORDS = frozenset({"stop", "start", "help"})
_CONTACT_CARDS = frozenset({"text/vcard", "text/x-vcard"})
_MEDIA = {
    "image": IncomingKind.PHOTO,
    "video": IncomingKind.VIDEO,
    "audio": IncomingKind.VOICE,
}


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What became of a message: Twilio's word for it in lower case, and its error code if any."""

    provider_id: str
    status: str
    error_code: int | None
    to: str


class _Form(dict[str, list[str]]):
    """A form as Twilio's validator wants it: a name may come more than once."""

    def getall(self, name: str) -> list[str]:
        return self[name]


def signature_valid(auth_token: str, public_url: str, sent: Params | bytes, given: str | None) -> bool:
    """Whether X-Twilio-Signature is right for what was posted to the public URL (query included).

    sent: the form's fields, or the raw body of a JSON request, whose hash the URL carries as bodySHA256.
    """
    if not auth_token or not given:
        return False
    form = _Form()
    if isinstance(sent, bytes):
        if not _body_valid(public_url, sent):
            return False
    else:
        for name, value in sent:
            form.setdefault(name, []).append(value)
    validator = RequestValidator(auth_token)
    address = urlsplit(public_url)
    # Twilio signs with or without the port; both are computed always, so that time tells nothing.
    expected = [_signature(validator, shape(address), form) for shape in (remove_port, add_port)]
    matches = [hmac.compare_digest(each, given.encode("utf-8", "surrogatepass")) for each in expected]
    return any(matches)


def parse(params: Params) -> Incoming | None:
    """An inbound message; None when the form is not one of SMS or WhatsApp. Never raises."""
    form = _first_values(params)
    sid, sender = form.get("MessageSid") or form.get("SmsMessageSid"), form.get("From")
    prefix, _, number = (sender or "").rpartition(":")
    if not sid or not number or prefix not in _CHANNELS:
        return None
    choice = form.get("ButtonPayload") or form.get("ListId") or None
    keyword = form.get("OptOutType", "").lower()
    return Incoming(
        provider_id=sid,
        channel=_CHANNELS[prefix],
        address=number,
        kind=IncomingKind.CHOICE if choice else _kind(form),
        text=form.get("Body", ""),
        display_name=form.get("ProfileName") or None,
        choice=choice,
        quoted=form.get("OriginalRepliedMessageSid") or None,
        keyword=keyword if keyword in _KEYWORDS else None,
    )


def parse_status(params: Params) -> StatusReport | None:
    """A status callback of a message or a call; None when the form names neither, or no status. Never raises."""
    form = _first_values(params)
    sid = form.get("MessageSid") or form.get("SmsSid") or form.get("CallSid")
    status = (form.get("MessageStatus") or form.get("SmsStatus") or form.get("CallStatus") or "").lower()
    if not sid or not status:
        return None
    code = form.get("ErrorCode", "")
    error_code = int(code) if code.isascii() and code.isdecimal() and len(code) <= len("99999") else None
    return StatusReport(sid, status, error_code or None, form.get("To", "").rpartition(":")[2])


def parse_key(params: Params) -> tuple[str, str] | None:
    """The id of a call and the key that was pressed in it; None when the form tells neither. Never raises."""
    form = _first_values(params)
    sid, key = form.get("CallSid"), form.get("Digits", "")
    return (sid, key) if sid and key else None


def _first_values(params: Params) -> dict[str, str]:
    return {name: storable(value) for name, value in reversed(params)}


def _kind(form: dict[str, str]) -> IncomingKind:
    media = form.get("MediaContentType0", "").lower()
    if media:
        return _kind_of_media(media, form)
    if form.get("Latitude") and form.get("Longitude"):
        return IncomingKind.LOCATION
    return IncomingKind.TEXT if form.get("Body") else IncomingKind.OTHER


def _kind_of_media(media: str, form: dict[str, str]) -> IncomingKind:
    """WhatsApp's stickers are WebP pictures; its photos are JPEG or PNG."""
    whatsapp = form.get("From", "").startswith("whatsapp:")
    if whatsapp and media == "image/webp":
        return IncomingKind.STICKER
    if media in _CONTACT_CARDS:
        return IncomingKind.CONTACT
    return _MEDIA.get(media.partition("/")[0], IncomingKind.DOCUMENT)


def _body_valid(public_url: str, body: bytes) -> bool:
    hashes = parse_qs(urlsplit(public_url).query).get("bodySHA256", [""])
    return hmac.compare_digest(sha256(body).hexdigest().encode(), hashes[0].encode("utf-8", "surrogatepass"))


def _signature(validator: RequestValidator, url: str, form: _Form) -> bytes:
    try:
        return str(validator.compute_signature(url, form)).encode()
    except UnicodeEncodeError:
        return b""

"""Telegram's updates in our form.

They are read from the JSON itself, not through python-telegram-bot's types: those raise on a field that they
do not expect, and a resident's message must not be lost over a field that we do not need.
"""

import hmac

from messaging.incoming import ChannelKind, Incoming, IncomingKind, storable

Json = dict[str, object]

LANGUAGES = frozenset({"nl", "fr", "de", "en"})
COMMANDS = frozenset({"stop", "start", "help"})
_LEFT = frozenset({"kicked", "left"})
_INT64 = 2**63

# The first that a message holds names it: an animation also comes as a document, a venue as a location.
_KINDS = (
    ("text", IncomingKind.TEXT),
    ("photo", IncomingKind.PHOTO),
    ("live_photo", IncomingKind.PHOTO),
    ("video", IncomingKind.VIDEO),
    ("video_note", IncomingKind.VIDEO),
    ("animation", IncomingKind.VIDEO),
    ("voice", IncomingKind.VOICE),
    ("audio", IncomingKind.VOICE),
    ("location", IncomingKind.LOCATION),
    ("contact", IncomingKind.CONTACT),
    ("document", IncomingKind.DOCUMENT),
    ("sticker", IncomingKind.STICKER),
)


def secret_valid(expected: str, given: str | None) -> bool:
    """Whether the header X-Telegram-Bot-Api-Secret-Token is ours, compared in constant time."""
    if not expected or given is None:
        return False
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))


def parse(update: Json) -> Incoming | None:
    """What a resident did, or None when an update asks nothing of us (edits, channel posts, reactions).

    Never raises, whatever the JSON object holds.
    """
    update_id = _integer(update, "update_id")
    if update_id is None:
        return None
    if message := _object(update, "message"):
        return _message(str(update_id), message)
    if query := _object(update, "callback_query"):
        return _button(str(update_id), query)
    if change := _object(update, "my_chat_member"):
        return _membership(str(update_id), change)
    return None


def _message(update_id: str, message: Json) -> Incoming | None:
    chat_id = _integer(_object(message, "chat"), "id")
    if chat_id is None:
        return None
    sender = _object(message, "from")
    text = _text(message, "text") or _text(message, "caption")
    return Incoming(
        provider_id=update_id,
        channel=ChannelKind.TELEGRAM,
        address=str(chat_id),
        kind=next((kind for field, kind in _KINDS if message.get(field)), IncomingKind.OTHER),
        text=text,
        display_name=_name(sender),
        language_code=_language(sender),
        quoted=_reference(chat_id, _object(message, "reply_to_message")),
        keyword=_command(text),
        private=_private(message),
    )


def _button(update_id: str, query: Json) -> Incoming | None:
    message, sender = _object(query, "message"), _object(query, "from")
    chat_id = _integer(_object(message, "chat"), "id")
    address = _integer(sender, "id") if chat_id is None else chat_id
    if address is None:
        return None
    data = _text(query, "data")
    return Incoming(
        provider_id=update_id,
        channel=ChannelKind.TELEGRAM,
        address=str(address),
        kind=IncomingKind.CHOICE if data else IncomingKind.OTHER,
        text=_label(message, data),
        display_name=_name(sender),
        language_code=_language(sender),
        choice=data or None,
        quoted=_reference(address, message),
        callback_query_id=_text(query, "id") or None,
        private=chat_id is None or _private(message),
    )


def _membership(update_id: str, change: Json) -> Incoming | None:
    """Only leaving matters: whoever comes back writes, if only /start."""
    chat_id = _integer(_object(change, "chat"), "id")
    if chat_id is None or _text(_object(change, "new_chat_member"), "status") not in _LEFT:
        return None
    sender = _object(change, "from")
    return Incoming(
        provider_id=update_id,
        channel=ChannelKind.TELEGRAM,
        address=str(chat_id),
        kind=IncomingKind.OTHER,
        display_name=_name(sender),
        language_code=_language(sender),
        private=_private(change),
        blocked=True,
    )


def _private(holder: Json) -> bool:
    return _text(_object(holder, "chat"), "type") == "private"


def _name(sender: Json) -> str | None:
    full = f"{_text(sender, 'first_name')} {_text(sender, 'last_name')}".strip()
    return full or _text(sender, "username") or None


def _language(sender: Json) -> str | None:
    code = _text(sender, "language_code").lower().partition("-")[0]
    return code if code in LANGUAGES else None


def _command(text: str) -> str | None:
    """A command may name its bot, as groups need it (/stop@lindebeke_bot), and carry an argument."""
    word = text.split(maxsplit=1)[0] if text.startswith("/") else ""
    command = word.removeprefix("/").partition("@")[0].lower()
    return command if command in COMMANDS else None


def _reference(chat_id: int, message: Json) -> str | None:
    message_id = _integer(message, "message_id")
    return None if message_id is None else f"{chat_id}:{message_id}"


def _label(message: Json, data: str) -> str:
    """The words on the pressed button, which the officer's log shows instead of our id."""
    rows = _object(message, "reply_markup").get("inline_keyboard")
    for row in rows if isinstance(rows, list) else ():
        for button in row if isinstance(row, list) else ():
            if isinstance(button, dict) and data and button.get("callback_data") == data:
                return _text(button, "text")
    return ""


def _object(holder: Json, field: str) -> Json:
    value = holder.get(field)
    return value if isinstance(value, dict) else {}


def _text(holder: Json, field: str) -> str:
    value = holder.get(field)
    return storable(value) if isinstance(value, str) else ""


def _integer(holder: Json, field: str) -> int | None:
    value = holder.get(field)
    whole = isinstance(value, int) and not isinstance(value, bool) and -_INT64 <= value < _INT64
    return value if whole and isinstance(value, int) else None

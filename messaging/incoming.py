"""One message that came in, in the same form whichever channel carried it."""

from dataclasses import dataclass
from enum import StrEnum


class ChannelKind(StrEnum):
    """What carries a message; a sender (an account) belongs to exactly one."""

    TELEGRAM = "telegram"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    VOICE = "voice"  # a call, which comes in from nobody


class IncomingKind(StrEnum):
    """What a resident sent; OTHER is everything that we store but cannot name."""

    TEXT = "text"
    CHOICE = "choice"
    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    LOCATION = "location"
    CONTACT = "contact"
    DOCUMENT = "document"
    STICKER = "sticker"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message, a pressed button or a change of membership, as the provider signed it.

    provider_id: Telegram's update_id as text, Twilio's MessageSid: the key against duplicates.
    address: Telegram chat id as text, or an E.164 number without "whatsapp:".
    text: "" when there is none; a caption counts.
    language_code: what the channel knows of the writer: nl, fr, de or en, else None.
    choice: the callback data of a pressed button, or the payload of a WhatsApp button.
    quoted: the message answered to, in the form of `Accepted.provider_id`.
    keyword: "stop", "start" or "help" where the provider flags it or the writer sent the command.
    private: False for a Telegram group or channel.
    blocked: the person blocked our bot (Telegram's my_chat_member).
    """

    provider_id: str
    channel: ChannelKind
    address: str
    kind: IncomingKind
    text: str = ""
    display_name: str | None = None
    language_code: str | None = None
    choice: str | None = None
    quoted: str | None = None
    keyword: str | None = None
    callback_query_id: str | None = None
    private: bool = True
    blocked: bool = False


def storable(text: str) -> str:
    """The text without what no database and no provider takes: lone surrogates and NUL."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "")

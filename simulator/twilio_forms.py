"""The forms that Twilio posts to an application: an inbound message, a new status; pure functions."""

from dataclasses import dataclass
from typing import Literal

from simulator.twilio_message import Message

Form = dict[str, str]
STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})
MEDIA_TYPES = {"photo": "image/png", "voice": "audio/ogg"}


@dataclass(frozen=True, slots=True)
class Inbound:
    """What a person sends over SMS or WhatsApp.

    sender, to: addresses as on the wire. quoted: SID of the message of ours that they answer to; button: its payload.
    """

    sender: str
    to: str
    text: str = ""
    media: Literal["photo", "location", "voice"] | None = None
    place: tuple[float, float] = (0.0, 0.0)
    quoted: str | None = None
    button: str | None = None
    profile: str = ""

    @property
    def whatsapp(self) -> bool:
        """Whether it comes over WhatsApp rather than by SMS."""
        return self.sender.startswith("whatsapp:")


def opt_out_type(inbound: Inbound) -> str | None:
    """STOP, START or HELP when an SMS is nothing but such a word; WhatsApp has its own blocking."""
    word = inbound.text.strip().upper()
    if inbound.whatsapp:
        return None
    return next((kind for kind, words in (("STOP", STOP), ("START", START), ("HELP", HELP)) if word in words), None)


def inbound_form(message: Message, inbound: Inbound, base_url: str) -> Form:
    """The form of an inbound message; base_url is where its media are fetched."""
    form = {
        "ToCountry": "BE",
        "FromCountry": "BE",
        "SmsMessageSid": message.sid,
        "SmsSid": message.sid,
        "MessageSid": message.sid,
        "AccountSid": message.account,
        "SmsStatus": "received",
        "From": inbound.sender,
        "To": inbound.to,
        "Body": inbound.text,
        "NumMedia": str(message.media),
        "NumSegments": "1",
        "ApiVersion": "2010-04-01",
    }
    if kind := opt_out_type(inbound):
        form["OptOutType"] = kind
    if inbound.whatsapp:
        form |= _whatsapp(inbound)
    if inbound.media == "location":
        form |= {"Latitude": str(inbound.place[0]), "Longitude": str(inbound.place[1])}
    elif inbound.media:
        path = f"/2010-04-01/Accounts/{message.account}/Messages/{message.sid}/Media/ME{message.sid[2:]}"
        form |= {"MediaUrl0": base_url + path, "MediaContentType0": MEDIA_TYPES[inbound.media]}
    return form


def _whatsapp(inbound: Inbound) -> Form:
    kinds = {"photo": "image", "voice": "audio", "location": "location"}
    kind = "button" if inbound.button else kinds.get(inbound.media or "", "text")
    form = {
        "ProfileName": inbound.profile,
        "WaId": inbound.sender.removeprefix("whatsapp:+"),
        "MessageType": kind,
    }
    if inbound.button:
        form |= {"ButtonText": inbound.text, "ButtonPayload": inbound.button}
    if inbound.quoted:
        form |= {"OriginalRepliedMessageSid": inbound.quoted, "OriginalRepliedMessageSender": inbound.to}
    return form


def status_form(message: Message) -> Form:
    """The form of a status callback."""
    form = {
        "AccountSid": message.account,
        "ApiVersion": "2010-04-01",
        "MessageSid": message.sid,
        "MessageStatus": message.status,
        "SmsSid": message.sid,
        "SmsStatus": message.status,
        "To": message.to,
    }
    if message.sender:
        form["From"] = message.sender
    if message.service:
        form["MessagingServiceSid"] = message.service
    if message.error_code:
        form["ErrorCode"] = str(message.error_code)
    if message.channel == "whatsapp":
        form |= {"ChannelPrefix": "whatsapp", "EventType": message.status.upper()}
    return form

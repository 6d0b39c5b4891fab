"""A sender: our account on a channel, through which an organisation speaks."""

import json
from dataclasses import dataclass

from messaging.incoming import ChannelKind


@dataclass(frozen=True, slots=True)
class Credentials:
    """What proves that we are we.

    token: Telegram's bot token or Twilio's auth token. secret: what Telegram repeats in the header of its webhooks.
    """

    token: str
    secret: str = ""

    def to_json(self) -> bytes:
        """As it is sealed."""
        return json.dumps({"token": self.token, "secret": self.secret}).encode()

    @classmethod
    def from_json(cls, value: bytes) -> "Credentials":
        """Back from what was sealed."""
        return cls(**json.loads(value))

    def __repr__(self) -> str:
        """Never the secrets themselves: a repr ends up in logs."""
        return "Credentials(…)"


@dataclass(frozen=True, slots=True)
class Sender:
    """An account of one organisation on one channel.

    account: Twilio's account SID, Telegram's bot id. from_address: number or messaging service; bot's user name.
    template: the approved template (ContentSid) that reaches people outside WhatsApp's window.
    """

    id: int
    organisation_id: int
    slug: str
    channel: ChannelKind
    account: str
    from_address: str
    credentials: Credentials
    base_url: str | None
    messages_per_second: float
    template: str | None

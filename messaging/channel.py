"""How a message leaves: the protocol that every channel fulfils, and the ways in which it fails."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from messaging.incoming import ChannelKind, Incoming
from storage.errors import SamenspraakError

__all__ = [
    "Accepted",
    "Capabilities",
    "Channel",
    "ChannelKind",
    "Choice",
    "Edits",
    "Failure",
    "Outgoing",
    "SendError",
    "Template",
]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose: a button on Telegram, a number in the text on SMS and WhatsApp."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Template:
    """A text that WhatsApp approved beforehand: its ContentSid and the values of its blanks."""

    name: str
    variables: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What to send to one address.

    template: replaces text and choices where the channel knows templates.
    valid_for: after this the provider must not deliver any more; Twilio takes 1 to 36,000 seconds.
    status_callback: full public URL, holding our delivery id, for Twilio's statuses; Telegram has none.
    spoken: language and text of each part of a call. answer_callback: full public URL for the key pressed in it.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    template: Template | None = None
    valid_for: timedelta | None = None
    status_callback: str | None = None
    spoken: tuple[tuple[str, str], ...] = ()
    answer_callback: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the message: Telegram "chat:message_id", or a Twilio SID."""

    provider_id: str


class Failure(StrEnum):
    """Why a message was not accepted, by what must be done about it."""

    RATE_LIMITED = "rate_limited"
    """Never processed: send again after `retry_after`."""
    NOT_SENT = "not_sent"
    """The request surely never reached the provider: send again freely."""
    UNKNOWN = "unknown"
    """Nobody can know whether it left: look it up before sending again."""
    BLOCKED = "blocked"
    """The person opted out or blocked us: stop this address."""
    BAD_ADDRESS = "bad_address"
    """No such chat or number, or one that cannot take this channel."""
    WINDOW_CLOSED = "window_closed"
    """Outside WhatsApp's 24 hours: only a template may leave."""
    REJECTED = "rejected"
    """Any other lasting refusal of this message."""
    UNAUTHORIZED = "unauthorized"
    """Our own credentials are refused: stop the sender."""


class SendError(SamenspraakError):
    """A message was not accepted.

    code: the provider's code, or the kind of network error; never an address, a text or a token.
    retry_after: seconds to wait, where the provider said so.
    new_address: where the chat moved to (a Telegram group that became a supergroup).
    """

    def __init__(
        self,
        failure: Failure,
        code: str,
        *,
        retry_after: float | None = None,
        new_address: str | None = None,
    ) -> None:
        super().__init__(f"{failure} ({code})")
        self.failure = failure
        self.code = code
        self.retry_after = retry_after
        self.new_address = new_address


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do: characters in one message, real buttons, the provider's usual rate."""

    max_length: int
    buttons: bool
    messages_per_second: float


class Channel(Protocol):
    """An account through which messages leave."""

    @property
    def kind(self) -> ChannelKind:
        """Which channel this is."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        ...

    async def send(self, address: str, message: Outgoing) -> Accepted:
        """Hand one message to the provider; raises SendError and nothing else."""
        ...

    async def acknowledge(self, incoming: Incoming) -> None:
        """Take the waiting sign off a pressed button, where the channel has one; never raises."""
        ...


@runtime_checkable
class Edits(Protocol):
    """A channel that can change a message that somebody has already."""

    async def edit(self, provider_id: str, message: Outgoing) -> None:
        """Replace text and choices of a message that was sent; raises SendError and nothing else."""
        ...

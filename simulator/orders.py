"""The bodies that the control API takes and gives."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from simulator.faults import FaultKind
from simulator.personas import Medium
from simulator.resident import MIDDLE_OF_TOWN, MediaKind
from simulator.twilio_methods import PHONE

PROVIDER_ID = Field(description='"chat:message_id" on Telegram, a SID at Twilio')


class Order(BaseModel):
    """A body; a misspelt field is refused rather than ignored."""

    model_config = ConfigDict(extra="forbid")


class NewPerson(Order):
    """A persona; media by default all that the addresses allow."""

    name: str = Field(min_length=1)
    chat_id: int | None = Field(None, gt=0)
    phone: str | None = Field(None, pattern=r"^\+[1-9]\d{6,14}$")
    language_code: str | None = None
    media: tuple[Medium, ...] | None = None


class NewNumber(Order):
    """A number of the application, "+32…" or "whatsapp:+32…", and the public URL of its webhook."""

    address: str
    webhook: str | None = None


class NewTemplate(Order):
    """A text that WhatsApp approved; buttons are pairs of title and payload."""

    sid: str = Field(pattern="^HX[0-9a-fA-F]{32}$")
    name: str
    body: str
    buttons: tuple[tuple[str, str], ...] = ()


class Route(Order):
    """Public addresses that begin so are reached at the local one."""

    public: str
    local: str


class Say(Order):
    """A person sends something; account is the bot's name or the number, by default the first."""

    person: str
    medium: Medium
    text: str = ""
    media: MediaKind | None = None
    latitude: float = Field(MIDDLE_OF_TOWN[0], ge=-90, le=90)
    longitude: float = Field(MIDDLE_OF_TOWN[1], ge=-180, le=180)
    quoted: str | None = None
    account: str | None = None


class Press(Order):
    """A person presses a button, named by its label or payload, below a message."""

    person: str
    medium: Medium
    provider_id: str = PROVIDER_ID
    choice: str


class Block(Order):
    """A person blocks the bot on Telegram, or no longer."""

    person: str
    blocked: bool = True


class RawUpdate(Order):
    """Any update of the Bot API about a person, without its update_id."""

    person: str
    kind: str
    content: dict[str, Any]


class Window(Order):
    """WhatsApp's 24 hours of a person: over, or beginning now."""

    person: str
    is_open: bool = False


class NewFate(Order):
    """How every message to an address at Twilio ends; no status takes the order back."""

    address: str = Field(pattern=f"^{PHONE}$")
    status: Literal["undelivered", "failed", "sent", "delivered"] | None
    code: int = 0


class NewFault(Order):
    """See simulator.faults.Fault; count null lasts until faults are cleared."""

    kind: FaultKind
    method: str | None = None
    address: str | None = None
    skip: int = Field(0, ge=0)
    count: int | None = Field(1, ge=1)
    retry_after: int = Field(1, ge=1)
    status: int = Field(400, ge=400, le=599)
    code: int = 400
    description: str = "Bad Request"
    seconds: float = Field(60.0, ge=0)


class Rates(Order):
    """Messages a second; null for no limit."""

    telegram: float | None = Field(gt=0)
    telegram_chat: float | None = Field(gt=0)
    telegram_chat_burst: int = Field(5, ge=1)
    twilio: float | None = Field(None, gt=0)


class Settings(Order):
    """What is left out stays as it is; see simulator.options.Options."""

    latency: float | None = Field(None, ge=0)
    rates: Rates | None = None
    statuses: tuple[str, ...] | None = None
    status_delay: float | None = Field(None, ge=0)
    window_refused_at_once: bool | None = None


class Step(Order):
    """How far to move the clock."""

    seconds: float = Field(ge=0)


class Sent(BaseModel):
    """The provider's id of what a person did."""

    provider_id: str

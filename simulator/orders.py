"""The bodies that the control API takes and gives."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from fastapi import Body

from simulator.faults import FaultKind
from simulator.personas import Medium
from simulator.resident import MIDDLE_OF_TOWN, MediaKind
from simulator.twilio_methods import PHONE
from simulator.twilio_switchboard import PickUp


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A body; a misspelt field is refused rather than ignored."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson(Order):
    """A persona; media by default all that the addresses allow."""

    name: Annotated[str, Body(min_length=1)]
    chat_id: Annotated[int | None, Body(gt=0)] = None
    phone: Annotated[str | None, Body(pattern=r"^\+[1-9]\d{6,14}$")] = None
    language_code: str | None = None
    media: tuple[Medium, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNumber(Order):
    """A number of the application, "+32…" or "whatsapp:+32…", and the public URL of its webhook."""

    address: str
    webhook: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTemplate(Order):
    """A text that WhatsApp approved; buttons are pairs of title and payload."""

    sid: Annotated[str, Body(pattern="^HX[0-9a-fA-F]{32}$")]
    name: str
    body: str
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Route(Order):
    """Public addresses that begin so are reached at the local one."""

    public: str
    local: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(Order):
    """A person sends something; account is the bot's name or the number, by default the first."""

    person: str
    medium: Medium
    text: str = ""
    media: MediaKind | None = None
    latitude: Annotated[float, Body(ge=-90, le=90)] = MIDDLE_OF_TOWN[0]
    longitude: Annotated[float, Body(ge=-180, le=180)] = MIDDLE_OF_TOWN[1]
    quoted: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Press(Order):
    """A person presses a button, named by its label or payload, below a message."""

    person: str
    medium: Medium
    provider_id: str
    choice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(Order):
    """A person blocks a bot on Telegram, or no longer; account is its name, by default the first."""

    person: str
    blocked: bool = True
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawUpdate(Order):
    """Any update of the Bot API about a person, without its update_id."""

    person: str
    kind: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window(Order):
    """WhatsApp's 24 hours of a person: over, or beginning now."""

    person: str
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFate(Order):
    """How every message to an address at Twilio ends; no status takes the order back."""

    address: Annotated[str, Body(pattern=f"^{PHONE}$")]
    status: Literal["undelivered", "failed", "sent", "delivered"] | None
    code: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAnswer(Order):
    """What somebody does when their number is called: pick up and perhaps press a key, or not."""

    phone: Annotated[str, Body(pattern=r"^\+[1-9]\d{6,14}$")]
    ends: PickUp = "completed"
    key: Annotated[str | None, Body(pattern=r"^[0-9*#]$")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFault(Order):
    """See simulator.faults.Fault; count null lasts until faults are cleared."""

    kind: FaultKind
    method: str | None = None
    address: str | None = None
    skip: Annotated[int, Body(ge=0)] = 0
    count: Annotated[int | None, Body(ge=1)] = 1
    retry_after: Annotated[int, Body(ge=1)] = 1
    status: Annotated[int, Body(ge=400, le=599)] = 400
    code: int = 400
    description: str = "Bad Request"
    migrate_to: int | None = None
    seconds: Annotated[float, Body(ge=0)] = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates(Order):
    """Messages a second; null for no limit."""

    telegram: Annotated[float | None, Body(gt=0)]
    telegram_chat: Annotated[float | None, Body(gt=0)]
    telegram_chat_burst: Annotated[int, Body(ge=1)] = 5
    twilio: Annotated[float | None, Body(gt=0)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Order):
    """What is left out stays as it is; see simulator.options.Options."""

    latency: Annotated[float | None, Body(ge=0)] = None
    rates: Rates | None = None
    statuses: tuple[str, ...] | None = None
    status_delay: Annotated[float | None, Body(ge=0)] = None
    window_refused_at_once: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Order):
    """How far to move the clock."""

    seconds: Annotated[float, Body(ge=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(Order):
    """The provider's id of what a person did."""

    provider_id: str

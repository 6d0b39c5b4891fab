"""A message as CAP 1.2 defines it, whoever wrote it. A text that is absent is empty, a moment that is absent None."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain

from broadcast.vocabulary import Category, Certainty, ResponseType, Scope, Severity, Urgency

Point = tuple[float, float]
"""Latitude and longitude in degrees (WGS 84)."""


class MessageStatus(StrEnum):
    """How the message is to be handled; ours are the first three."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    TEST = "Test"
    SYSTEM = "System"
    DRAFT = "Draft"


class MessageType(StrEnum):
    """What the message does to those before it."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"
    ACK = "Ack"
    ERROR = "Error"


class Trust(StrEnum):
    """What is known of who wrote a message."""

    UNSIGNED = "unsigned"
    VALID = "valid"
    WRONG = "wrong"  # signed with a certificate of ours, but it does not fit what is written
    UNKNOWN = "unknown"  # signed by somebody whose certificate we do not have


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier message."""

    sender: str
    identifier: str
    sent: datetime


@dataclass(frozen=True, slots=True)
class Named:
    """A value with the name of the list that it is taken from."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Circle:
    """radius: in kilometres."""

    centre: Point
    radius: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Where. polygons: closed, the last point repeats the first. altitude, ceiling: in feet, as they were written."""

    description: str
    polygons: tuple[tuple[Point, ...], ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[Named, ...] = ()
    altitude: str = ""
    ceiling: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A file that goes with it."""

    description: str
    mime_type: str
    size: str = ""
    uri: str = ""
    content: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What is said in one language. language: as in RFC 3066; the standard's default where none is given."""

    categories: tuple[Category, ...]
    event: str
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    language: str = "en-US"
    response_types: tuple[ResponseType, ...] = ()
    audience: str = ""
    event_codes: tuple[Named, ...] = ()
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[Named, ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A whole message. infos: none in what only acknowledges, or withdraws without a word."""

    identifier: str
    sender: str
    sent: datetime
    status: MessageStatus
    type: MessageType
    scope: Scope
    source: str = ""
    restriction: str = ""
    addresses: str = ""
    codes: tuple[str, ...] = ()
    note: str = ""
    references: tuple[Reference, ...] = ()
    incidents: str = ""
    infos: tuple[Info, ...] = ()

    @property
    def expires(self) -> datetime | None:
        """When the last of it ends; None when some of it never does."""
        ends = [info.expires for info in self.infos]
        return max((one for one in ends if one is not None), default=None) if None not in ends else None

    @property
    def links(self) -> list[str]:
        """Every address in it that somebody could follow."""
        resources = chain.from_iterable(info.resources for info in self.infos)
        return [link for link in (*(info.web for info in self.infos), *(one.uri for one in resources)) if link]

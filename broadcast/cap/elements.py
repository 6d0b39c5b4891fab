"""Which element holds which field of the model, in the order of the schema, and how its text is read and written."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from broadcast.cap.model import (
    Area,
    Circle,
    Info,
    MessageStatus,
    MessageType,
    Named,
    Point,
    Reference,
    Resource,
)
from broadcast.vocabulary import Category, Certainty, ResponseType, Scope, Severity, Urgency
from storage.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Leaf:
    """An element that holds a text. many: it repeats, and its field is a tuple. required: it is there, if empty."""

    tag: str
    field: str
    read: Callable[[str], Any] = str
    write: Callable[[Any], str] = str
    many: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """An element that holds others, and repeats. make: of what its parts say."""

    tag: str
    field: str
    make: Callable[..., Any]
    parts: "tuple[Leaf | Branch, ...]"
    many: bool = True


_NUMBER = re.compile(r"[-+]?(?:\d{1,20}(?:\.\d{0,40})?|\.\d{1,40})", re.ASCII)
_CLOSED = 4  # a triangle, and its first point again
_MOST_REFERENCES = 1000
_DAY = timedelta(days=1)


def moment(text: str) -> datetime:
    """A moment with its own offset; raises InvalidInput for what no calendar knows."""
    midnight = text.replace("T24:00:00", "T00:00:00")
    try:
        read = datetime.fromisoformat(midnight) + (_DAY if midnight != text else timedelta())
        read.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput(f"impossible date: {text}") from None
    if read.tzinfo is None:
        raise InvalidInput(f"impossible date: {text} has no offset")
    return read


def written_moment(value: datetime) -> str:
    """To the second; UTC is written as the standard wants it."""
    text = value.replace(microsecond=0).isoformat()
    return f"{text[:-6]}-00:00" if text.endswith("+00:00") else text


def polygon(text: str) -> tuple[Point, ...]:
    """A closed line; empty for an empty element. Raises InvalidInput."""
    points = tuple(_point(one, "polygon") for one in text.split())
    if points and (len(points) < _CLOSED or points[0] != points[-1]):
        raise InvalidInput("open polygon: it must have four points or more, the last the same as the first")
    return points


def _written_polygon(points: tuple[Point, ...]) -> str:
    return " ".join(map(_written_point, points))


def circle(text: str) -> Circle:
    """A point and a radius; raises InvalidInput."""
    centre, _, radius = text.strip().partition(" ")
    length = _number(radius.strip())
    if length is None or length < 0:
        raise InvalidInput(
            f"{text.strip()[:40]} is no circle: a point and a radius in kilometres, such as 51.03,4.48 2.5"
        )
    return Circle(_point(centre, "circle"), length)


def _written_circle(one: Circle) -> str:
    return f"{_written_point(one.centre)} {_written_number(one.radius)}"


def _point(text: str, of: str) -> Point:
    parts = [_number(one) for one in text.split(",")]
    match parts:
        case [float(latitude), float(longitude)] if abs(latitude) <= 90 and abs(longitude) <= 180:  # noqa: PLR2004
            return latitude, longitude
        case _:
            raise InvalidInput(
                f"{text[:40]} is no point of a {of}: degrees of latitude and longitude, such as 51.03,4.48"
            )


def _written_point(point: Point) -> str:
    return ",".join(map(_written_number, point))


def _number(text: str) -> float | None:
    number = float(text) if _NUMBER.fullmatch(text) else math.nan
    return number if math.isfinite(number) else None


def _written_number(value: float) -> str:
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def references(text: str) -> tuple[Reference, ...]:
    """What can be read of a list of earlier messages; what cannot is left out, and warned of elsewhere."""
    found = (_reference(one) for one in text.split(maxsplit=_MOST_REFERENCES)[:_MOST_REFERENCES])
    return tuple(one for one in found if one is not None)


def _reference(text: str) -> Reference | None:
    parts = text.split(",")
    if len(parts) != 3:  # noqa: PLR2004 - sender, identifier, sent
        return None
    try:
        return Reference(parts[0], parts[1], moment(parts[2]))
    except InvalidInput:
        return None


def _written_references(values: tuple[Reference, ...]) -> str:
    return " ".join(f"{one.sender},{one.identifier},{written_moment(one.sent)}" for one in values)


def _named(tag: str, field: str) -> Branch:
    parts = (Leaf("valueName", "name", required=True), Leaf("value", "value", required=True))
    return Branch(tag, field, Named, parts)


_RESOURCE = (
    Leaf("resourceDesc", "description", required=True),
    Leaf("mimeType", "mime_type", required=True),
    Leaf("size", "size"),
    Leaf("uri", "uri"),
    Leaf("derefUri", "content"),
    Leaf("digest", "digest"),
)
_AREA = (
    Leaf("areaDesc", "description", required=True),
    Leaf("polygon", "polygons", polygon, _written_polygon, many=True),
    Leaf("circle", "circles", circle, _written_circle, many=True),
    _named("geocode", "geocodes"),
    Leaf("altitude", "altitude"),
    Leaf("ceiling", "ceiling"),
)
_INFO = (
    Leaf("language", "language"),
    Leaf("category", "categories", Category, many=True),
    Leaf("event", "event", required=True),
    Leaf("responseType", "response_types", ResponseType, many=True),
    Leaf("urgency", "urgency", Urgency),
    Leaf("severity", "severity", Severity),
    Leaf("certainty", "certainty", Certainty),
    Leaf("audience", "audience"),
    _named("eventCode", "event_codes"),
    Leaf("effective", "effective", moment, written_moment),
    Leaf("onset", "onset", moment, written_moment),
    Leaf("expires", "expires", moment, written_moment),
    Leaf("senderName", "sender_name"),
    Leaf("headline", "headline"),
    Leaf("description", "description"),
    Leaf("instruction", "instruction"),
    Leaf("web", "web"),
    Leaf("contact", "contact"),
    _named("parameter", "parameters"),
    Branch("resource", "resources", Resource, _RESOURCE),
    Branch("area", "areas", Area, _AREA),
)
ALERT = (
    Leaf("identifier", "identifier", required=True),
    Leaf("sender", "sender", required=True),
    Leaf("sent", "sent", moment, written_moment),
    Leaf("status", "status", MessageStatus),
    Leaf("msgType", "type", MessageType),
    Leaf("source", "source"),
    Leaf("scope", "scope", Scope),
    Leaf("restriction", "restriction"),
    Leaf("addresses", "addresses"),
    Leaf("code", "codes", many=True),
    Leaf("note", "note"),
    Leaf("references", "references", references, _written_references),
    Leaf("incidents", "incidents"),
    Branch("info", "infos", Info, _INFO),
)

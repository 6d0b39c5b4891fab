"""An alert as a TOML or JSON file holds it: the words of `Content`, what is left out being as usual for its kind."""

import json
import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from broadcast.alert import Content
from broadcast.selection import Selection
from broadcast.vocabulary import Category, Certainty, Kind, ResponseType, Severity, Status, Urgency
from people.organisation import BRUSSELS
from storage.errors import InvalidInput

_TEXTS = ("texts", "instructions", "short_texts")
_PLAIN = ("title", "area", "contact", "web")
_MOMENTS = ("effective_at", "onset_at", "expires_at")
_WORDS = (
    *("kind", "status", "severity", "urgency", "certainty", "categories", "response_types"),
    *("audience", "ask_if_safe"),
)


def read(path: Path, at: datetime) -> Content:
    """What the file says; raises InvalidInput with what to change. A moment without a zone is local time."""
    try:
        text = path.read_text("utf-8")
        given = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise InvalidInput(f"{path} cannot be read: {error}") from error
    if not isinstance(given, dict):
        raise InvalidInput(f"{path} holds no alert")
    if unknown := given.keys() - {*_TEXTS, *_PLAIN, *_MOMENTS, *_WORDS}:
        raise InvalidInput(f"An alert knows nothing of: {', '.join(sorted(unknown))}")
    try:
        return _content(given, at)
    except (AttributeError, TypeError, ValueError) as error:
        raise InvalidInput(f"{path} holds something that is no alert: {error}") from error


def _content(given: Mapping[str, Any], at: datetime) -> Content:
    kind = Kind(given.get("kind", Kind.OTHER))
    usual = kind.suggestion
    moments = {name: _moment(given[name]) for name in _MOMENTS if name in given}
    begins = max(moments.get("effective_at", at), at)
    return Content(
        severity=Severity(given.get("severity", usual.severity)),
        title=str(given.get("title", "")),
        audience=Selection.read(given.get("audience", {})),
        kind=kind,
        status=Status(given.get("status", Status.ACTUAL)),
        categories=tuple(map(Category, given.get("categories", usual.categories))),
        urgency=Urgency(given.get("urgency", usual.urgency)),
        certainty=Certainty(given.get("certainty", usual.certainty)),
        response_types=tuple(map(ResponseType, given.get("response_types", usual.response_types))),
        area=str(given.get("area", "")),
        texts=_texts(given, "texts"),
        instructions=_texts(given, "instructions"),
        short_texts=_texts(given, "short_texts"),
        contact=str(given.get("contact", "")),
        web=str(given.get("web", "")),
        ask_if_safe=_choice(given.get("ask_if_safe")),
        expires_at=moments.get("expires_at", begins + usual.lasts),
        effective_at=moments.get("effective_at"),
        onset_at=moments.get("onset_at"),
    )


def _texts(given: Mapping[str, Any], name: str) -> dict[str, str]:
    return {str(language): str(text) for language, text in given.get(name, {}).items()}


def _choice(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise TypeError("ask_if_safe is true, false, or left out")


def _moment(value: Any) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=BRUSSELS)

"""Four eyes: somebody else approves exactly what was submitted; alone in an emergency, soon and on the record."""

import hashlib
import json
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from typing import Any

from broadcast.alert import Alert, Content
from storage.errors import Conflict, Forbidden, InvalidInput

OVERRIDE_LASTS = timedelta(minutes=15)
OVERRIDDEN_ALERT_LASTS = timedelta(hours=2)


def digest(content: Content, acknowledged: Collection[str] = ()) -> str:
    """What an approval is bound to, as 64 hexadecimal characters: every field of the content, and which warnings were
    acknowledged when it was submitted."""
    signed = [_canonical(content), sorted(acknowledged)]
    return hashlib.sha256(json.dumps(signed, sort_keys=True).encode()).hexdigest()


def _canonical(value: Any) -> Any:
    """One written form of the same content, whichever keyboard or browser it came from, in whichever order."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, Mapping):
        return {key: _canonical(one) for key, one in value.items()}
    if isinstance(value, tuple | frozenset):
        every = [_canonical(one) for one in value]
        return sorted(every) if isinstance(value, frozenset) else every
    if is_dataclass(value):
        return {one.name: _canonical(getattr(value, one.name)) for one in fields(value)}
    return value


def check(alert: Alert, officer_id: int, seen: str, at: datetime, override_reason: str | None = None) -> bool:
    """Whether the officer may approve what they saw; True when that is by emergency override.

    seen: the digest of what was on their screen. Raises Conflict when it changed or its time passed, Forbidden for
    one's own alert, InvalidInput for an override without reason.
    """
    if seen != digest(alert.content, alert.acknowledged):
        raise Conflict("The alert was changed since you opened it: read it again")
    if alert.content.expires_at <= at:
        raise Conflict("The time of this alert has passed")
    if officer_id not in {*alert.author_ids, alert.submitted_by}:
        return False
    _check_override(alert, at, override_reason)
    return True


def _check_override(alert: Alert, at: datetime, reason: str | None) -> None:
    if reason is None:
        raise Forbidden("Somebody else must approve an alert that you wrote or submitted")
    if not reason.strip():
        raise InvalidInput("An emergency override needs a reason")
    if not alert.content.severity.is_life_safety:
        raise Forbidden("Only an alert on which lives may depend can be approved by its author")
    if alert.submitted_at is None or at > alert.submitted_at + OVERRIDE_LASTS:
        raise Conflict("An emergency override is possible within 15 minutes of submitting; submit the alert again")
    if alert.content.expires_at > at + OVERRIDDEN_ALERT_LASTS:
        raise Forbidden("An alert approved by its author may last two hours at most: shorten it")

"""Four eyes: somebody else approves exactly what was submitted; alone in an emergency, soon and on the record."""

import hashlib
import json
import unicodedata
from datetime import datetime, timedelta

from broadcast.alert import Alert, Content
from storage.errors import Conflict, Forbidden, InvalidInput

OVERRIDE_LASTS = timedelta(minutes=15)
OVERRIDDEN_ALERT_LASTS = timedelta(hours=2)


def digest(content: Content) -> str:
    """What an approval is bound to: texts, languages, audience, severity and expiry, as 64 hexadecimal characters."""
    canonical = {
        "title": _canonical(content.title),
        "texts": {language: _canonical(text) for language, text in content.texts.items()},
        "severity": content.severity,
        "audience": content.audience.as_json(),
        "expires": content.expires_at.timestamp(),
    }
    return hashlib.sha256(json.dumps(canonical, sort_keys=True).encode()).hexdigest()


def _canonical(text: str) -> str:
    """One written form of the same text, whichever keyboard or browser it came from."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()


def check(alert: Alert, officer_id: int, seen: str, at: datetime, override_reason: str | None = None) -> bool:
    """Whether the officer may approve what they saw; True when that is by emergency override.

    seen: the digest of what was on their screen. Raises Conflict when it changed or its time passed, Forbidden for
    one's own alert, InvalidInput for an override without reason.
    """
    if seen != digest(alert.content):
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

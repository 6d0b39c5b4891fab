"""The words in which an alert is described: those of the Common Alerting Protocol (OASIS CAP 1.2, section 3.2).

The kinds of message are ours; each suggests the rest, so that whoever is in a hurry fills in little.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Status(StrEnum):
    """Whether it is meant: an exercise or a test is marked as such wherever it is read."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    TEST = "Test"


class Scope(StrEnum):
    """Who may read it: only what is public stands in the feed for everybody."""

    PUBLIC = "Public"
    RESTRICTED = "Restricted"
    PRIVATE = "Private"


class Category(StrEnum):
    """To which field the subject belongs."""

    GEO = "Geo"
    MET = "Met"
    SAFETY = "Safety"
    SECURITY = "Security"
    RESCUE = "Rescue"
    FIRE = "Fire"
    HEALTH = "Health"
    ENV = "Env"
    TRANSPORT = "Transport"
    INFRA = "Infra"
    CBRNE = "CBRNE"
    OTHER = "Other"


class Severity(StrEnum):
    """How grave the threat is."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"

    @property
    def is_life_safety(self) -> bool:
        """Whether lives may depend on it: it overtakes the rest, and rather comes twice than not at all."""
        return self in {Severity.EXTREME, Severity.SEVERE}


class Urgency(StrEnum):
    """How soon people must act."""

    IMMEDIATE = "Immediate"
    EXPECTED = "Expected"  # within the hour
    FUTURE = "Future"
    PAST = "Past"
    UNKNOWN = "Unknown"


class Certainty(StrEnum):
    """How sure it is."""

    OBSERVED = "Observed"
    LIKELY = "Likely"  # more than half
    POSSIBLE = "Possible"
    UNLIKELY = "Unlikely"
    UNKNOWN = "Unknown"


class ResponseType(StrEnum):
    """What people are asked to do."""

    SHELTER = "Shelter"
    EVACUATE = "Evacuate"
    PREPARE = "Prepare"
    EXECUTE = "Execute"
    AVOID = "Avoid"
    MONITOR = "Monitor"
    ASSESS = "Assess"
    ALL_CLEAR = "AllClear"
    NONE = "None"


class Kind(StrEnum):
    """What the message is about: CAP's event, as a short list of our own."""

    GAS_LEAK = "gas_leak"
    FIRE = "fire"
    HAZARDOUS_SUBSTANCE = "hazardous_substance"
    FLOOD = "flood"
    STORM = "storm"
    POWER_CUT = "power_cut"
    DRINKING_WATER = "drinking_water"
    MISSING_PERSON = "missing_person"
    BURGLARY = "burglary"
    SCAM = "scam"
    PUBLIC_ORDER = "public_order"
    ACCIDENT = "accident"
    ROAD_WORKS = "road_works"
    ACTIVITY = "activity"
    NEWSLETTER = "newsletter"
    OTHER = "other"

    @property
    def suggestion(self) -> "Suggestion":
        """How a message of this kind usually is."""
        return _SUGGESTED[self]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a kind of message usually is. lasts: from sending to expiry."""

    categories: tuple[Category, ...]
    severity: Severity
    urgency: Urgency
    certainty: Certainty
    response_types: tuple[ResponseType, ...]
    lasts: timedelta


def _suggestion(
    category: Category,
    severity: Severity,
    urgency: Urgency,
    certainty: Certainty,
    response: ResponseType,
    hours: float,
) -> Suggestion:
    return Suggestion((category,), severity, urgency, certainty, (response,), timedelta(hours=hours))


C, S, U, L, R = Category, Severity, Urgency, Certainty, ResponseType
_SUGGESTED = {
    Kind.GAS_LEAK: _suggestion(C.CBRNE, S.EXTREME, U.IMMEDIATE, L.OBSERVED, R.EVACUATE, 2),
    Kind.FIRE: _suggestion(C.FIRE, S.SEVERE, U.IMMEDIATE, L.OBSERVED, R.SHELTER, 2),
    Kind.HAZARDOUS_SUBSTANCE: _suggestion(C.CBRNE, S.SEVERE, U.IMMEDIATE, L.OBSERVED, R.SHELTER, 2),
    Kind.FLOOD: _suggestion(C.GEO, S.SEVERE, U.EXPECTED, L.LIKELY, R.PREPARE, 6),
    Kind.STORM: _suggestion(C.MET, S.MODERATE, U.EXPECTED, L.LIKELY, R.PREPARE, 12),
    Kind.POWER_CUT: _suggestion(C.INFRA, S.MODERATE, U.IMMEDIATE, L.OBSERVED, R.MONITOR, 6),
    Kind.DRINKING_WATER: _suggestion(C.HEALTH, S.SEVERE, U.IMMEDIATE, L.OBSERVED, R.AVOID, 12),
    Kind.MISSING_PERSON: _suggestion(C.RESCUE, S.MODERATE, U.IMMEDIATE, L.OBSERVED, R.MONITOR, 12),
    Kind.BURGLARY: _suggestion(C.SECURITY, S.MODERATE, U.IMMEDIATE, L.OBSERVED, R.MONITOR, 12),
    Kind.SCAM: _suggestion(C.SECURITY, S.MINOR, U.EXPECTED, L.OBSERVED, R.MONITOR, 24),
    Kind.PUBLIC_ORDER: _suggestion(C.SECURITY, S.MODERATE, U.IMMEDIATE, L.OBSERVED, R.AVOID, 6),
    Kind.ACCIDENT: _suggestion(C.TRANSPORT, S.MODERATE, U.IMMEDIATE, L.OBSERVED, R.AVOID, 6),
    Kind.ROAD_WORKS: _suggestion(C.TRANSPORT, S.MINOR, U.FUTURE, L.LIKELY, R.AVOID, 72),
    Kind.ACTIVITY: _suggestion(C.OTHER, S.MINOR, U.FUTURE, L.LIKELY, R.NONE, 72),
    Kind.NEWSLETTER: _suggestion(C.OTHER, S.MINOR, U.FUTURE, L.OBSERVED, R.NONE, 72),
    Kind.OTHER: _suggestion(C.OTHER, S.MODERATE, U.UNKNOWN, L.UNKNOWN, R.MONITOR, 6),
}

"""A resident as the rest of the application sees one."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Address:
    """One way to reach a resident; the value itself stays sealed until a message leaves."""

    id: int
    resident_id: int
    channel: str
    state: str  # active | blocked | bad
    last_inbound_at: datetime | None


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody who wrote to an organisation, or was invited by it."""

    id: int
    organisation_id: int
    wrapped_key: bytes | None
    language: str | None
    requested_language: str | None

"""The one place that asks what time it is, always in UTC."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, with time zone UTC."""
    return datetime.now(UTC)

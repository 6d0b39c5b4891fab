"""Every table of the application, for migrations to compare with the database."""

import bots.tables  # noqa: F401
import broadcast.cap.tables
import broadcast.tables  # noqa: F401
import messaging.tables  # noqa: F401
import participation.tables  # noqa: F401
import people.tables  # noqa: F401
from storage.tables import metadata

__all__ = ["metadata"]

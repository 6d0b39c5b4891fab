"""Where inbound messages of a provider that hardly retries wait while the database is away.

Twilio tries twice within half a minute and then forgets. Each arrival is one file, sealed already, fsynced before
anybody answers 200, and stored in the inbox as soon as the database is back; the inbox drops what it has already.
"""

import json
import logging
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from messaging.repository.inbox import Arrival

_log = logging.getLogger(__name__)


class Spool:
    """A folder of waiting arrivals."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, arrival: Arrival) -> None:
        """Write it down durably; raises OSError when the disk does not take it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        value = asdict(arrival) | {
            "payload": b64encode(arrival.payload).decode(),
            "received_at": arrival.received_at.isoformat(),
        }
        # Sorted by name they are in the order of their arrival; the provider's id may hold anything.
        digest = sha256(f"{arrival.sender_id} {arrival.provider_id}".encode()).hexdigest()[:16]
        target = self._folder / f"{arrival.received_at:%Y%m%dT%H%M%S%f}-{digest}.json"
        draft = target.with_suffix(".draft")
        with draft.open("w") as file:
            json.dump(value, file)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
        self._sync_folder()

    def waiting(self) -> Iterator[tuple[Path, Arrival]]:
        """What waits, and the file to remove once it is stored."""
        for path in sorted(self._folder.glob("*.json")):
            arrival = _read(path)
            if arrival is not None:
                yield path, arrival

    def _sync_folder(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _read(path: Path) -> Arrival | None:
    """One file; one that a broken disk or a hand spoilt is set aside, so that it stops no other."""
    try:
        value = json.loads(path.read_text())
        value["payload"] = b64decode(value["payload"])
        value["received_at"] = datetime.fromisoformat(value["received_at"])
        return Arrival(**value)
    except (ValueError, KeyError, TypeError) as error:
        _log.error("A spooled message cannot be read, it is set aside: %s (%s)", path.name, type(error).__name__)
        path.rename(path.with_suffix(".unreadable"))
        return None

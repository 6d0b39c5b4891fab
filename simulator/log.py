"""What happened at the far end: an append-only log that tests, the demo and independent counts read."""

import asyncio
import json
from collections import Counter, deque
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TypedDict

from simulator.clock import Clock

Event = Literal[
    "accepted",
    "refused",
    "status",
    "edited",
    "typing",
    "inbound",
    "taken",
    "lost",
    "answered",
    "auto_reply",
    "violation",
]
"""accepted, refused: a request of the application; status, edited: of an accepted message; typing: it shows that.
inbound: a person did something; taken, lost: the application did, or did not, take it; answered: it answered a press.
auto_reply: the provider itself confirms STOP, START or HELP. violation: against the provider's own specification.
"""


class Entry(TypedDict, total=False):
    """One line of the log; what does not apply is left out.

    n: 1, 2, 3 … without gaps. at: virtual time, ISO 8601 in UTC. event: see Event.
    account: the bot's user name or the number of the application; address: the person's chat id or number.
    choices: label and data of each button; template: ContentSid; media: photo, location or voice.
    code: the provider's error code; uncertain: the application cannot know that this was accepted.
    """

    n: int
    at: str
    event: Event
    channel: str
    method: str
    account: str
    address: str
    person: str
    text: str
    media: str
    choices: Sequence[Sequence[str]]
    template: str
    provider_id: str
    quoted: str
    pressed: str
    status: str
    code: str
    reason: str
    retry_after: int
    uncertain: bool


class Log:
    """Entries in memory (the last `keep`), counts of all, violations of all, and a file if wanted."""

    def __init__(self, clock: Clock, *, keep: int, enabled: bool = True, path: Path | None = None) -> None:
        self._clock = clock
        self._enabled = enabled
        self._entries: deque[Entry] = deque(maxlen=keep)
        self._n = 0
        self._file = path.open("a", encoding="utf-8", buffering=1) if path else None
        self._changed: asyncio.Event | None = None
        self.closed = False
        self.counts: Counter[str] = Counter()
        self.violations: list[Entry] = []

    def add(self, event: Event, channel: str, **fields: Any) -> None:
        """Append an entry; fields that are None or empty are left out."""
        self.counts[f"{channel}.{event}"] += 1
        if not self._enabled and event != "violation":
            return
        self._n += 1
        at = datetime.fromtimestamp(self._clock.timestamp(), UTC).isoformat(timespec="milliseconds")
        entry: Entry = {"n": self._n, "at": at, "event": event, "channel": channel}
        entry.update({name: value for name, value in fields.items() if value not in (None, "", ())})  # type: ignore[typeddict-item]
        self._entries.append(entry)
        if event == "violation":
            self.violations.append(entry)
        if self._file:
            self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        self._wake()

    @property
    def last(self) -> int:
        """Number of the last entry, 0 when there is none."""
        return self._n

    def after(self, n: int) -> list[Entry]:
        """The entries that followed entry `n`, as far as they are kept."""
        if not self._entries:
            return []
        return list(islice(self._entries, max(0, n + 1 - self._entries[0]["n"]), None))

    async def wait(self, n: int, seconds: float) -> list[Entry]:
        """The entries after `n`, waiting at most `seconds` for the first."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not (entries := self.after(n)) and not self.closed:
            left = deadline - asyncio.get_running_loop().time()
            self._changed = self._changed or asyncio.Event()
            try:
                await asyncio.wait_for(self._changed.wait(), max(0.0, left))
            except TimeoutError:
                return self.after(n)
        return entries

    def close(self) -> None:
        """End who waits, and the file."""
        self.closed = True
        self._wake()
        if self._file:
            self._file.close()
            self._file = None

    def _wake(self) -> None:
        if self._changed:
            self._changed.set()
            self._changed = None

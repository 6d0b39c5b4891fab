"""What shows that people agreed to alerts: without it, an import makes members who are sent nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Self

from broadcast.members.entry import Entry
from people.organisation import BRUSSELS
from storage.errors import InvalidInput

LONGEST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """on: the day, where the file tells none for a person. how: a paper form, say. wording: what they agreed to.

    everybody: a file that does not tell who agreed holds people who did.
    """

    on: date | None
    how: str
    wording: str
    everybody: bool

    @classmethod
    def given(cls, on: str, how: str, wording: str, *, everybody: bool, today: date) -> "Evidence | None":
        """From a form or a command; None where nothing is given. Raises InvalidInput for half of it, or a later day."""
        how, wording = " ".join(how.split()), wording.strip()
        if not (on.strip() or how or wording or everybody):
            return None
        if not how or not wording or max(len(how), len(wording)) > LONGEST:
            raise InvalidInput("Consent needs evidence: how people agreed, and the words that they agreed to")
        try:
            day = date.fromisoformat(on.strip()) if on.strip() else None
        except ValueError as error:
            raise InvalidInput("The day on which people agreed is written as 2026-01-31") from error
        if everybody and day is None:
            raise InvalidInput("Consent needs evidence: the day on which people agreed")
        if day is not None and day > today:
            raise InvalidInput("The day on which people agreed lies in the future")
        return cls(on=day, how=how, wording=wording, everybody=everybody)

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """From what `as_json` gave."""
        on = date.fromisoformat(value["on"]) if value["on"] else None
        return cls(on=on, how=value["how"], wording=value["wording"], everybody=value["everybody"])

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the import."""
        on = self.on.isoformat() if self.on else None
        return {"on": on, "how": self.how, "wording": self.wording, "everybody": self.everybody}

    def given_at(self, entry: Entry) -> datetime | None:
        """Since when this person has agreed; None for who did not, or nobody knows when."""
        agreed = self.everybody if entry.consent is None else entry.consent
        day = entry.consent_on or self.on
        return datetime.combine(day, time(), BRUSSELS) if agreed and day is not None else None

    @property
    def text(self) -> str:
        """What is kept with each consent."""
        return f"{self.wording} ({self.how})"

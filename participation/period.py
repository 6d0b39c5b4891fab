"""Days as residents live them: in local time, from one midnight to the next."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from people.organisation import BRUSSELS


def local_day(at: datetime) -> date:
    """The date in Belgium at this moment."""
    return at.astimezone(BRUSSELS).date()


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, both ends included."""

    first: date
    last: date

    @classmethod
    def until(cls, last: date, days: int) -> "Period":
        """So many days, of which `last` is the last."""
        return cls(last - timedelta(days=days - 1), last)

    @property
    def days(self) -> tuple[date, ...]:
        """Every day, the earliest first."""
        return tuple(self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))

"""How long something took: on the clock and in office hours, kept compactly, with quantiles that anyone can recount.

Mean values are exact. For quantiles each time is kept rounded to three significant digits, at most 0.5% off. Rounding
never changes an order, so a quantile by nearest rank equals the exact one of the whole log, rounded in the same way.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import ceil

from people.organisation import BRUSSELS, OfficeHours

_DIGITS = 3


def rounded(microseconds: int) -> int:
    """To three significant digits, halves upwards."""
    step: int = 10 ** max(len(str(microseconds)) - _DIGITS, 0)
    return (microseconds + step // 2) // step * step


def quantile(histogram: Mapping[int, int], share: float) -> int:
    """By nearest rank: the smallest value that at least this share (above 0, at most 1) of the values do not exceed.

    histogram: how often each value occurs; raises ValueError when it is empty.
    """
    rank = ceil(share * sum(histogram.values()))
    seen = 0
    for value in sorted(histogram):
        seen += histogram[value]
        if seen >= rank:
            return value
    raise ValueError("nothing was measured")


def office_time(hours: OfficeHours, start: datetime, end: datetime) -> timedelta:
    """How much of the time from `start` to `end` falls in office hours."""
    day, last = start.astimezone(BRUSSELS).date(), end.astimezone(BRUSSELS).date()
    open_time = timedelta()
    while day <= last:
        for opens, closes in hours.week[day.weekday()]:
            # In UTC, because on the day of the change of summer time the clock's difference is not the time passed.
            earliest = datetime.combine(day, opens, BRUSSELS).astimezone(UTC)
            latest = datetime.combine(day, closes, BRUSSELS).astimezone(UTC)
            open_time += max(min(latest, end) - max(earliest, start), timedelta())
        day += timedelta(days=1)
    return open_time

"""Moments, durations and numbers as people in Belgium read them."""

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_datetime, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent
from markupsafe import Markup

from people.organisation import BRUSSELS
from storage.clock import now

_ONE_PERCENT = 0.01
_LOCALES = {"nl": "nl_BE", "en": "en_GB"}


def filters(language: str) -> dict[str, Callable[..., Any]]:
    """The filters of the templates in one language."""
    locale = _LOCALES[language]

    def moment(at: datetime) -> Markup:
        """The moment in local time: the hour alone for today, else with the day."""
        local, today = at.astimezone(BRUSSELS), now().astimezone(BRUSSELS).date()
        shown = format_time(local, "HH:mm", locale=locale)
        if local.date() != today:
            year = "" if local.year == today.year else " y"
            shown = format_datetime(local, f"EEE d MMM{year} HH:mm", locale=locale)
        return Markup('<time datetime="{}">{}</time>').format(at.isoformat(timespec="seconds"), shown)

    def duration(since: datetime | timedelta) -> str:
        """How long something takes, or has lasted until now: "5 minutes"."""
        span = since if isinstance(since, timedelta) else max(now() - since, timedelta())
        return format_timedelta(span, locale=locale, granularity="minute", threshold=1)

    def span(seconds: float) -> str:
        """How long sending takes: "12 seconds", "3 minutes"."""
        return format_timedelta(
            timedelta(seconds=max(1, math.ceil(seconds))), locale=locale, threshold=1.5, format="short"
        )

    def euro(value: float) -> str:
        return format_currency(value, "EUR", locale=locale)

    def number(value: float) -> str:
        return format_decimal(value, locale=locale)

    def percent(value: float) -> str:
        return format_percent(value, format="0.##%" if value < _ONE_PERCENT else "0.#%", locale=locale)

    def local(at: datetime) -> str:
        """As a field for date and time wants it."""
        return at.astimezone(BRUSSELS).strftime("%Y-%m-%dT%H:%M")

    return {
        "moment": moment,
        "duration": duration,
        "span": span,
        "euro": euro,
        "number": number,
        "percent": percent,
        "local": local,
    }

"""The report of an alert as sections: each with a table, of which page, CSV and PDF are made."""

import csv
import dataclasses
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

from babel.dates import format_datetime, format_timedelta
from babel.numbers import format_currency

from broadcast.results.report import EventReport, Report
from console import formats, labels
from console.figures import Section
from locales.catalogue import translate
from messaging.repository.handed import WITHIN
from participation import charts
from participation.charts import Bar
from people.organisation import BRUSSELS


class ReportWriter:
    """Writes the report in one language."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._filters = formats.filters(language)

    def sections(self, found: Report) -> Iterator[Section]:
        """All of it, in order: how it went, then each message."""
        yield self._together(found)
        for one in found.events:
            yield self._reached(one)
            yield self._when(one)
            yield self._missed(one)

    def _say(self, message: str, values: Mapping[str, object] | None = None) -> str:
        return translate("console", self._language, message) % (values or {})

    def _number(self, value: int | None) -> str:
        return self._say("fewer than 5, or hidden with them") if value is None else str(self._filters["number"](value))

    def _euros(self, value: float | None) -> str:
        if value is None:
            return self._say("no price is set")
        return format_currency(value, "EUR", locale=self._language)

    def _label(self, value: str, kind: str) -> str:
        return self._say(labels.label(value, kind))

    def _called(self, one: EventReport) -> str:
        at = format_datetime(one.event.created_at.astimezone(BRUSSELS), "d MMM HH:mm", locale=self._language)
        return f"{self._label(one.event.kind, 'event')}, {at}"

    def _together(self, found: Report) -> Section:
        rows = [[self._label(answer, "answer"), self._number(number)] for answer, number in found.answers.items()]
        rows += [
            [self._say("Messages that answered it"), self._number(found.replies)],
            [self._say("Cost, by the prices in the settings"), self._euros(found.euros)],
        ]
        title = self._say("How people answered, and the cost")
        return Section("together", title, "", None, [self._say("What"), self._say("Number")], rows)

    def _reached(self, one: EventReport) -> Section:
        figures = [
            ("People it was for", one.people),
            ("Reached", one.reached),
            ("Of whom surely delivered or read", one.delivered),
            ("Unclear whether it left", one.unknown),
            ("Still waiting", one.waiting),
            ("Possibly received twice", one.possible_duplicates),
            ("Parts of SMS", one.parts),
        ]
        rows = [[self._say(name), self._number(number)] for name, number in figures]
        for channel, number in one.by_channel.items():
            rows.append([f"{self._say('Reached')}: {self._label(channel, 'channel')}", self._number(number)])
        for channel, number in one.told_otherwise.items():
            name = self._say("Sent another way, because the first failed")
            rows.append([f"{name}: {self._label(channel, 'channel')}", self._number(number)])
        rows.append([self._say("Cost"), self._euros(one.euros)])
        columns = [self._say("What"), self._say("Number")]
        return Section(f"reached-{one.event.id}", self._called(one), one.event.texts["nl"], None, columns, rows)

    def _when(self, one: EventReport) -> Section:
        title = self._say("When it reached people: %(event)s", {"event": self._called(one)})
        explanation = self._say("From the moment it was sent until the provider took the message for each person.")
        times = self._times()
        totals = [sum(counts) for counts in zip(*one.within.values(), strict=True)] or [0] * len(times)
        bars = [Bar(time, number, self._number(number)) for time, number in zip(times, totals, strict=True)]
        name = f"when-{one.event.id}"
        chart = charts.bars(name, title, explanation, bars) if sum(totals) else None
        channels = [self._label(channel, "channel") for channel in one.within]
        rows = [
            [time, *(self._number(counts[place]) for counts in one.within.values()), self._number(totals[place])]
            for place, time in enumerate(times)
        ]
        columns = [self._say("Time"), *channels, self._say("Total")]
        return Section(name, title, explanation, chart, columns, rows)

    def _times(self) -> list[str]:
        """From which moment until which: who is counted in one is not counted in the next."""
        ends = [format_timedelta(timedelta(seconds=end), locale=self._language, threshold=1.1) for end in WITHIN]
        between = [self._say("%(start)s to %(end)s", {"start": start, "end": end}) for start, end in pairwise(ends)]
        return [self._say("within %(time)s", {"time": ends[0]}), *between, self._say("later")]

    def _missed(self, one: EventReport) -> Section:
        title = self._say("Who was not reached, and why: %(event)s", {"event": self._called(one)})
        rows = [[self._label(name, "missed"), self._number(number)] for name, number in one.missed.items()]
        return Section(f"missed-{one.event.id}", title, "", None, [self._say("Why"), self._say("Number")], rows)


def as_json(found: Report) -> dict[str, Any]:
    """Of each event its kind and its number instead of all its texts, for programs."""
    events = [
        {
            "event": one.event.id,
            "kind": one.event.kind,
            "sent_at": one.event.created_at.isoformat(),
            **{field.name: getattr(one, field.name) for field in dataclasses.fields(one) if field.name != "event"},
        }
        for one in found.events
    ]
    whole = {field.name: getattr(found, field.name) for field in dataclasses.fields(found)}
    return {**whole, "events": events, "euros": found.euros, "within_seconds": WITHIN}


def as_csv(sections: Iterable[Section]) -> str:
    """A line a figure: what it is about, its name, the column, the value. A spreadsheet takes nothing as a formula."""
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(["section", "figure", "column", "value"])
    for section in sections:
        for row in section.rows:
            for column, value in zip(section.columns[1:], row[1:], strict=True):
                lines.writerow([_plain(cell) for cell in (section.title, row[0], column, value)])
    return written.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell

"""The figures as sections of a page: each a picture with title and description, and a table with the same numbers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date, format_timedelta
from markupsafe import Markup

from console import formats, labels
from locales.catalogue import translate
from participation import charts
from participation.charts import Bar, Pair, Series
from participation.metrics import Breakdown, Rate, ResponseTime, Times
from participation.report import Figures
from participation.study import Comparison, Unit

_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Section:
    """Something measured. columns: the table's head; rows: each begins with what it is about."""

    name: str
    title: str
    explanation: str
    chart: Markup | None
    columns: list[str]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number to begin with. of: what it is a share of, or how it was measured."""

    name: str
    value: str
    of: str


class Writer:
    """Writes figures down in one language. topics: how each topic is called."""

    def __init__(self, language: str, topics: Mapping[str, str]) -> None:
        self._language = language
        self._topics = topics
        self._filters = formats.filters(language)

    def key_figures(self, found: Figures) -> list[KeyFigure]:
        """The four that an officer asks for first."""
        median = self._seconds(found.response.both.clock.median)
        return [
            self._key("Reach", found.reach.reachable),
            self._key("Answered", found.answered),
            KeyFigure(self._say("Median response time"), median, self._say("answered questions, on the clock")),
            self._key("Participation", found.participating),
        ]

    def sections(self, found: Figures) -> Iterator[Section]:
        """All of the page, in order."""
        yield self._study(found.comparisons)
        yield self._days(found)
        yield self._response(found)
        yield self._conversations(found)
        yield self._parts("topics", "Questions by topic", found.topics, self._topic)
        yield self._parts("channels", "Messages received by channel", found.channels, self._label("channel"))
        yield self._parts("languages", "Messages received by language", found.languages, self._label("language"))

    def _say(self, message: str) -> str:
        return translate("console", self._language, message)

    def _key(self, name: str, share: Rate) -> KeyFigure:
        counts = (
            ""
            if share.denominator is None
            else f" ({self._number(share.numerator)} / {self._number(share.denominator)})"
        )
        return KeyFigure(self._say(name), self._share(share), f"{self._say(share.cohort)}{counts}")

    def _hidden(self, share: Rate) -> str:
        return f"; {self._say('hidden (fewer than 5)')}" if share.hidden else ""

    def _share(self, share: Rate) -> str:
        return "–" if share.value is None else self._percent(share.value)

    def _percent(self, value: float) -> str:
        written: str = self._filters["percent"](value)
        return written

    def _number(self, value: int | None) -> str:
        written: str = "–" if value is None else self._filters["number"](value)
        return written

    def _seconds(self, value: float | None) -> str:
        if value is None:
            return "–"
        span = timedelta(seconds=max(round(value), 1))
        return format_timedelta(span, locale=self._language, threshold=1.5)

    def _day(self, day: date) -> str:
        return format_date(day, "d MMM", locale=self._language)

    def _topic(self, name: str) -> str:
        return self._topics.get(name, name.replace("_", " "))

    def _label(self, kind: str) -> Callable[[str], str]:
        return lambda value: self._say(labels.label(value, kind)) if value else self._say("unknown")

    def _study(self, comparisons: tuple[Comparison, ...]) -> Section:
        title = self._say("Beside the study of 2016")
        explanation = self._say(
            "The study asked how many municipalities do a thing at all; here it is counted how much you do it."
        )
        pairs = [
            Pair(self._say(one.name), one.study, one.here, self._compared(one, one.here))
            for one in comparisons
            if one.unit is Unit.SHARE
        ]
        chart = charts.comparison("study", title, explanation, self._say("Study of 2016"), self._say("Here"), pairs)
        rows = [
            [
                self._say(one.name),
                f"{self._compared(one, one.study)} ({self._say(one.study_of)})",
                f"{self._compared(one, one.here)} ({self._say(one.here_of)})",
            ]
            for one in comparisons
        ]
        return Section(
            "study",
            title,
            explanation,
            chart,
            [self._say("Figure"), self._say("Study of 2016"), self._say("Here")],
            rows,
        )

    def _compared(self, one: Comparison, value: float | None) -> str:
        if value is None:
            return "–"
        return self._percent(value) if one.unit is Unit.SHARE else self._seconds(value)

    def _days(self, found: Figures) -> Section:
        title = self._say("Messages and questions per day")
        names = [self._say("Received"), self._say("Sent"), self._say("Questions")]
        values = [
            [one.received for one in found.days],
            [one.sent for one in found.days],
            [one.questions for one in found.days],
        ]
        totals = "; ".join(f"{name}: {self._number(sum(each))}" for name, each in zip(names, values, strict=True))
        days = [self._day(one.day) for one in found.days]
        series = [Series(name, each) for name, each in zip(names, values, strict=True)]
        rows = [
            [day, *(self._number(each[number]) for each in values)] for number, day in reversed(list(enumerate(days)))
        ]
        chart = charts.lines("days", title, totals, days, series)
        return Section("days", title, totals, chart, [self._say("Day"), *names], rows)

    def _response(self, found: Figures) -> Section:
        columns = ["Answered by", "Answers", "Mean", "Median", "Nine out of ten within"]
        who = {"Everybody": found.response.both, "Chatbot": found.response.bot, "Staff member": found.response.officer}
        unanswered = f"{self._say('Unanswered')}: {self._share(found.response.unanswered)}"
        bars = [
            Bar(self._say(name), (one.clock.median or 0) / _MINUTE, self._seconds(one.clock.median))
            for name, one in who.items()
        ]
        title = self._say("Response time")
        measured = found.response.both.clock.median is not None
        return Section(
            "response",
            title,
            f"{self._say('From the question to the first answer that says something; groups under five are hidden.')} "
            f"{unanswered}",
            charts.bars("response", title, f"{self._say('Median')}; {unanswered}", bars) if measured else None,
            [self._say(one) for one in columns],
            [row for name, one in who.items() for row in self._times(name, one)],
        )

    def _times(self, name: str, one: ResponseTime) -> Iterator[list[str]]:
        yield self._row(f"{self._say(name)}, {self._say('on the clock')}", one.clock)
        yield self._row(f"{self._say(name)}, {self._say('in office hours')}", one.office)

    def _row(self, name: str, one: Times) -> list[str]:
        return [name, self._number(one.answers), *(self._seconds(each) for each in (one.mean, one.median, one.p90))]

    def _conversations(self, found: Figures) -> Section:
        talks = found.conversations
        shares = {
            "Two-way contact": talks.two_way,
            "Handed over to a person": talks.handed_over,
            "Participated": talks.participated,
            "Discussed": talks.discussed,
            "Lively networks": found.community,
        }
        title = self._say("What became of conversations")
        opened = f"{self._say('Conversations opened')}: {self._number(talks.opened)}"
        shown = any(one.value is not None for one in shares.values())
        bars = [Bar(self._say(name), one.value or 0, self._share(one)) for name, one in shares.items()]
        chart = charts.bars("conversations", title, opened, bars) if shown else None
        rows = [
            [self._say(name), self._share(one), self._number(one.numerator), self._of(one)]
            for name, one in shares.items()
        ]
        columns = [self._say(one) for one in ("What", "Share", "Number", "Of")]
        return Section("conversations", title, opened, chart, columns, rows)

    def _of(self, share: Rate) -> str:
        return f"{self._number(share.denominator)} {self._say(share.cohort)}{self._hidden(share)}"

    def _parts(self, name: str, title: str, parts: Breakdown, written: Callable[[str], str]) -> Section:
        shown = [(written(one.name), one.count) for one in parts.shares]
        if parts.other:
            shown.append((self._say("Other"), parts.other))
        total = f"{self._say('Total')}: {self._number(parts.total)}"
        rows = [[each, self._number(count), self._percent(count / parts.total)] for each, count in shown]
        bars = [Bar(each, count, self._number(count)) for each, count in shown]
        chart = charts.bars(name, self._say(title), total, bars) if bars else None
        columns = [self._say(one) for one in ("What", "Number", "Share")]
        return Section(name, self._say(title), total, chart, columns, rows)

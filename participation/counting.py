"""From facts to counts, pure: each fact in the order of the log, with what is remembered of its conversation.

A count belongs to a local day, so that counts of any days add up. What a conversation becomes later (answered,
discussed …) is counted on the day of its cohort: the question's, or that on which the conversation opened.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from participation.durations import office_time, rounded
from participation.period import local_day
from people.organisation import OfficeHours
from storage.facts import Fact, FactKind
from storage.tables import MICROSECOND

K = FactKind
PARTICIPATION = frozenset({K.IDEA_SHARED, K.POLL_ANSWERED, K.ALERT_REPLIED, K.ALERT_ACKNOWLEDGED})
DISCUSSION_TURNS = 2


class Metric(StrEnum):
    """What is counted; the dimension's meaning is in the comment."""

    HAPPENED = "happened"  # kind of fact
    RECEIVED = "received"  # channel
    LANGUAGE = "language"  # language of a received message
    SENT = "sent"  # purpose
    ASKED = "asked"  # topic
    ANSWERED_BY_BOT = "answered_by_bot"  # rounded time on the clock, in microseconds
    ANSWERED_BY_OFFICER = "answered_by_officer"
    OFFICE_BY_BOT = "office_by_bot"  # rounded time in office hours, in microseconds
    OFFICE_BY_OFFICER = "office_by_officer"
    CONVERSATION = "conversation"  # what it is or became: a name in `Became`
    ALERT_RECIPIENTS = "alert_recipients"  # channel


class Became(StrEnum):
    """What can be said of a conversation, each once."""

    OPENED = "opened"
    TWO_WAY = "two_way"
    HANDED_OVER = "handed_over"
    PARTICIPATED = "participated"
    DISCUSSED = "discussed"


class Group(StrEnum):
    """Groups of different residents, of which a period's size is asked."""

    WROTE = "wrote"
    PARTICIPATED = "participated"
    REPLIED = "replied"  # to an alert


@dataclass(slots=True)
class Memory:
    """What is remembered of a conversation. open: when each question without an answer was asked.

    turns: turns of the resident since an officer's message; resident_last: whether the last message was the resident's.
    """

    opened_on: date
    became: set[Became] = field(default_factory=set)
    open: list[datetime] = field(default_factory=list)
    resident_wrote: bool = False
    resident_last: bool = False
    officer_wrote: bool = False
    turns: int = 0


@dataclass(slots=True)
class Cell:
    """How often, and the sum of what was measured (microseconds), where something is measured."""

    count: int = 0
    total: int = 0


Key = tuple[date, Metric, str]


@dataclass(slots=True)
class Counts:
    """Everything counted from a stretch of the log."""

    cells: dict[Key, Cell] = field(default_factory=lambda: defaultdict(Cell))
    residents: set[tuple[date, Group, int]] = field(default_factory=set)

    def add(self, day: date, metric: Metric, dimension: str, count: int = 1, total: int = 0) -> None:
        """Count something on a day."""
        cell = self.cells[day, metric, dimension]
        cell.count += count
        cell.total += total


@dataclass(slots=True)
class Counter:
    """Counts facts. memories: of the conversations that occur in them, changed on the way."""

    hours: OfficeHours
    memories: dict[int, Memory]
    counts: Counts = field(default_factory=Counts)

    def count(self, facts: Iterable[Fact]) -> Counts:
        """Count these facts, in the order of the log; gives everything counted so far."""
        for fact in facts:
            self._count(fact)
        return self.counts

    def _count(self, fact: Fact) -> None:
        day = local_day(fact.at)
        self.counts.add(day, Metric.HAPPENED, fact.kind)
        if fact.resident_id is not None:
            for group in _GROUPS.get(fact.kind, ()):
                self.counts.residents.add((day, group, fact.resident_id))
        memory = self._memory(fact, day)
        count = _COUNTED.get(fact.kind)
        if count is not None:
            count(self, fact, day, memory)

    def _memory(self, fact: Fact, day: date) -> Memory:
        """Of the fact's conversation; of one that nobody will ask for again where it belongs to none."""
        if fact.conversation_id is None:
            return Memory(day)
        memory = self.memories.get(fact.conversation_id)
        if memory is None:
            memory = self.memories[fact.conversation_id] = Memory(day)
            self._becomes(memory, Became.OPENED)
        if fact.kind in PARTICIPATION:
            self._becomes(memory, Became.PARTICIPATED)
        return memory

    def _becomes(self, memory: Memory, what: Became) -> None:
        if what not in memory.became:
            memory.became.add(what)
            self.counts.add(memory.opened_on, Metric.CONVERSATION, what)

    def received(self, fact: Fact, day: date, memory: Memory) -> None:
        """A message of a resident; several without one of ours in between are one turn."""
        self.counts.add(day, Metric.RECEIVED, fact.channel or "")
        self.counts.add(day, Metric.LANGUAGE, fact.language or "")
        if memory.officer_wrote and not memory.resident_last:
            memory.turns += 1
            if memory.turns >= DISCUSSION_TURNS:
                self._becomes(memory, Became.DISCUSSED)
        memory.resident_wrote = memory.resident_last = True

    def sent(self, fact: Fact, day: date, memory: Memory) -> None:
        """A message of ours, which may answer what is open."""
        data = fact.data or {}
        by_officer = data.get("purpose") == "officer"
        self.counts.add(day, Metric.SENT, str(data.get("purpose", "")))
        if memory.resident_wrote and fact.conversation_id is not None:
            self._becomes(memory, Became.TWO_WAY)
        memory.officer_wrote = memory.officer_wrote or by_officer
        memory.resident_last = False
        if data.get("substantive"):
            self._answer(fact.at, data.get("seconds"), memory, by_officer=by_officer)

    def _answer(self, at: datetime, seconds: float | None, memory: Memory, *, by_officer: bool) -> None:
        """What was asked up to the message that this one answers is answered; what came later still waits."""
        until = at if seconds is None else at - timedelta(seconds=seconds)
        answered = [asked for asked in memory.open if asked <= until]
        memory.open = [asked for asked in memory.open if asked > until]
        clock = Metric.ANSWERED_BY_OFFICER if by_officer else Metric.ANSWERED_BY_BOT
        office = Metric.OFFICE_BY_OFFICER if by_officer else Metric.OFFICE_BY_BOT
        for asked in answered:
            self._measure(clock, asked, max(at - asked, timedelta()))
            self._measure(office, asked, office_time(self.hours, asked, at))

    def _measure(self, metric: Metric, asked: datetime, took: timedelta) -> None:
        microseconds = took // MICROSECOND
        self.counts.add(local_day(asked), metric, str(rounded(microseconds)), total=microseconds)

    def asked(self, fact: Fact, day: date, memory: Memory) -> None:
        """A question that waits for its answer."""
        self.counts.add(day, Metric.ASKED, fact.intent or "")
        memory.open.append(fact.at)

    def handover(self, fact: Fact, day: date, memory: Memory) -> None:  # noqa: ARG002
        """Somebody asked for an officer, or an officer came without being asked."""
        if fact.conversation_id is not None:
            self._becomes(memory, Became.HANDED_OVER)

    def alert_delivered(self, fact: Fact, day: date, memory: Memory) -> None:  # noqa: ARG002
        """So many people were reached by an alert."""
        self.counts.add(day, Metric.ALERT_RECIPIENTS, fact.channel or "", int((fact.data or {}).get("count", 1)))


_GROUPS: Mapping[FactKind, tuple[Group, ...]] = {
    K.MESSAGE_RECEIVED: (Group.WROTE,),
    K.IDEA_SHARED: (Group.PARTICIPATED,),
    K.POLL_ANSWERED: (Group.PARTICIPATED,),
    K.ALERT_REPLIED: (Group.PARTICIPATED, Group.REPLIED),
    K.ALERT_ACKNOWLEDGED: (Group.PARTICIPATED, Group.REPLIED),
}
_COUNTED: Mapping[FactKind, Callable[[Counter, Fact, date, Memory], None]] = {
    K.MESSAGE_RECEIVED: Counter.received,
    K.MESSAGE_SENT: Counter.sent,
    K.QUESTION_ASKED: Counter.asked,
    K.HANDOVER_REQUESTED: Counter.handover,
    K.OFFICER_TOOK_OVER: Counter.handover,
    K.ALERT_DELIVERED: Counter.alert_delivered,
}

"""What became of an alert, computed from counts: who was reached, when, how, who not and why, what it cost. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from broadcast.acknowledgement import Answer
from broadcast.event import Event, in_full
from broadcast.results.missed import Reason, reason
from broadcast.results.progress import MISSED, progress
from messaging.incoming import ChannelKind
from messaging.repository.handed import WITHIN, Handed
from messaging.repository.tallies import Count
from messaging.sms import segments

Name = TypeVar("Name", bound=str)
FEW = 5
"""Groups smaller than this say too much about single people."""


@dataclass(frozen=True, slots=True)
class Account:
    """One of our senders. price: of a message, or of a part of an SMS, in euro; None: unknown."""

    channel: str
    price: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventReport:
    """One message to all. within: people reached by the bounds of WITHIN and later, by channel.

    told_otherwise: messages that left another way. parts: of SMS. euros: None where no price is known.
    """

    event: Event
    people: int
    reached: int
    delivered: int
    unknown: int
    waiting: int
    possible_duplicates: int
    by_channel: Mapping[str, int]
    within: Mapping[str, Sequence[int]]
    missed: Mapping[Reason, int | None]
    told_otherwise: Mapping[str, int]
    parts: int
    euros: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """An alert and all that followed it. answers: people by their last word; replies: messages that answered it."""

    alert_id: int
    title: str
    events: Sequence[EventReport]
    answers: Mapping[Answer, int | None]
    replies: int

    @property
    def euros(self) -> float | None:
        """What all of it cost; None where no price is known."""
        known = [one.euros for one in self.events if one.euros is not None]
        return sum(known) if known else None


def of_event(
    event: Event,
    counts: Iterable[Count],
    handed: Sequence[Handed],
    accounts: Mapping[int, Account],
    *,
    hide_few: bool,
) -> EventReport:
    """The report of one event. hide_few: the reader may not conclude anything about single people."""
    counts = list(counts)
    done = progress(counts)
    missed = Counter[Reason]()
    for one in counts:
        if one.state in MISSED:
            missed[reason(one.state, one.error)] += one.number
    otherwise = Counter[str]()
    for group in handed:
        if group.other_way:
            otherwise[accounts[group.sender_id].channel] += group.number
    within = _within(handed, accounts)
    parts, euros = _cost(event, handed, accounts)
    return EventReport(
        event=event,
        people=done.total,
        reached=done.reached,
        delivered=done.delivered,
        unknown=done.unknown,
        waiting=done.waiting,
        possible_duplicates=done.possible_duplicates,
        by_channel={channel: sum(times) for channel, times in within.items()},
        within=within,
        missed=hidden(missed) if hide_few else dict(missed.most_common()),
        told_otherwise=dict(otherwise),
        parts=parts,
        euros=euros,
    )


def _within(handed: Sequence[Handed], accounts: Mapping[int, Account]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for group in handed:
        if group.within is not None:
            times = found.setdefault(accounts[group.sender_id].channel, [0] * (len(WITHIN) + 1))
            times[group.within] += group.number
    return dict(sorted(found.items()))


def hidden(groups: Mapping[Name, int]) -> dict[Name, int | None]:
    """Without the numbers of small groups, nor of as many others as are needed that none follows from the total."""
    ordered = sorted(groups.items(), key=lambda item: item[1])
    left_out, total = set[Name](), 0
    for name, number in ordered:
        if number < FEW or 0 < total < FEW:
            left_out.add(name)
            total += number
    return {name: None if name in left_out else number for name, number in reversed(ordered)}


def hidden_few(groups: Mapping[Name, int]) -> dict[Name, int | None]:
    """The same, with what is nobody shown as such."""
    return dict.fromkeys(groups, 0) | hidden({name: number for name, number in groups.items() if number})


def _cost(event: Event, handed: Sequence[Handed], accounts: Mapping[int, Account]) -> tuple[int, float | None]:
    """Parts of SMS, and euros as far as prices are known."""
    parts, euros = 0, list[float]()
    for group in handed:
        units, account = group.number, accounts[group.sender_id]
        if account.channel == ChannelKind.SMS:
            units *= segments(in_full(event, group.language, sms=True)).parts
            parts += units
        if account.price is not None:
            euros.append(units * account.price)
    return parts, sum(euros) if euros else None

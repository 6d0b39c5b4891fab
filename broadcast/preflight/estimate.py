"""What sending an alert would mean, before anybody approves it: whom it reaches, how long it takes, what it costs.

Pure: people come counted by situation, and the same rule that will choose for each of them chooses for each group.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from broadcast import audience
from broadcast.audience import AlertSender, Candidate, Recipient, Senders, Suppressed
from broadcast.event import Event, in_full
from broadcast.failover import Policy, policy_of, ways_after
from messaging.incoming import ChannelKind
from messaging.sms import Segments, cheaper, segments


@dataclass(frozen=True, slots=True)
class Group:
    """So many people in the same situation: the addresses that they have, and the language that they asked for."""

    number: int
    language: str | None
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Sms:
    """The SMS for whoever asked for a language. cheaper: the same in fewer parts, where there is such a text."""

    language: str | None
    people: int
    segments: Segments
    cheaper: str | None

    @property
    def parts(self) -> int:
        """Parts that are paid for."""
        return self.people * self.segments.parts


@dataclass(frozen=True, slots=True)
class Way:
    """What leaves through one sender. templates: by the approved template, because WhatsApp's window is closed.

    in_place_of_whatsapp: to a WhatsApp number by SMS. units: what is paid for. used: to how many others it wrote first
    in the last day.
    """

    sender: AlertSender
    people: int
    templates: int
    in_place_of_whatsapp: int
    units: int
    used: int = 0

    @property
    def seconds(self) -> float:
        """Until the last one left, at the rate of the sender, when nothing else is being sent."""
        return self.people / self.sender.messages_per_second

    @property
    def price(self) -> float | None:
        """In euro; None where the settings do not say what one costs."""
        return None if self.sender.price is None else self.units * self.sender.price

    @property
    def over_limit(self) -> int:
        """How many people more than the sender may still write to first, in a day."""
        if self.sender.daily_limit is None:
            return 0
        return max(0, min(self.templates, self.used + self.templates - self.sender.daily_limit))


@dataclass(frozen=True, slots=True)
class Further:
    """What would leave as well through one sender, at most, if no first message reached anybody."""

    sender: AlertSender
    people: int
    units: int

    @property
    def price(self) -> float | None:
        """In euro; None where the settings do not say what one costs."""
        return None if self.sender.price is None else self.units * self.sender.price


@dataclass(frozen=True, slots=True)
class Preflight:
    """What would happen if it left now. asked: people by the language that they asked for.

    further: the other ways to whom the first message does not reach.
    """

    people: int
    ways: tuple[Way, ...]
    missed: Mapping[Suppressed, int]
    asked: Mapping[str | None, int]
    sms: tuple[Sms, ...]
    further: tuple[Further, ...] = ()

    @property
    def reachable(self) -> int:
        """How many people would be sent it."""
        return sum(way.people for way in self.ways)

    @property
    def by_channel(self) -> dict[str, int]:
        """How many on each channel."""
        people = Counter[str]()
        for way in self.ways:
            people[way.sender.channel] += way.people
        return dict(people)

    @property
    def without_consent(self) -> int:
        """How many did not agree."""
        return self.missed.get(Suppressed.NO_CONSENT, 0)

    @property
    def not_called(self) -> int:
        """How many only a call would reach, for which the alert is not grave enough."""
        return self.missed.get(Suppressed.NOT_CALLED, 0)

    @property
    def unreachable(self) -> int:
        """How many agreed, but have no address that works now."""
        return sum(self.missed.values()) - self.without_consent - self.not_called

    @property
    def seconds(self) -> float:
        """Until the last message left: senders work at the same time."""
        return max((way.seconds for way in self.ways), default=0.0)

    @property
    def price(self) -> float | None:
        """In euro; None where nothing is known to cost anything."""
        return _sum(way.price for way in self.ways)

    @property
    def further_price(self) -> float | None:
        """In euro, what the other ways would cost at most; None where nothing is known to cost anything."""
        return _sum(one.price for one in self.further)


def _sum(prices: Iterable[float | None]) -> float | None:
    known = [one for one in prices if one is not None]
    return sum(known) if known else None


def preflight(
    event: Event,
    groups: Iterable[Group],
    senders: Senders,
    at: datetime,
    used: Mapping[int, int] | None = None,
) -> Preflight:
    """Count, for what is to be sent at this moment. used: by sender, to how many it wrote first in the last day."""
    how = policy_of(event)
    chosen = [(group, audience.choose(0, group.candidates, senders, at, calls=how.calls)) for group in groups]
    missed, asked = Counter[Suppressed](), Counter[str | None]()
    for group, one in chosen:
        asked[group.language] += group.number
        if one is None or one.sender_id is None:
            missed[(one and one.suppressed) or Suppressed.UNREACHABLE] += group.number
    sms = tuple(_sms(event, chosen, senders.get(ChannelKind.SMS)))
    ways = (_way(sender, chosen, sms, at, (used or {}).get(sender.id, 0)) for sender in audience.every(senders))
    some = tuple(way for way in ways if way.people)
    return Preflight(asked.total(), some, missed, asked, sms, tuple(_further(event, chosen, senders, how)))


_Chosen = Sequence[tuple[Group, Recipient | None]]


def _further(event: Event, chosen: _Chosen, senders: Senders, how: Policy) -> Iterator[Further]:
    """The other ways that failover would take, each channel once for each person."""
    people, units = Counter[str](), Counter[str]()
    parts = {language: segments(in_full(event, language, sms=True)).parts for language in (None, *event.texts)}
    for group, one in chosen:
        if one is None or one.sender_id is None:
            continue
        for channel in ways_after(one, group.candidates, senders, how):
            people[channel] += group.number
            each = parts.get(group.language, parts[None]) if channel == ChannelKind.SMS else 1
            units[channel] += group.number * each
    yield from (Further(senders[channel], number, units[channel]) for channel, number in people.items())


def _way(sender: AlertSender, chosen: _Chosen, sms: Sequence[Sms], at: datetime, used: int) -> Way:
    mine = [(group, one) for group, one in chosen if one is not None and one.sender_id == sender.id]
    people = sum(group.number for group, _ in mine)
    return Way(
        sender=sender,
        people=people,
        templates=sum(group.number for group, _ in mine if _is_closed(group, sender, at)),
        in_place_of_whatsapp=sum(group.number for group, one in mine if one.by_sms_instead),
        units=sum(one.parts for one in sms) if sender.channel == ChannelKind.SMS else people,
        used=used,
    )


def _is_closed(group: Group, sender: AlertSender, at: datetime) -> bool:
    on_whatsapp = [one for one in group.candidates if one.channel == sender.channel == ChannelKind.WHATSAPP]
    return bool(on_whatsapp) and not any(audience.window_is_open(one.last_inbound_at, at) for one in on_whatsapp)


def _sms(event: Event, chosen: _Chosen, sender: AlertSender | None) -> Iterator[Sms]:
    """The texts that would leave by SMS, for each language that somebody asked for."""
    people = Counter[str | None]()
    for group, one in chosen:
        if sender is not None and one is not None and one.sender_id == sender.id:
            people[group.language if group.language in event.texts else None] += group.number
    for language, number in sorted(people.items(), key=lambda item: item[0] or ""):
        text = in_full(event, language, sms=True)
        yield Sms(language, number, segments(text), cheaper(text))

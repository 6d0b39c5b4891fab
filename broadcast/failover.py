"""The next way to somebody whom a message did not reach: WhatsApp, then SMS, then a call. Pure decisions.

By what the provider said, by its silence, and by how grave the alert is; never a way that the person did not agree to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from broadcast.audience import Candidate, ConsentState, Recipient, Senders, account, every
from broadcast.event import Event, EventKind
from broadcast.vocabulary import Severity
from messaging.incoming import ChannelKind


class Course(StrEnum):
    """What to do after a message did not arrive."""

    AGAIN = "again"  # once more the same way
    NEXT = "next"
    CALL = "call"  # the number takes no messages, perhaps it takes calls
    END = "end"


TOO_SOON = "too_soon"
"""Stands for a code where a deadline passed without news of a delivery."""
_ONCE_MORE = frozenset({"30001", "30003", "30008", "21611", "busy", "no-answer"})
_COURSE = {
    "21211": Course.CALL,  # not a mobile number, a landline, a number that carriers do not know
    "21614": Course.CALL,
    "21635": Course.CALL,
    "30005": Course.CALL,
    "30006": Course.CALL,
    "30036": Course.END,  # its time had passed
    "expired": Course.END,
    "erased": Course.END,
    "canceled": Course.END,
}
_WAITS = {
    "30001": timedelta(minutes=1),
    "21611": timedelta(minutes=1),
    "30003": timedelta(minutes=1),
    "30008": timedelta(minutes=1),
    "busy": timedelta(minutes=1),
    "no-answer": timedelta(minutes=3),
}


def course(code: str | None, tries: int) -> Course:
    """What follows from a failure. tries: how often this very way was tried, the failed time included."""
    if code in _ONCE_MORE:
        return Course.AGAIN if tries == 1 else Course.NEXT
    return _COURSE.get(code or "", Course.NEXT)


def waits(code: str | None) -> timedelta:
    """How long to wait after a failure: a phone that is off now may be on in a minute."""
    return _WAITS.get(code or "", timedelta(0))


@dataclass(frozen=True, slots=True)
class Policy:
    """How far to go for an alert.

    deadlines: by channel, how long to wait for news of a delivery. calls: whether phones are called.
    """

    deadlines: dict[str, timedelta]
    calls: bool


_POLICY = {
    Severity.EXTREME: Policy(
        {ChannelKind.WHATSAPP: timedelta(minutes=2), ChannelKind.SMS: timedelta(minutes=3)}, calls=True
    ),
    Severity.SEVERE: Policy(
        {ChannelKind.WHATSAPP: timedelta(minutes=5), ChannelKind.SMS: timedelta(minutes=10)}, calls=True
    ),
    Severity.MODERATE: Policy({ChannelKind.WHATSAPP: timedelta(minutes=30)}, calls=False),
}
_ROUTINE = Policy({}, calls=False)


def policy(severity: Severity) -> Policy:
    """How far to go. What is routine is tried another way only when a provider says that it failed."""
    return _POLICY.get(severity, _ROUTINE)


def policy_of(event: Event) -> Policy:
    """How far to go for an event: feedback is routine, however grave its alert was."""
    return _ROUTINE if event.kind is EventKind.FEEDBACK else policy(event.severity)


@dataclass(frozen=True, slots=True)
class Way:
    """An address of somebody, through one of our senders."""

    address_id: int
    channel: str
    sender_id: int


@dataclass(frozen=True, slots=True)
class Tried:
    """A way that was tried, and why it did not reach them: a provider's code, or TOO_SOON."""

    way: Way
    code: str | None


def next_way(tried: Sequence[Tried], candidates: Sequence[Candidate], senders: Senders, how: Policy) -> Way | None:
    """Where somebody is told next, given all that was tried, in order; None when there is no other way."""
    last = tried[-1]
    agreed = [one for one in candidates if one.consent is ConsentState.GIVEN]
    follows = _follows(tried, senders)
    if follows is Course.END:
        return None
    if follows is Course.AGAIN:
        return last.way if last.way.address_id in {one.id for one in agreed} else None
    refused = any(
        one.channel == ChannelKind.SMS and (not one.active or one.consent is ConsentState.WITHDRAWN)
        for one in candidates
    )
    before = {one.way for one in tried}
    mute = {one.way.address_id for one in tried if course(one.code, 1) is Course.CALL}
    ways = [way for way in _ways(_usable(agreed, tried), senders, how, refused=refused) if way not in before]
    return next((way for way in ways if way.channel == ChannelKind.VOICE or way.address_id not in mute), None)


def ways_after(first: Recipient, candidates: Sequence[Candidate], senders: Senders, how: Policy) -> list[str]:
    """The channels by which somebody would be told after the first, if none of them reached them."""
    agreed = [one for one in candidates if one.consent is ConsentState.GIVEN and one.active]
    refused = any(one.channel == ChannelKind.SMS and one.consent is ConsentState.WITHDRAWN for one in candidates)
    by = next(one.channel for one in every(senders) if one.id == first.sender_id)
    channels = list(dict.fromkeys(way.channel for way in _ways(agreed, senders, how, refused=refused)))
    return channels[channels.index(by) + 1 :] if by in channels else []


def _follows(tried: Sequence[Tried], senders: Senders) -> Course:
    last = tried[-1]
    tries = sum(one.way == last.way for one in tried)
    whatsapp = senders.get(ChannelKind.WHATSAPP)
    if last.code == _WINDOW_CLOSED and whatsapp is not None and whatsapp.template is not None and tries == 1:
        return Course.AGAIN  # by the template this time
    return course(last.code, tries)


def _usable(agreed: Sequence[Candidate], tried: Sequence[Tried]) -> list[Candidate]:
    """Addresses that work, and those that failed just now: what is no mobile number may still take a call. Nobody is
    followed to another channel at the number where they stopped us."""
    stopped = {one.way.address_id for one in tried if one.code in _STOPPED}
    just_now = {one.way.address_id for one in tried}
    return [one for one in agreed if one.id not in stopped and (one.active or one.id in just_now)]


def _ways(usable: Sequence[Candidate], senders: Senders, how: Policy, *, refused: bool) -> list[Way]:
    """Every way to somebody that they agreed to, in the order in which they are taken."""
    by_channel = [
        (ChannelKind.TELEGRAM, [one for one in usable if one.channel == ChannelKind.TELEGRAM]),
        (ChannelKind.WHATSAPP, [one for one in usable if one.channel == ChannelKind.WHATSAPP]),
        (ChannelKind.SMS, [one for one in usable if one.channel == ChannelKind.SMS]),
        # Who agreed on WhatsApp and is not reached there is told by SMS to the same number, unless they refused SMS.
        (ChannelKind.SMS, [one for one in usable if one.channel == ChannelKind.WHATSAPP and not refused]),
        (ChannelKind.VOICE, [one for one in usable if one.channel in _PHONES and how.calls]),
    ]
    through = ((one, channel, account(senders, one, channel)) for channel, some in by_channel for one in some)
    return [Way(one.id, channel, sender.id) for one, channel, sender in through if sender is not None]


_PHONES = frozenset({ChannelKind.SMS, ChannelKind.VOICE})
_STOPPED = frozenset({"21610", "63014"})
_WINDOW_CLOSED = "63016"

"""Who receives an alert, and where: each person once, at the address they prefer and agreed to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from messaging.incoming import ChannelKind

# WhatsApp lets free text through for 24 hours after the person wrote; the margin is for the time in our queue.
WINDOW = timedelta(hours=24)
_MARGIN = timedelta(minutes=30)
_PREFERENCE: dict[str, int] = {
    ChannelKind.TELEGRAM: 0,
    ChannelKind.WHATSAPP: 1,
    ChannelKind.SMS: 2,
    ChannelKind.VOICE: 3,
}


class Suppressed(StrEnum):
    """Why somebody in the audience is sent nothing."""

    NO_CONSENT = "no_consent"
    UNREACHABLE = "unreachable"  # no address that works, or no sender of ours on its channel
    WINDOW_CLOSED = "window_closed"  # WhatsApp only, silent for a day, and neither template nor SMS
    NOT_CALLED = "not_called"  # only a call would reach them, and what is routine calls nobody


class ConsentState(StrEnum):
    """What somebody said about alerts at an address."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address of somebody in the audience. account: the sender of ours that they wrote to last, as far as known."""

    id: int
    channel: str
    active: bool
    last_inbound_at: datetime | None
    consent: ConsentState
    account: int | None = None


@dataclass(frozen=True, slots=True)
class AlertSender:
    """Our account on a channel, as far as an alert needs it. template: opens a closed WhatsApp window.

    daily_limit: people to whom it may write first in a day; None: as many as it likes. price: of a message, or of a
    part of an SMS, in euro; None: the settings do not say. others: further bots, each with chats of its own.
    """

    id: int
    channel: str
    messages_per_second: float
    template: str | None
    daily_limit: int | None = None
    price: float | None = None
    others: tuple["AlertSender", ...] = ()


@dataclass(frozen=True, slots=True)
class Recipient:
    """A line of the ledger to be: where one person is told, or why not.

    by_sms_instead: their WhatsApp number, used as SMS because the window is closed.
    """

    resident_id: int
    address_id: int
    sender_id: int | None
    suppressed: Suppressed | None = None
    by_sms_instead: bool = False


Senders = dict[str, AlertSender]
"""The organisation's sender on each channel, the first of several."""


def every(senders: Senders) -> list[AlertSender]:
    """All of them."""
    return [one for first in senders.values() for one in (first, *first.others)]


def account(senders: Senders, one: Candidate, channel: str) -> AlertSender | None:
    """Through whom somebody is told on a channel; on Telegram only the bot whose chat they opened may write."""
    first = senders.get(channel)
    if first is None or channel != ChannelKind.TELEGRAM or one.account is None:
        return first
    return next((bot for bot in (first, *first.others) if bot.id == one.account), None)


def window_is_open(last_inbound_at: datetime | None, at: datetime) -> bool:
    """Whether WhatsApp lets free text through to somebody who wrote then."""
    return last_inbound_at is not None and last_inbound_at > earliest_open(at)


def earliest_open(at: datetime) -> datetime:
    """Who wrote later than this has an open window."""
    return at - (WINDOW - _MARGIN)


def choose(
    resident_id: int, candidates: Sequence[Candidate], senders: Senders, at: datetime, *, calls: bool = False
) -> Recipient | None:
    """Where this person is told; None for somebody who has no address at all. calls: whether phones are called."""
    if not candidates:
        return None
    agreed = [one for one in candidates if one.consent is ConsentState.GIVEN]
    if not agreed:
        return Recipient(resident_id, candidates[0].id, None, Suppressed.NO_CONSENT)
    ordered = sorted((one for one in agreed if one.active), key=lambda one: _PREFERENCE[one.channel])
    for one in ordered:
        sender = account(senders, one, one.channel)
        if sender is not None and _lets_through(one, sender, at, calls=calls):
            return Recipient(resident_id, one.id, sender.id)
    return _instead(resident_id, agreed, ordered, candidates, senders)


def choose_again(
    resident_id: int, one: Candidate, sender_id: int, senders: Senders, at: datetime, *, calls: bool = False
) -> Recipient:
    """Where somebody who was told before is told what followed: the same way, as long as it is open to us."""
    if one.consent is not ConsentState.GIVEN:
        return Recipient(resident_id, one.id, None, Suppressed.NO_CONSENT)
    sender = next((sender for sender in every(senders) if sender.id == sender_id), None)
    # Who was told another way hears the rest that way too, though their number does not work on its own channel.
    if sender is None or not (one.active or sender.channel != one.channel):
        return Recipient(resident_id, one.id, None, Suppressed.UNREACHABLE)
    if sender.channel == ChannelKind.VOICE and not calls:
        return Recipient(resident_id, one.id, None, Suppressed.NOT_CALLED)
    if sender.channel != ChannelKind.WHATSAPP or _lets_through(one, sender, at, calls=calls):
        return Recipient(resident_id, one.id, sender.id, by_sms_instead=sender.channel != one.channel)
    return _instead(resident_id, [one], [one], [one], senders)


def _lets_through(one: Candidate, sender: AlertSender, at: datetime, *, calls: bool) -> bool:
    match one.channel:
        case ChannelKind.WHATSAPP:
            return sender.template is not None or window_is_open(one.last_inbound_at, at)
        case ChannelKind.VOICE:
            return calls
        case _:
            return True


def _instead(
    resident_id: int,
    agreed: Sequence[Candidate],
    active: Sequence[Candidate],
    every: Sequence[Candidate],
    senders: Senders,
) -> Recipient:
    """Nothing goes through as it was agreed: a WhatsApp number as SMS, unless SMS was refused or does not work."""
    open_to_us = {one.channel: one for one in active if one.channel in senders}
    closed, phone = open_to_us.get(ChannelKind.WHATSAPP), open_to_us.get(ChannelKind.VOICE)
    if closed is None:
        reason = Suppressed.UNREACHABLE if phone is None else Suppressed.NOT_CALLED
        return Recipient(resident_id, (phone or agreed[0]).id, None, reason)
    sms = senders.get(ChannelKind.SMS)
    refused = any(
        one.channel == ChannelKind.SMS and (not one.active or one.consent is ConsentState.WITHDRAWN) for one in every
    )
    if sms is None or refused:
        return Recipient(resident_id, closed.id, None, Suppressed.WINDOW_CLOSED)
    return Recipient(resident_id, closed.id, sms.id, by_sms_instead=True)

"""The alerts of the past month: who received them, what they answered, how they ended."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bots.repository.messages import Author
from broadcast import approval
from broadcast.alert import AlertState, Content, Severity
from broadcast.event import EventKind, EventState
from broadcast.places.area import Area, Points
from broadcast.replies import NOTED
from broadcast.selection import Selection
from locales.catalogue import translate
from messaging.delivery import DeliveryState
from messaging.repository.sent import alert_delivered
from people.organisation import BRUSSELS
from samenspraak.demo import streets
from samenspraak.demo.population import Person
from samenspraak.demo.talk import Archive, Talk, delivery_row
from samenspraak.demo.town import Town
from samenspraak.demo.wording import PastAlert, wording
from storage.facts import Fact, FactKind

_FAILED = 0.03
_PER_SECOND = 20
_UNREACHED = {"telegram": "403", "sms": "30003", "whatsapp": "63024"}
"""The providers' codes for a chat that blocked us, a phone that is off, a number without WhatsApp."""
_AGO = (27, 22, 17, 12, 8, 3)
"""Days before now at which each alert was sent."""
_BY_AREA = 3
"""Which of them went to an area."""


@dataclass(frozen=True, slots=True)
class Officers:
    """Ids of who writes, and of who approves."""

    author: int
    approver: int


def warn(
    archive: Archive, town: Town, officers: Officers, everybody: Sequence[Person], chance: random.Random, now: datetime
) -> None:
    """Write down every alert with all that followed from it."""
    members = [one for one in everybody if one.organisation_id == town.police]
    chance.shuffle(members)
    event_ids = count(1)
    for number, past in enumerate(wording().alerts, start=1):
        day = now.astimezone(BRUSSELS) - timedelta(days=_AGO[number - 1])
        at = day.replace(hour=chance.randint(7, 20), minute=chance.randrange(60)).astimezone(UTC)
        audience = Selection(networks=frozenset(chance.sample(list(town.networks.values()), 1 + number % 3)))
        told = [one for one in members if one.network_id in audience.networks and one.agreed(at)]
        if number == _BY_AREA:
            audience = Selection(area=streets.around_the_station())
            told = _living(members, streets.around_the_station(), at)
        sent = _Sent(archive, number, town.police, _content(past, audience, at), officers, told, chance)
        archive.add("alert", _alert(sent, at, closed=bool(past.feedback)))
        first = next(event_ids)
        _send(sent, first, EventKind.ALERT, past.text, at)
        if past.all_clear:
            _send(sent, next(event_ids), EventKind.ALL_CLEAR, past.all_clear, at + timedelta(hours=2.5))
        if past.feedback:
            _send(sent, next(event_ids), EventKind.FEEDBACK, past.feedback, at + timedelta(days=1))
        silent = [one for one in told if one.id not in archive.last_wrote]
        for person, words in zip(silent, past.answers, strict=False):
            _answer(archive, person, words, first, at, chance)


def _living(members: Sequence[Person], area: Area, at: datetime) -> list[Person]:
    """Those who live in an area and could be sent alerts then."""
    settled = {one.id: one for one in members if one.home.point is not None}
    points = Points(list(settled), [one.home.point for one in settled.values() if one.home.point is not None])
    return [settled[found] for found in points.within(area) if settled[found].agreed(at)]


@dataclass(frozen=True, slots=True)
class _Sent:
    """An alert that was sent, and to whom."""

    archive: Archive
    number: int
    organisation_id: int
    content: Content
    officers: Officers
    told: Sequence[Person]
    chance: random.Random


def _content(past: PastAlert, audience: Selection, at: datetime) -> Content:
    return Content(
        severity=Severity(past.severity),
        title=past.title,
        texts={"nl": past.text},
        audience=audience,
        expires_at=at + timedelta(hours=8),
    )


def _alert(sent: _Sent, at: datetime, *, closed: bool) -> dict[str, Any]:
    return {
        "id": sent.number,
        "organisation_id": sent.organisation_id,
        "state": AlertState.CLOSED if closed else AlertState.SENT,
        "severity": sent.content.severity,
        "title": sent.content.title,
        "texts": sent.content.texts,
        "audience": sent.content.audience.as_json(),
        "expires_at": sent.content.expires_at,
        "author_ids": [sent.officers.author],
        "digest": approval.digest(sent.content),
        "submitted_by": sent.officers.author,
        "submitted_at": at - timedelta(minutes=4),
        "approved_by": sent.officers.approver,
        "approved_at": at,
        "created_at": at - timedelta(minutes=15),
        "changed_at": at + timedelta(days=1) if closed else at,
        "closed_at": at + timedelta(days=1) if closed else None,
    }


def _send(sent: _Sent, event_id: int, kind: EventKind, words: str, at: datetime) -> None:
    """Write down one event with its deliveries and facts."""
    sent.archive.add("event", _event(sent, event_id, kind, words, at))
    reached = _deliver(sent, event_id, at)
    done_at = at + timedelta(seconds=len(sent.told) / _PER_SECOND)
    sent.archive.facts += [
        alert_delivered(sent.organisation_id, event_id, channel, number, done_at) for channel, number in reached.items()
    ]
    sent.archive.facts.append(
        Fact(
            kind=FactKind.ALERT_SENT,
            organisation_id=sent.organisation_id,
            at=done_at,
            event_id=event_id,
            data={"recipients": len(sent.told), "kind": kind},
        )
    )


def _event(sent: _Sent, event_id: int, kind: EventKind, words: str, at: datetime) -> dict[str, Any]:
    return {
        "id": event_id,
        "organisation_id": sent.organisation_id,
        "alert_id": sent.number,
        "kind": kind,
        "title": sent.content.title,
        "texts": {"nl": words},
        "severity": sent.content.severity,
        "idempotency_key": f"demonstration:{event_id}",
        "officer_id": sent.officers.author,
        "approved_by": sent.officers.approver if kind is EventKind.ALERT else None,
        "recipients": len(sent.told),
        "state": EventState.SENT,
        "open_chunks": 0,
        "expires_at": at + timedelta(hours=8),
        "created_at": at,
    }


def _deliver(sent: _Sent, event_id: int, at: datetime) -> Counter[str]:
    """A line of the ledger a person; gives how many were reached on each channel."""
    reached: Counter[str] = Counter()
    for place, one in enumerate(sent.told):
        left_at = at + timedelta(seconds=place / _PER_SECOND)
        row = delivery_row(one, left_at) | {"event_id": event_id, "chunk": 0, "expires_at": at + timedelta(hours=8)}
        if sent.chance.random() < _FAILED:
            row |= {"state": DeliveryState.FAILED, "error": _UNREACHED[one.channel], "accepted_at": None}
        else:
            reached[one.channel] += 1
            arrived = left_at + timedelta(seconds=sent.chance.uniform(1, 40))
            row["delivered_at"] = None if one.channel == "telegram" else arrived
        sent.archive.add("delivery", row)
    return reached


def _answer(
    archive: Archive, person: Person, words: str, event_id: int, sent_at: datetime, chance: random.Random
) -> None:
    talk = Talk(archive, person, sent_at + timedelta(minutes=chance.lognormvariate(2.2, 0.9)))
    talk.hear(words, "alerts_question", chance.uniform(0.3, 0.9), event_id=event_id)
    talk.fact(FactKind.ALERT_REPLIED, event_id=event_id)
    talk.at += timedelta(seconds=chance.uniform(0.2, 1.2))
    talk.say(Author.BOT, translate("broadcast", "nl", NOTED, "u"), substantive=False)
    talk.end()

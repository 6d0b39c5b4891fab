"""Pure: what somebody must have seen before an alert is offered or approved, from its text and its pre-flight."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from broadcast.alert import Content
from broadcast.audience import Suppressed
from broadcast.event import Event
from broadcast.preflight import parity
from broadcast.preflight.caution import Caution
from broadcast.preflight.estimate import Preflight, Sms

_HALF = 0.5

_TRANSLATION = "%(number)s people asked for %(language)s, and there is no text in it"
_FRENCH = "Notices of this municipality go out in French too, and there is no French text"
_DEAR = "In the SMS the signs %(signs)s make it %(parts)s parts; with plain signs it takes fewer"
_CLOSED = "%(number)s people are only on WhatsApp and silent for a day: without an approved template they hear nothing"
_CALLS = "%(number)s people can only be called, and only severe and extreme alerts call: they hear nothing"
_INSTEAD = "%(number)s people are silent on WhatsApp for a day: they are told by SMS, at its price"
_LIMIT = "The approved template would go to %(number)s people more than this WhatsApp number may write to in a day"
_USED = "The WhatsApp number wrote to %(used)s people today: the template would go to %(number)s more than it may"
_ENDS = "The alert ends before its last message has left: sending takes %(minutes)s minutes"
_FEW = "Fewer than half of the people are sent it: %(reachable)s of %(people)s"


def cautions(content: Content, event: Event, counted: Preflight, at: datetime) -> tuple[Caution, ...]:
    """All of them, those of the text first. event: what the content would become."""
    return (*parity.check(content), *_of_languages(event, counted), *_of_sending(content, counted, at))


def _of_languages(event: Event, counted: Preflight) -> Iterator[Caution]:
    if event.has_facilities and "fr" not in event.texts:
        yield Caution("no text:facilities", _FRENCH)
    for language, number in counted.asked.items():
        if language is not None and language not in event.texts:
            yield Caution(f"no text:{language}", _TRANSLATION, {"language": language, "number": number})


def _of_sending(content: Content, counted: Preflight, at: datetime) -> Iterator[Caution]:
    yield from (_dear(one) for one in counted.sms if one.cheaper is not None and one.segments.costly)
    if closed := counted.missed.get(Suppressed.WINDOW_CLOSED, 0):
        yield Caution("window closed", _CLOSED, {"number": closed})
    if counted.not_called:
        yield Caution("not called", _CALLS, {"number": counted.not_called})
    for way in counted.ways:
        if way.in_place_of_whatsapp:
            yield Caution("sms instead", _INSTEAD, {"number": way.in_place_of_whatsapp})
        if way.over_limit:
            said = _USED if way.used else _LIMIT
            yield Caution("daily limit", said, {"number": way.over_limit, **({"used": way.used} if way.used else {})})
    if _leaves(content, at) + timedelta(seconds=counted.seconds) > content.expires_at:
        yield Caution("ends early", _ENDS, {"minutes": round(counted.seconds / 60)})
    if counted.reachable < _HALF * counted.people:
        yield Caution("few", _FEW, {"reachable": counted.reachable, "people": counted.people})


def _leaves(content: Content, at: datetime) -> datetime:
    return content.effective_at if content.effective_at is not None and content.leaves_after(at) else at


def _dear(one: Sms) -> Caution:
    signs = " ".join(one.segments.costly)
    return Caution(f"dear:{one.language}:{signs}", _DEAR, {"signs": signs, "parts": one.segments.parts})

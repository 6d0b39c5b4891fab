"""How a message reads once something newer followed it: marked as such, and with nothing to press. Pure."""

from broadcast.event import Event, EventKind, languages, render
from locales.catalogue import translate
from messaging.channel import Outgoing

_MARKS = {
    EventKind.UPDATE: "REPLACED: read the newer message below",
    EventKind.CANCEL: "WITHDRAWN: this does not hold any more",
    EventKind.ALL_CLEAR: "OVER: this alert has ended",
}
REPLACING = frozenset(_MARKS)
"""What makes earlier messages out of date; feedback does not."""


def replaced(earlier: Event, by: EventKind, requested: str | None) -> Outgoing:
    """An earlier message, for somebody who asked for a language or for none; only a channel with edits shows it."""
    told = languages(earlier.texts, has_facilities=earlier.has_facilities, requested=requested)
    marks = [translate("broadcast", language, _MARKS[by]) for language in told]
    return Outgoing("\n".join([*marks, "", render(earlier, requested, sms=False)]))

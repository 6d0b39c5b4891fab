"""What we sent, as CAP: each event a message of its own, with the same identifier whenever it is written again."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from broadcast.alert import Alert, Content
from broadcast.cap import places, words
from broadcast.cap.model import Info, Message, MessageStatus, MessageType, Named, Reference
from broadcast.event import Event, EventKind
from broadcast.vocabulary import ResponseType, Scope, Urgency
from people.organisation import BRUSSELS, Organisation

_TYPE = {
    EventKind.ALERT: MessageType.ALERT,
    EventKind.UPDATE: MessageType.UPDATE,
    EventKind.CANCEL: MessageType.CANCEL,
    EventKind.ALL_CLEAR: MessageType.UPDATE,
}
NOWHERE = "samenspraak.invalid"
"""The host in our name while nobody set a public address; no such host can ever exist."""


def is_told(event: Event) -> bool:
    """Whether CAP has a message for it: feedback to a network is none of the public's business."""
    return event.kind in _TYPE


def sender_of(slug: str, public_url: str | None) -> str:
    """Our name as a sender."""
    return f"{slug}@{(urlsplit(public_url).hostname if public_url else None) or NOWHERE}"


def identifier_of(slug: str, event_id: int) -> str:
    """The name of a message, the same for ever."""
    return f"{slug}-{event_id}"


def event_id_of(slug: str, identifier: str) -> int | None:
    """Which event of ours an identifier names, if it does."""
    number = identifier.removeprefix(f"{slug}-")
    return int(number) if number != identifier and re.fullmatch(r"\d{1,18}", number, re.ASCII) else None


def message_of(
    event: Event, content: Content, earlier: Sequence[Event], organisation: Organisation, sender: str
) -> Message:
    """An event as a message. content: of the alert it belongs to; earlier: the events before it, in order."""
    restricted = content.scope is not Scope.PUBLIC
    return Message(
        identifier=identifier_of(organisation.slug, event.id),
        sender=sender,
        sent=_local(event.created_at),
        status=MessageStatus(event.status),
        type=_TYPE[event.kind],
        scope=Scope.RESTRICTED if restricted else Scope.PUBLIC,
        restriction=organisation.name if restricted else "",
        references=tuple(
            Reference(sender, identifier_of(organisation.slug, one.id), _local(one.created_at))
            for one in earlier
            if is_told(one)
        ),
        infos=tuple(_info(event, content, language) for language in event.texts),
    )


def draft_of(begun: Event, alert: Alert, organisation: Organisation, sender: str) -> Message:
    """An alert that never left, as a draft that nobody may act upon. begun: the event that it would become."""
    message = message_of(begun, alert.content, (), organisation, sender)
    return replace(message, identifier=f"{organisation.slug}-draft-{alert.id}", status=MessageStatus.DRAFT)


def _info(event: Event, content: Content, language: str) -> Info:
    over = event.kind is EventKind.ALL_CLEAR
    begins = event.kind is EventKind.ALERT
    short = event.short_texts.get(language)
    return Info(
        language=f"{language}-BE" if language in {"nl", "fr", "de"} else language,
        categories=content.categories,
        event=words.kind_in(language, content.kind),
        response_types=_asked(event, content),
        urgency=Urgency.PAST if over else content.urgency,
        severity=event.severity,
        certainty=content.certainty,
        event_codes=(Named(words.KIND, content.kind),),
        effective=_local(content.effective_at) if begins and content.effective_at else None,
        onset=_local(content.onset_at) if content.onset_at and content.onset_at <= event.expires_at else None,
        expires=_local(event.expires_at),
        sender_name=event.source,
        headline=event.title if language == "nl" else "",
        description=event.texts[language],
        instruction=event.instructions.get(language, ""),
        web=event.web,
        contact=event.contact,
        parameters=(Named(words.SHORT_TEXT, short),) if short else (),
        areas=(places.written(content.audience, content.area or event.source),),
    )


def _asked(event: Event, content: Content) -> tuple[ResponseType, ...]:
    """What people should do: only our all-clear may be taken for one."""
    if event.kind is EventKind.ALL_CLEAR:
        return (ResponseType.ALL_CLEAR,)
    if event.kind is EventKind.UPDATE:
        return tuple(one for one in content.response_types if one is not ResponseType.ALL_CLEAR)
    return content.response_types


def _local(at: datetime) -> datetime:
    """To the second, on the clock that people here read."""
    return at.astimezone(BRUSSELS).replace(microsecond=0)

"""What a message of somebody else becomes here: the content of a draft, or words to send under an alert of ours.

Of several blocks in one language the gravest is taken. Dutch is put first; where it is missing, the draft says so.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from broadcast.alert import LANGUAGES, Content
from broadcast.cap import places, words
from broadcast.cap.meaning import ABSOLUTE_LINK, HTML_TAG
from broadcast.cap.model import Info, Message, MessageStatus, MessageType
from broadcast.event import LONGEST_TITLE, EventKind
from broadcast.vocabulary import ResponseType, Severity, Status
from locales.catalogue import translate

LONGEST_CONTACT, LONGEST_LINK = 200, 500
_LINE_ENDS = re.compile(r"<(?:br|/p|/div|/li)\b[^<>]*>", re.IGNORECASE)
_GRAVEST_FIRST = list(Severity)
_NAMES = {"nl": "Nederlands", "fr": "Frans", "de": "Duits", "en": "Engels"}


@dataclass(frozen=True, slots=True)
class Drafted:
    """notes: what did not come along, a line each."""

    content: Content
    notes: tuple[str, ...]


def reason_to_keep(message: Message, at: datetime) -> str | None:
    """Why nothing is to be drafted from a message; None when something is."""
    if message.type in {MessageType.ACK, MessageType.ERROR}:
        return f"{message.type} asks for nothing"
    if message.status in {MessageStatus.SYSTEM, MessageStatus.DRAFT}:
        return f"its status is {message.status}"
    if message.expires is not None and message.expires <= at:
        return "its time has passed"
    return None


def follow_up(message: Message, at: datetime) -> tuple[EventKind, dict[str, str]] | None:
    """What an update or a cancellation would tell those whom the alert reached; None for a new alert."""
    texts = {language: _told(info) for language, info in _by_language(message, at).items()}
    said = _with_dutch({language: text for language, text in texts.items() if text})
    if message.type is MessageType.CANCEL:
        return EventKind.CANCEL, said
    if message.type is not MessageType.UPDATE:
        return None
    over = message.infos and all(ResponseType.ALL_CLEAR in info.response_types for info in message.infos)
    return EventKind.ALL_CLEAR if over else EventKind.UPDATE, said


def draft(message: Message, at: datetime) -> Drafted | None:
    """An alert as it could be sent; None for a message that tells nothing."""
    told = _by_language(message, at)
    if not told:
        return None
    base = told.get("nl") or next(iter(told.values()))
    kind = words.kind_of(base.event, _named(base, words.KIND, codes=True))
    audience, notes = places.read(base.areas)
    lost = len(message.infos) - len(told)
    notes += [f"{lost} more blocks of information are in the document only"] if lost else []
    expires_at = base.expires or at + kind.suggestion.lasts
    content = Content(
        severity=base.severity,
        title=_cut(_plain(base.headline or base.event), LONGEST_TITLE),
        texts=_with_dutch({language: _plain(one.description) or _plain(one.event) for language, one in told.items()}),
        audience=audience,
        expires_at=expires_at,
        kind=kind,
        status=Status(message.status),
        scope=message.scope,
        categories=tuple(dict.fromkeys(base.categories)),
        urgency=base.urgency,
        certainty=base.certainty,
        response_types=tuple(dict.fromkeys(base.response_types)),
        area="; ".join(dict.fromkeys(_plain(one.description) for one in base.areas if one.description)),
        instructions=_filled({language: _plain(one.instruction) for language, one in told.items()}),
        short_texts=_filled({language: _named(one, words.SHORT_TEXT) for language, one in told.items()}),
        contact=_cut(_plain(base.contact), LONGEST_CONTACT),
        web=_link(base.web),
        effective_at=base.effective if base.effective is not None and at < base.effective < expires_at else None,
        onset_at=base.onset,
    )
    return Drafted(content, tuple(notes))


def _by_language(message: Message, at: datetime) -> dict[str, Info]:
    """What is still to come or under way, in the languages that we send."""
    current = [one for one in message.infos if one.expires is None or one.expires > at]
    gravest = sorted(current, key=lambda one: _GRAVEST_FIRST.index(one.severity))
    found: dict[str, Info] = {}
    for info in gravest:
        found.setdefault(info.language.split("-")[0].casefold(), info)
    ours = {language: found[language] for language in LANGUAGES if language in found}
    return ours or ({"en": gravest[0]} if gravest else {})


def _with_dutch(texts: Mapping[str, str]) -> dict[str, str]:
    if not texts or "nl" in texts:
        return dict(texts)
    language, text = next(iter(texts.items()))
    return {"nl": f"{translate('broadcast', 'nl', 'STILL TO BE TRANSLATED FROM')} {_NAMES[language]}: {text}", **texts}


def _told(info: Info) -> str:
    parts = (_plain(info.description) or _plain(info.headline), _plain(info.instruction))
    return "\n".join(one for one in parts if one)


def _plain(text: str) -> str:
    """Without the HTML that some write."""
    if not HTML_TAG.search(text):
        return text
    return HTML_TAG.sub("", _LINE_ENDS.sub("\n", html.unescape(text))).strip()


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _link(text: str) -> str:
    is_page = re.match("https?://", text) is not None and ABSOLUTE_LINK.fullmatch(text) is not None
    return text if is_page and len(text) <= LONGEST_LINK else ""


def _named(info: Info, name: str, *, codes: bool = False) -> str:
    held = info.event_codes if codes else info.parameters
    return next((one.value for one in held if one.name == name), "")


def _filled(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: text for language, text in texts.items() if text}

"""What must be corrected in the form of an alert before it can be kept, by field, in the officer's language."""

from collections.abc import Iterator

from broadcast.alert import Content
from broadcast.blanks import blanks
from broadcast.event import LONGEST_MESSAGE, LONGEST_TITLE, first
from broadcast.vocabulary import Severity
from console.draft import Draft, local_moment
from console.errors import explanation
from console.login import Visit
from console.pages import text
from console.readings import readings

_LONGEST = {"contact": 200, "web": 500, "area": 500}


def problems(draft: Draft, visit: Visit) -> dict[str, str]:
    """The first problem of each field."""
    content = draft.content(visit.at)
    found: dict[str, str] = {}
    for part in (_words, _audience, _moments, _other):
        for name, said in part(draft, content, visit):
            found.setdefault(name, said)
    return found


def _words(draft: Draft, content: Content, visit: Visit) -> Iterator[tuple[str, str]]:
    if not 1 <= len(content.title) <= LONGEST_TITLE:
        yield "title", text(visit, "A title has 1 to 120 characters")
    if draft.severity and draft.severity not in set(Severity):
        yield "severity", text(visit, "Choose how grave it is")
    for name in _left(content):
        yield f"blank_{name}", text(visit, "Fill in: %(name)s", name=name)
    if not content.texts["nl"]:
        yield "text_nl", text(visit, "The Dutch text is missing: it is the one that binds")
    elif (excess := _excess(content, visit)) > 0:
        message = "The message is %(number)s characters too long for SMS and WhatsApp"
        yield "text_nl", text(visit, message, number=excess)
    for name, texts in (("instruction", content.instructions), ("short", content.short_texts)):
        for language in sorted(texts.keys() - content.texts.keys()):
            yield f"{name}_{language}", text(visit, "Write the text in this language too")


def _left(content: Content) -> tuple[str, ...]:
    """Blanks that nobody filled in."""
    every = (content.texts, content.instructions, content.short_texts)
    return blanks([content.title, content.area, *(said for texts in every for said in texts.values())])


def _excess(content: Content, visit: Visit) -> int:
    """How many characters the longest message has too many."""
    event = first(content, visit.organisation, visit.at)
    return max(len(one.message) for one in readings(event)) - LONGEST_MESSAGE


def _audience(draft: Draft, content: Content, visit: Visit) -> Iterator[tuple[str, str]]:
    wrong = [(name, explanation(error, visit.language)) for name, error in draft.audience.problems()]
    if content.audience.is_empty and not wrong:
        yield "networks", text(visit, "Choose at least one network, or a place")
    yield from wrong


def _moments(draft: Draft, content: Content, visit: Visit) -> Iterator[tuple[str, str]]:
    for name in ("effective", "onset", "expires"):
        if (written := getattr(draft, name)) and local_moment(written) is None:
            yield name, text(visit, "This is no date with a time")
    if content.expires_at <= visit.at:
        yield "expires", text(visit, "The end of the alert must lie in the future")
    if content.effective_at is not None and content.effective_at >= content.expires_at:
        yield "expires", text(visit, "The alert must leave before it ends")


def _other(draft: Draft, content: Content, visit: Visit) -> Iterator[tuple[str, str]]:
    if content.web and not content.web.startswith(("https://", "http://")):
        yield "web", text(visit, "A link begins with https://")
    for name, longest in _LONGEST.items():
        if len(getattr(draft, name)) > longest:
            yield name, text(visit, "This is too long")

"""What the schema cannot see: dates that contradict one another, and what a reader would stumble over."""

import re
from collections.abc import Iterator

from broadcast.cap.model import Info, Message, MessageType
from broadcast.vocabulary import Scope
from storage.errors import InvalidInput

HTML_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>|&(?:[A-Za-z]{2,8}|#\d{1,6}|#x[0-9A-Fa-f]{1,6});")
ABSOLUTE_LINK = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#]\S*|(?:mailto|tel|urn):\S+", re.ASCII)
_NAME = re.compile(r"[^\s,<&]+")
_TEXTS = ("event", "sender_name", "headline", "description", "instruction", "contact", "audience")
_FOLLOWS = {MessageType.UPDATE, MessageType.CANCEL, MessageType.ACK, MessageType.ERROR}


def check_dates(message: Message) -> None:
    """Raise InvalidInput where something ends before it begins, or before it was sent."""
    for info in message.infos:
        if info.expires is None:
            continue
        for name, begins in (("sent", message.sent), ("effective", info.effective), ("onset", info.onset)):
            if begins is not None and info.expires < begins:
                raise InvalidInput(f"impossible dates: expires lies before {name}")


def doubts(message: Message) -> list[str]:
    """What is allowed but unwise, a line each."""
    found = [line for number, info in enumerate(message.infos, start=1) for line in _of_info(info, number)]
    found += [
        f"{field}: it must not be empty, or hold spaces, commas, < or &, for others refer to it"
        for field in ("identifier", "sender")
        if not _NAME.fullmatch(getattr(message, field))
    ]
    if message.type in _FOLLOWS and not message.references:
        found.append(f"references: {message.type} names no earlier message that can be read")
    if message.scope is Scope.RESTRICTED and not message.restriction:
        found.append("restriction: a restricted message must say for whom it is")
    if message.scope is Scope.PRIVATE and not message.addresses:
        found.append("addresses: a private message must say to whom it is sent")
    return found


def _of_info(info: Info, number: int) -> Iterator[str]:
    for field in _TEXTS:
        if HTML_TAG.search(getattr(info, field)):
            yield f"info {number}, {field}: HTML in a text"
    for area in info.areas:
        if HTML_TAG.search(area.description):
            yield f"info {number}, area: HTML in a text"
    for link in (info.web, *(one.uri for one in info.resources)):
        if link and not ABSOLUTE_LINK.fullmatch(link):
            yield f"info {number}: relative link"

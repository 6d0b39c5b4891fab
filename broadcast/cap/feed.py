"""An Atom feed with the messages inside its entries: whoever reads it need fetch nothing more."""

from collections.abc import Sequence
from datetime import datetime

from lxml import etree

from broadcast.cap.model import Message
from broadcast.cap.writing import element_of
from people.organisation import BRUSSELS

_ATOM = "http://www.w3.org/2005/Atom"
_CAP = "application/cap+xml"


def write(messages: Sequence[Message], title: str, address: str | None, sender: str, changed_at: datetime) -> bytes:
    """The feed, the newest message first as they are given. address: of the feed itself, where it has one."""
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    _put(root, "id", address or f"urn:samenspraak:{sender}")
    _put(root, "title", title)
    _put(root, "updated", _moment(changed_at))
    _put(_sub(root, "author"), "name", sender)
    if address:
        _sub(root, "link", rel="self", type="application/atom+xml", href=address)
    for message in messages:
        _entry(_sub(root, "entry"), message, address)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _entry(entry: etree._Element, message: Message, address: str | None) -> None:
    told = message.infos[0]
    _put(entry, "id", f"tag:{message.sender},{message.sent.year}:{message.identifier}")
    _put(entry, "title", told.headline or told.event)
    _put(entry, "updated", _moment(message.sent))
    _put(entry, "summary", told.description)
    for category in told.categories:
        _sub(entry, "category", term=category)
    if address:
        number = message.identifier.rpartition("-")[2]
        _sub(entry, "link", rel="alternate", type=_CAP, href=f"{address}/{number}")
    _sub(entry, "content", type=_CAP).append(element_of(message))


def _sub(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{_ATOM}}}{tag}", attributes)


def _put(parent: etree._Element, tag: str, text: str) -> None:
    _sub(parent, tag).text = text


def _moment(at: datetime) -> str:
    return at.astimezone(BRUSSELS).isoformat(timespec="seconds")

"""From a message to a document, stricter than what we read: valid by the schema, and in meaning too."""

import re
from typing import Any

from lxml import etree

from broadcast.cap.elements import ALERT, Branch, Leaf
from broadcast.cap.meaning import doubts
from broadcast.cap.model import Message
from broadcast.cap.parsing import NAMESPACE
from broadcast.cap.reading import message_of
from storage.errors import InvalidInput

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(message: Message) -> bytes:
    """The document, in UTF-8. Raises InvalidInput where it would hold HTML, a relative link or worse."""
    return bytes(etree.tostring(element_of(message), xml_declaration=True, encoding="UTF-8", pretty_print=True))


def element_of(message: Message) -> etree._Element:
    """The alert as an element, to be put in something larger. Raises InvalidInput."""
    if found := doubts(message):
        raise InvalidInput(found[0])
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})
    _fill(root, message, ALERT)
    message_of(root)  # whoever reads it finds nothing wrong
    return root


def _fill(parent: etree._Element, value: Any, parts: tuple[Leaf | Branch, ...]) -> None:
    for part in parts:
        held = getattr(value, part.field)
        for one in held if part.many else (held,):
            if isinstance(part, Branch):
                _fill(etree.SubElement(parent, f"{{{NAMESPACE}}}{part.tag}"), one, part.parts)
            elif part.required or one not in ("", (), None):
                etree.SubElement(parent, f"{{{NAMESPACE}}}{part.tag}").text = _UNWRITABLE.sub("", part.write(one))

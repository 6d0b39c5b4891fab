"""From a document to messages, or to the reason why it is none.

Invalid is: not CAP 1.2 by the schema, an open polygon, impossible dates, or hostile. What is merely unwise (HTML, links
that lead nowhere) is warned of.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from lxml import etree

from broadcast.cap import schema
from broadcast.cap.elements import ALERT, Branch, Leaf
from broadcast.cap.meaning import check_dates, doubts
from broadcast.cap.model import Message
from broadcast.cap.parsing import NAMESPACE, alerts_in, forget_locations, one_line, parse
from storage.errors import InvalidInput

_texts = etree.XPath("text()")  # the whole of it, also around a comment


@dataclass(frozen=True, slots=True)
class Document:
    """What a document holds. warnings: a line each."""

    messages: tuple[Message, ...]
    warnings: tuple[str, ...]


def read(data: bytes) -> Document:
    """Every message of a document, which may be an Atom feed or an EDXL envelope. Raises InvalidInput."""
    root = parse(data)
    forget_locations(root)
    found = alerts_in(root)
    messages = []
    for number, element in enumerate(found, start=1):
        try:
            messages.append(message_of(element))
        except InvalidInput as error:
            which = f"alert {number} of {len(found)}: " if len(found) > 1 else ""
            raise InvalidInput(one_line(f"{which}{error}")) from None
    return Document(tuple(messages), tuple(one for message in messages for one in doubts(message)))


def message_of(element: etree._Element) -> Message:
    """The message that an alert element holds. Raises InvalidInput."""
    schema.check(element)
    message: Message = _made(element, Message, ALERT)
    check_dates(message)
    return message


def _made(element: etree._Element, make: Callable[..., Any], parts: Iterable[Leaf | Branch]) -> Any:
    values: dict[str, Any] = {}
    for part in parts:
        read = [_value(one, part) for one in element.iterchildren(f"{{{NAMESPACE}}}{part.tag}")]
        if part.many:
            values[part.field] = tuple(one for one in read if one not in ("", ()))
        elif read:
            values[part.field] = read[0]
    return make(**values)


def _value(element: etree._Element, part: Leaf | Branch) -> Any:
    if isinstance(part, Branch):
        return _made(element, part.make, part.parts)
    return part.read("".join(_texts(element)).strip())

"""Finding messages again: the filters and pages of Twilio's list; pure functions."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from simulator.parameter_types import Reader, Wrong, integer
from simulator.twilio_message import Message, resource
from simulator.twilio_methods import MALFORMED, TwilioError

PAGE_SIZE = 50
_SIZE: Reader = integer(1, 1000)
_PAGE: Reader = integer(0)
DATES: Mapping[str, Callable[[datetime, datetime], bool]] = {
    "DateSent": lambda sent, asked: sent.date() == asked.date(),
    "DateSent<": lambda sent, asked: sent <= asked,
    "DateSent>": lambda sent, asked: sent >= asked,
}
FILTERS = ("To", "From", *DATES)


def page(messages: Iterable[Message], query: Mapping[str, str], uri: str) -> dict[str, Any]:
    """One page of the messages that the query wants, in the order given; raises TwilioError."""
    try:
        size, number = _SIZE(query.get("PageSize", PAGE_SIZE)), _PAGE(query.get("Page", 0))
        dates = {name: _moment(query[name]) for name in DATES if name in query}
    except Wrong as wrong:
        raise TwilioError(MALFORMED, f"Invalid query: {wrong}", breach=True) from wrong
    found = [message for message in messages if _wanted(message, query, dates)]
    first, last = number * size, min((number + 1) * size, len(found))

    def link(to: int) -> str:
        kept = {name: query[name] for name in FILTERS if name in query}
        return f"{uri}?{urlencode({**kept, 'PageSize': size, 'Page': to})}"

    return {
        "messages": [resource(message) for message in found[first:last]],
        "page": number,
        "page_size": size,
        "start": first,
        "end": last - 1,
        "uri": link(number),
        "first_page_uri": link(0),
        "next_page_uri": link(number + 1) if last < len(found) else None,
        "previous_page_uri": link(number - 1) if number else None,
    }


def _wanted(message: Message, query: Mapping[str, str], dates: Mapping[str, datetime]) -> bool:
    if query.get("To", message.to) != message.to or query.get("From", message.sender) != message.sender:
        return False
    sent = message.sent or message.created
    return all(DATES[name](sent, asked) for name, asked in dates.items())


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Wrong("must be a date or moment by ISO 8601") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)

"""The public feed of each organisation, made anew at most every ten seconds however often it is asked for."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from fastapi import Response

from broadcast.cap import exchange
from console.context import Console
from people.repository import organisations
from storage.clock import now

FRESH = timedelta(seconds=10)
_ATOM = "application/atom+xml"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it was made. changed_at: when the last of it was sent, to the second."""

    content: bytes
    changed_at: datetime
    made_at: datetime

    @property
    def tag(self) -> str:
        """What stands for the content."""
        return f'"{hashlib.sha256(self.content).hexdigest()[:32]}"'

    def answer(self, asked: Mapping[str, str]) -> Response:
        """The feed, or 304 for whoever has it. asked: the headers of the request."""
        headers = {
            "ETag": self.tag,
            "Last-Modified": format_datetime(self.changed_at, usegmt=True),
            "Cache-Control": f"public, max-age={int(FRESH.total_seconds())}",
        }
        if self._is_known(asked):
            return Response(status_code=304, headers=headers)
        return Response(self.content, media_type=_ATOM, headers=headers)

    def _is_known(self, asked: Mapping[str, str]) -> bool:
        if tags := asked.get("if-none-match"):
            return tags.strip() == "*" or self.tag in (one.strip().removeprefix("W/") for one in tags.split(","))
        try:
            return parsedate_to_datetime(asked.get("if-modified-since", "")) >= self.changed_at
        except (ValueError, TypeError):
            return False


class Feeds:
    """The feeds of one process."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, bool], Feed] = {}

    async def of(self, console: Console, slug: str, *, exercises: bool) -> Feed:
        """The feed of an organisation; raises NotFound where there is none."""
        kept, moment = self._made.get((slug, exercises)), now()
        if kept is not None and moment < kept.made_at + FRESH:
            return kept
        async with console.database.read() as connection:
            organisation = await organisations.with_slug(connection, slug)
            content, changed_at = await exchange.feed(connection, organisation, console.public_url, exercises=exercises)
        made = Feed(content, changed_at.astimezone(UTC), moment)
        self._made[slug, exercises] = made
        return made

    @staticmethod
    async def message(console: Console, slug: str, event_id: int) -> bytes:
        """One public message; raises NotFound."""
        async with console.database.read() as connection:
            organisation = await organisations.with_slug(connection, slug)
            return await exchange.public_message(connection, organisation, event_id, console.public_url)

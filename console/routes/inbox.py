"""Who waits for a person, and the conversations of late."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from bots.conversation import Conversation, Owner, State
from bots.repository import conversations, messages
from bots.repository.conversations import PAGE, Before
from console.login import ConversationReader, CurrentVisit, Here, Visit
from console.pages import Part, go, page, part
from console.parameters import LARGEST_ID
from console.repository import alerts, officers, people
from console.repository.people import Person
from messaging.incoming import ChannelKind
from people.roles import Action
from storage.encryption import Vault
from storage.errors import InvalidInput
from storage.tables import EPOCH, MICROSECOND

router = APIRouter()
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which conversations are listed. older: where the page begins; None is the newest."""

    state: State | None
    owner: Owner | None
    channel: ChannelKind | None
    older: Before | None

    @classmethod
    def read(cls, state: str, owner: str, channel: str, before: str) -> "Filter":
        """From the address; what it does not know it leaves out. Raises InvalidInput for a forged page."""
        return cls(_one_of(State, state), _one_of(Owner, owner), _one_of(ChannelKind, channel), _before(before))

    def query(self, older: Conversation | None = None) -> str:
        """The address of this list, or of what follows after a conversation."""
        chosen = {"state": self.state, "owner": self.owner, "channel": self.channel}
        fields = {name: str(value) for name, value in chosen.items() if value is not None}
        if older is not None:
            fields["before"] = f"{(older.last_message_at - EPOCH) // MICROSECOND}-{older.id}"
        return f"?{urlencode(fields)}" if fields else ""


def _one_of(kind: type[Choice], value: str) -> Choice | None:
    return kind(value) if value in set(kind) else None


def _before(value: str) -> Before | None:
    if not value:
        return None
    try:
        at, row = (int(number) for number in value.split("-"))
        return Before(EPOCH + at * MICROSECOND, min(row, LARGEST_ID))
    except (ValueError, OverflowError):
        raise InvalidInput("This list does not exist") from None


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation as a line of a list."""

    conversation: Conversation
    person: Person
    last: str
    officer: str | None


@router.get("/")
async def inbox(
    console: Here, visit: CurrentVisit, state: str = "", owner: str = "", channel: str = "", before: str = ""
) -> Response:
    """Where work begins; for whoever may read no conversations, that is the alerts."""
    if not visit.may(Action.READ_CONVERSATIONS):
        return go("/alerts")
    chosen = Filter.read(state, owner, channel, before)
    async with console.database.read() as connection:
        waits = await _waiting(connection, console.vault, visit)
        recent = await _recent(connection, console.vault, visit, chosen)
    choices = {"states": State, "owners": Owner, "channels": ChannelKind}
    return page(visit, "inbox.html", waiting=waits, recent=recent, chosen=chosen, choices=choices)


@router.get("/inbox/waiting")
async def waiting_part(console: Here, visit: ConversationReader, seen: str = "") -> Response:
    """Who waits, anew."""
    async with console.database.read() as connection:
        return (await _waiting(connection, console.vault, visit)).answer(seen)


@router.get("/inbox/recent")
async def recent_part(
    console: Here,
    visit: ConversationReader,
    state: str = "",
    owner: str = "",
    channel: str = "",
    seen: str = "",
) -> Response:
    """The newest conversations, anew."""
    chosen = Filter.read(state, owner, channel, "")
    async with console.database.read() as connection:
        return (await _recent(connection, console.vault, visit, chosen)).answer(seen)


@router.get("/inbox/count")
async def count_part(console: Here, visit: ConversationReader, seen: str = "") -> Response:
    """How many people wait, for the line that is read aloud on every page."""
    async with console.database.read() as connection:
        waiting = await conversations.waiting(connection, visit.organisation_id)
    counted = {"number": len(waiting), "urgent": sum(one.urgent for one in waiting)}
    return part(visit, "count", "/inbox/count", "inbox/count.html", **counted).answer(seen)


async def _waiting(connection: AsyncConnection, vault: Vault, visit: Visit) -> Part:
    found = await conversations.waiting(connection, visit.organisation_id)
    context: dict[str, Any] = {
        "rows": await _rows(connection, vault, visit, found),
        "is_open": visit.organisation.office_hours.is_open(visit.at),
        "opens": visit.organisation.office_hours.next_opening(visit.at),
        "without_feedback": await alerts.without_feedback(connection, visit.organisation_id),
        "to_approve": await alerts.to_approve(connection, visit.organisation_id),
    }
    return part(visit, "waiting", "/inbox/waiting", "inbox/waiting.html", **context)


async def _recent(connection: AsyncConnection, vault: Vault, visit: Visit, chosen: Filter) -> Part:
    found = await conversations.recent(
        connection,
        visit.organisation_id,
        state=chosen.state,
        owner=chosen.owner,
        channel=chosen.channel,
        before=chosen.older,
    )
    older = chosen.query(found[-1]) if len(found) == PAGE else None
    rows = await _rows(connection, vault, visit, found)
    return part(
        visit, "recent", f"/inbox/recent{chosen.query()}", "inbox/recent.html", rows=rows, older=older, chosen=chosen
    )


async def _rows(connection: AsyncConnection, vault: Vault, visit: Visit, found: Sequence[Conversation]) -> list[Row]:
    persons = await people.at_addresses(connection, vault, visit.organisation_id, [one.address_id for one in found])
    last = await messages.last_texts(connection, vault, found)
    names = await officers.names(connection, visit.organisation_id)
    return [Row(one, persons[one.address_id], last.get(one.id, ""), names.get(one.officer_id or 0)) for one in found]

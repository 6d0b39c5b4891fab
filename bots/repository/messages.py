"""The messages of conversations, sealed with the resident's key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bots.conversation import Conversation, State
from bots.tables import message
from people.tables import resident
from storage.encryption import PersonKey, Vault
from storage.errors import NotFound

PAGE = 100


class Author(StrEnum):
    """Who wrote a message."""

    RESIDENT = "resident"
    BOT = "bot"
    OFFICER = "officer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Message:
    """One message as an officer reads it; text is None once the person was erased."""

    id: int
    conversation_id: int
    at: datetime
    author: Author
    officer_id: int | None
    kind: str
    text: str | None
    language: str | None
    intent: str | None
    confidence: float | None
    event_id: int | None


async def add(
    connection: AsyncConnection,
    key: PersonKey,
    conversation: Conversation,
    *,
    author: Author,
    text: str,
    at: datetime,
    kind: str = "text",
    language: str | None = None,
    intent: str | None = None,
    confidence: float | None = None,
    officer_id: int | None = None,
    event_id: int | None = None,
) -> int:
    """Add a message to a conversation; gives its id."""
    statement = insert(message).values(
        organisation_id=conversation.organisation_id,
        conversation_id=conversation.id,
        at=at,
        author=author,
        officer_id=officer_id,
        kind=kind,
        content=key.seal(text),
        language=language,
        intent=intent,
        confidence=confidence,
        event_id=event_id,
    )
    return int((await connection.execute(statement.returning(message.c.id))).scalar_one())


async def of_conversation(
    connection: AsyncConnection, vault: Vault, one: Conversation, *, before: int | None = None
) -> list[Message]:
    """The last messages of a conversation (a page of them, before `before`), oldest first."""
    statement = select(message).where(message.c.conversation_id == one.id)
    if before is not None:
        statement = statement.where(message.c.id < before)
    rows = (await connection.execute(statement.order_by(message.c.id.desc()).limit(PAGE))).all()
    wrapped = await connection.scalar(select(resident.c.wrapped_key).where(resident.c.id == one.resident_id))
    return [as_message(row, vault, wrapped) for row in reversed(rows)]


async def last_texts(
    connection: AsyncConnection, vault: Vault, conversations: Sequence[Conversation]
) -> dict[int, str]:
    """The last message of each conversation, for a list of them; of who waits, their own: what it is about."""
    ids = [one.id for one in conversations]
    waiting = [one.id for one in conversations if one.state is State.WAITING]
    newest = (
        select(func.max(message.c.id))
        .where(message.c.conversation_id.in_(ids))
        .where(message.c.conversation_id.not_in(waiting) | (message.c.author == Author.RESIDENT))
        .group_by(message.c.conversation_id)
    )
    rows = (await connection.execute(select(message).where(message.c.id.in_(newest)))).all()
    residents = select(resident.c.id, resident.c.wrapped_key).where(
        resident.c.id.in_([one.resident_id for one in conversations])
    )
    keys = {row.id: row.wrapped_key for row in await connection.execute(residents)}
    owner = {one.id: one.resident_id for one in conversations}
    return {row.conversation_id: _text(row, vault, keys.get(owner[row.conversation_id])) or "" for row in rows}


def as_message(row: Row[Any], vault: Vault, wrapped: bytes | None) -> Message:
    """A row as an officer reads it."""
    return Message(
        id=row.id,
        conversation_id=row.conversation_id,
        at=row.at,
        author=Author(row.author),
        officer_id=row.officer_id,
        kind=row.kind,
        text=_text(row, vault, wrapped),
        language=row.language,
        intent=row.intent,
        confidence=row.confidence,
        event_id=row.event_id,
    )


def _text(row: Row[Any], vault: Vault, wrapped: bytes | None) -> str | None:
    try:
        return vault.person(wrapped).open(row.content)
    except NotFound:
        return None

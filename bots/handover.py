"""To an officer and back. Each step is one transaction: ownership, epoch, what waited to leave, facts and audit."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bots.conversation import Conversation, Owner, Step, after
from bots.policy import reply_language
from bots.repository import conversations, messages
from bots.repository.messages import Author
from bots.voice import marked, voice
from messaging import content
from messaging.channel import Outgoing
from messaging.delivery import Purpose
from messaging.repository import ledger
from messaging.repository.ledger import NewDelivery
from people.officer import Officer
from people.repository import organisations, residents
from people.resident import Resident
from people.roles import Action, require
from storage.encryption import Vault
from storage.errors import Conflict, InvalidInput
from storage.facts import Fact, FactKind
from storage.repository import AuditLine, append_audit, append_facts

_LONGEST_REPLY = 1500  # characters: one message on every channel


@dataclass(frozen=True, slots=True)
class Desk:
    """An officer at work in a transaction."""

    connection: AsyncConnection
    vault: Vault
    officer: Officer
    now: datetime


async def take_over(desk: Desk, conversation_id: int) -> int:
    """The officer answers from now on; gives how many bot messages are just leaving and cannot be held any more.

    Raises Forbidden, NotFound, or Conflict when it is the officer's already or somebody was first.
    """
    seen = await _seen(desk, conversation_id)
    if seen.officer_id == desk.officer.id:
        raise Conflict("This conversation is yours already")
    leaving = await ledger.withdraw_replies(desk.connection, seen.id)
    await _step(desk, seen, Step.TAKE_OVER, officer_id=desk.officer.id, waiting_since=None, dialogue={})
    await _record(desk, seen, FactKind.OFFICER_TOOK_OVER)
    text = "You are now talking to {name}, a staff member of {organisation}."
    await _say(desk, await conversations.get(desk.connection, seen.organisation_id, seen.id), text)
    return leaving


async def give_back(desk: Desk, conversation_id: int) -> None:
    """The bot answers again, and says so. Raises Forbidden, NotFound or Conflict."""
    seen = await _owned(desk, conversation_id)
    await _say(
        desk, seen, "You are talking to the chatbot of {organisation} again. You can always ask for a colleague."
    )
    await _step(desk, seen, Step.GIVE_BACK, officer_id=None, disclosed=True, urgent=False)
    await _record(desk, seen, FactKind.OFFICER_GAVE_BACK)


async def close(desk: Desk, conversation_id: int) -> None:
    """The matter is dealt with; the next message opens a new conversation. Raises Forbidden, NotFound or Conflict."""
    seen = await _seen(desk, conversation_id)
    await _step(desk, seen, Step.CLOSE, officer_id=None, closed_at=desk.now, closed_by="officer", urgent=False)
    await _record(desk, seen, FactKind.CONVERSATION_CLOSED)


async def reply(desk: Desk, conversation_id: int, text: str) -> int:
    """Send the officer's own words; gives the message's id.

    Raises Forbidden, NotFound, Conflict when the officer does not own the conversation, InvalidInput for the text.
    """
    written = text.strip()
    if not written or len(written) > _LONGEST_REPLY:
        raise InvalidInput(f"A reply has 1 to {_LONGEST_REPLY} characters")
    seen = await _owned(desk, conversation_id)
    message_id = await _send(desk, seen, written, Author.OFFICER, Purpose.OFFICER, seen.unanswered_since)
    await conversations.change(desk.connection, seen, last_message_at=desk.now, unanswered_since=None)
    await _record(desk, seen, FactKind.OFFICER_REPLIED)
    return message_id


async def _seen(desk: Desk, conversation_id: int) -> Conversation:
    require(desk.officer.role, Action.REPLY)
    return await conversations.get(desk.connection, desk.officer.organisation_id, conversation_id)


async def _owned(desk: Desk, conversation_id: int) -> Conversation:
    seen = await _seen(desk, conversation_id)
    if seen.owner is not Owner.OFFICER or seen.officer_id != desk.officer.id:
        raise Conflict("Take the conversation over first")
    return seen


async def _step(desk: Desk, seen: Conversation, step: Step, **values: object) -> None:
    state, owner = after(step, seen.state, seen.owner)
    await conversations.change(
        desk.connection, seen, state=state, owner=owner, epoch=seen.epoch + 1, last_message_at=desk.now, **values
    )


async def _say(desk: Desk, conversation: Conversation, message: str) -> None:
    """Tell the resident who answers now."""
    organisation = await organisations.get(desk.connection, conversation.organisation_id)
    person = await residents.get(desk.connection, conversation.organisation_id, conversation.resident_id)
    language = reply_language(person.requested_language, conversation.language, offered_before=True)
    text = voice(organisation, language.language).say(message, name=desk.officer.name)
    await _send(desk, conversation, marked(organisation, language, text), Author.SYSTEM, Purpose.SYSTEM, None)


async def _send(
    desk: Desk,
    conversation: Conversation,
    text: str,
    author: Author,
    purpose: Purpose,
    answers_at: datetime | None,
) -> int:
    person: Resident = await residents.get(desk.connection, conversation.organisation_id, conversation.resident_id)
    key = desk.vault.person(person.wrapped_key)
    message_id = await messages.add(
        desk.connection, key, conversation, author=author, text=text, at=desk.now, officer_id=desk.officer.id
    )
    new = NewDelivery(
        organisation_id=conversation.organisation_id,
        sender_id=conversation.sender_id,
        address_id=conversation.address_id,
        resident_id=conversation.resident_id,
        purpose=purpose,
        content=key.seal(content.to_json(Outgoing(text))),
        conversation_id=conversation.id,
        message_id=message_id,
        answers_at=answers_at,
        substantive=author is Author.OFFICER,
    )
    await ledger.queue(desk.connection, new, desk.now)
    return message_id


async def _record(desk: Desk, seen: Conversation, kind: FactKind) -> None:
    fact = Fact(
        kind=kind,
        organisation_id=seen.organisation_id,
        at=desk.now,
        channel=seen.channel,
        resident_id=seen.resident_id,
        conversation_id=seen.id,
        officer_id=desk.officer.id,
    )
    await append_facts(desk.connection, [fact])
    line = AuditLine(
        organisation_id=seen.organisation_id,
        at=desk.now,
        officer_id=desk.officer.id,
        action=kind,
        subject=f"conversation {seen.id}",
    )
    await append_audit(desk.connection, line)

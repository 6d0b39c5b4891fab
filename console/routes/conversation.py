"""One conversation: read along, take over, answer, give back, close."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from bots import handover
from bots.conversation import TRANSITIONS, Conversation, Owner, Step
from bots.handover import Desk
from bots.repository import conversations, messages
from bots.repository.messages import PAGE, Author, Message
from console.context import Console
from console.errors import explanation
from console.login import ConversationReader, Here, Replier, Visit
from console.pages import Part, go, page, part
from console.parameters import Before, Field, Key
from console.repository import alerts, officers, people
from messaging.repository import ledger
from people.repository import networks, residents
from people.roles import Action
from storage.errors import InvalidInput
from storage.repository import AuditLine, append_audit, mark_changed

router = APIRouter(prefix="/conversations/{conversation_id}")
LONGEST_REPLY = 1500


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message as it is shown. delivery: state and whether it may be a duplicate; alert: id and title."""

    message: Message
    officer: str | None
    topic: str | None
    delivery: tuple[str, bool] | None
    alert: tuple[int, str] | None


@router.get("")
async def conversation(
    console: Here, visit: ConversationReader, conversation_id: Key, done: str = "", leaving: int = 0, before: Before = 0
) -> Response:
    """The conversation with its messages, the oldest first."""
    return await _page(console, visit, conversation_id, done=done, leaving=leaving, before=before)


@router.get("/messages")
async def messages_part(console: Here, visit: ConversationReader, conversation_id: Key, seen: str = "") -> Response:
    """The newest messages, anew."""
    async with console.database.read() as connection:
        one = await conversations.get(connection, visit.organisation_id, conversation_id)
        return (await _messages(connection, console, visit, one, None)).answer(seen)


@router.get("/desk")
async def desk_part(console: Here, visit: ConversationReader, conversation_id: Key, seen: str = "") -> Response:
    """Who answers, and what the officer can do, anew; while that stays, a reply being written is left alone."""
    async with console.database.read() as connection:
        one = await conversations.get(connection, visit.organisation_id, conversation_id)
        return (await _desk(connection, visit, one)).answer(seen)


async def _page(
    console: Console,
    visit: Visit,
    conversation_id: int,
    *,
    status: int = 200,
    before: int = 0,
    problem: str | None = None,
    draft: str = "",
    **context: Any,
) -> Response:
    async with console.database.read() as connection:
        one = await conversations.get(connection, visit.organisation_id, conversation_id)
        found = await people.at_addresses(connection, console.vault, visit.organisation_id, [one.address_id])
        joined = set(await networks.of_resident(connection, one.resident_id))
        shown: dict[str, Any] = {
            "conversation": one,
            "person": found[one.address_id],
            "messages": await _messages(connection, console, visit, one, before or None),
            "desk": await _desk(connection, visit, one, problem, draft),
            "networks": [
                net.name for net in await networks.every(connection, visit.organisation_id) if net.id in joined
            ],
            "consent": await networks.has_consent(connection, one.address_id),
            "others": [
                other
                for other in await conversations.of_resident(connection, visit.organisation_id, one.resident_id)
                if other.id != one.id
            ],
            "resident": await residents.get(connection, visit.organisation_id, one.resident_id),
        }
    defaults = {"done": "", "leaving": 0, "number": None}
    return page(visit, "conversation.html", status=status, **(defaults | context | shown))


async def _messages(
    connection: AsyncConnection, console: Console, visit: Visit, one: Conversation, before: int | None
) -> Part:
    found = await messages.of_conversation(connection, console.vault, one, before=before)
    sent = [message.id for message in found if message.author is not Author.RESIDENT]
    deliveries = await ledger.of_messages(connection, sent)
    names = await officers.names(connection, visit.organisation_id)
    answered = {message.event_id for message in found if message.event_id is not None}
    under = await alerts.of_events(connection, visit.organisation_id, answered)
    topics = console.topics.get(visit.language, {})
    bubbles = [
        Bubble(
            message=message,
            officer=names.get(message.officer_id or 0),
            topic=None if message.intent is None else topics.get(message.intent, message.intent.replace("_", " ")),
            delivery=deliveries.get(message.id),
            alert=under.get(message.event_id or 0),
        )
        for message in found
    ]
    earlier = found[0].id if len(found) == PAGE else None
    url = f"/conversations/{one.id}/messages"
    return part(visit, "messages", url, "conversation/messages.html", bubbles=bubbles, earlier=earlier, one=one)


async def _desk(
    connection: AsyncConnection, visit: Visit, one: Conversation, problem: str | None = None, draft: str = ""
) -> Part:
    names = await officers.names(connection, visit.organisation_id)
    standing = (one.state, one.owner)
    mine = one.owner is Owner.OFFICER and one.officer_id == visit.officer.id
    context: dict[str, Any] = {
        "conversation": one,
        "owner": names.get(one.officer_id or 0),
        "mine": mine,
        "can_take_over": standing in TRANSITIONS[Step.TAKE_OVER] and not mine,
        "can_close": standing in TRANSITIONS[Step.CLOSE],
        "may_reply": visit.may(Action.REPLY),
        "problem": problem,
        "draft": draft,
        "longest": LONGEST_REPLY,
    }
    return part(visit, "desk", f"/conversations/{one.id}/desk", "conversation/desk.html", **context)


async def _step(
    console: Console, visit: Visit, conversation_id: int, step: Callable[[Desk, int], Awaitable[int | None]]
) -> int | None:
    async with console.database.write() as connection:
        given = await step(Desk(connection, console.vault, visit.officer, visit.at), conversation_id)
        await mark_changed(connection, visit.organisation_id)
    console.queued()
    return given


@router.post("/take-over")
async def take_over(console: Here, visit: Replier, conversation_id: Key) -> Response:
    """Answer oneself from now on."""
    leaving = await _step(console, visit, conversation_id, handover.take_over)
    return go(f"/conversations/{conversation_id}?done=taken&leaving={leaving}#reply")


@router.post("/reply")
async def reply(console: Here, visit: Replier, conversation_id: Key, text: Field = "") -> Response:
    """Send one's own words."""
    try:
        await _step(console, visit, conversation_id, lambda desk, one: handover.reply(desk, one, text))
    except InvalidInput as error:
        problem = explanation(error, visit.language)
        return await _page(console, visit, conversation_id, status=422, problem=problem, draft=text)
    return go(f"/conversations/{conversation_id}?done=replied#reply")


@router.post("/give-back")
async def give_back(console: Here, visit: Replier, conversation_id: Key) -> Response:
    """Let the bot answer again."""
    await _step(console, visit, conversation_id, handover.give_back)
    return go(f"/conversations/{conversation_id}?done=given_back")


@router.post("/close")
async def close(console: Here, visit: Replier, conversation_id: Key) -> Response:
    """The matter is dealt with."""
    await _step(console, visit, conversation_id, handover.close)
    return go(f"/conversations/{conversation_id}?done=closed")


@router.post("/number")
async def show_number(console: Here, visit: Replier, conversation_id: Key) -> Response:
    """Show the number in full, once, and write down who looked."""
    async with console.database.write() as connection:
        one = await conversations.get(connection, visit.organisation_id, conversation_id)
        number = await residents.address_value(connection, console.vault, one.address_id)
        line = AuditLine(
            organisation_id=visit.organisation_id,
            at=visit.at,
            officer_id=visit.officer.id,
            action="number_shown",
            subject=f"conversation {one.id}",
        )
        await append_audit(connection, line)
    return await _page(console, visit, conversation_id, number=number)

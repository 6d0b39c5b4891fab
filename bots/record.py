"""Writes an answered message down: the message, the reply in the ledger, the facts, and how the conversation stands."""

from datetime import datetime

from bots.claims import Claim, caution
from bots.conversation import Conversation, Owner, Step, after
from bots.repository import conversations, messages, notifications
from bots.repository.messages import Author
from bots.turn import Reply, Turn
from bots.voice import marked
from messaging import content
from messaging.channel import Outgoing
from messaging.delivery import Purpose
from messaging.repository import ledger
from messaging.repository.ledger import NewDelivery
from people.repository import officers
from people.roles import Action
from storage.facts import Fact, FactKind
from storage.repository import append_facts

_NO_QUESTION = frozenset({"greet", "goodbye", "thank", "affirm", "deny", "alerts_unsubscribe"})
_NOT_ASKED = frozenset({"stop", "provider", "officer_link"})
_CONTRIBUTIONS = {"share_idea": FactKind.IDEA_SHARED}
_DISCLOSURE = "I am the chatbot of {organisation}."


async def write_down(turn: Turn, claim: Claim) -> None:
    """Write a turn down in its transaction, with what was claimed for it."""
    conversation, understood = turn.conversation, turn.interpretation
    await messages.add(
        turn.connection,
        turn.key,
        conversation,
        author=Author.RESIDENT,
        text=turn.incoming.text,
        at=turn.received_at,
        kind=turn.incoming.kind,
        language=understood.language,
        intent=claim.intent or understood.intent,
        confidence=understood.confidence,
        event_id=claim.event_id,
    )
    intent = claim.intent or understood.intent
    facts = [fact_of(conversation, FactKind.MESSAGE_RECEIVED, turn.received_at, intent, understood.language)]
    unanswered = conversation.unanswered_since
    if unanswered is None and _wants_answer(claim, intent):
        unanswered = turn.received_at
        facts.append(fact_of(conversation, FactKind.QUESTION_ASKED, turn.received_at, intent, understood.language))
    if intent in _CONTRIBUTIONS:
        facts.append(fact_of(conversation, _CONTRIBUTIONS[intent], turn.received_at, intent, understood.language))
    values: dict[str, object] = {"last_message_at": turn.received_at, "language": understood.language}
    if claim.reply is not None:
        await _queue(turn, claim.reply, intent, unanswered)
        unanswered = None if claim.reply.substantive else unanswered
        values |= {"disclosed": True, "dialogue": _dialogue(turn, claim.reply)}
        values |= await _hand_over(turn, claim.reply, facts)
    await conversations.change(turn.connection, conversation, unanswered_since=unanswered, **values)
    await append_facts(turn.connection, facts)


def _wants_answer(claim: Claim, intent: str) -> bool:
    return claim.event_id is None and claim.by not in _NOT_ASKED and intent not in _NO_QUESTION


def _dialogue(turn: Turn, reply: Reply) -> dict[str, object]:
    offered = turn.conversation.dialogue.get("offered") or turn.reply_language.offer is not None
    return {**reply.dialogue, "offered": bool(offered)}


async def _queue(turn: Turn, reply: Reply, intent: str, answers_at: datetime | None) -> None:
    text = reply.text
    if reply.translated:
        text = marked(turn.organisation, turn.reply_language, text, choices_follow=bool(reply.choices))
    if not turn.conversation.disclosed and not reply.disclosed:
        text = f"{turn.voice.say(_DISCLOSURE)}\n\n{text}"
    whom_to_call = None if reply.system else caution(turn)
    if whom_to_call is not None:
        text = f"{whom_to_call}\n\n{text}"
    message_id = await messages.add(
        turn.connection,
        turn.key,
        turn.conversation,
        author=Author.SYSTEM if reply.system else Author.BOT,
        text=text,
        at=turn.now,
        language=turn.voice.language,
        intent=intent,
    )
    new = NewDelivery(
        organisation_id=turn.organisation.id,
        sender_id=turn.conversation.sender_id,
        address_id=turn.address.id,
        resident_id=turn.resident.id,
        purpose=_purpose(reply),
        content=turn.key.seal(content.to_json(Outgoing(text, reply.choices))),
        conversation_id=turn.conversation.id,
        message_id=message_id,
        answers_at=answers_at if reply.substantive else None,
        substantive=reply.substantive,
    )
    await ledger.queue(turn.connection, new, turn.now)


def _purpose(reply: Reply) -> Purpose:
    if reply.urgent:
        return Purpose.SAFETY
    return Purpose.SYSTEM if reply.system else Purpose.REPLY


async def _hand_over(turn: Turn, reply: Reply, facts: list[Fact]) -> dict[str, object]:
    """Ask for an officer where the reply says so: what changes in the conversation, with officers told."""
    if reply.handover is None:
        return {}
    able = await officers.who_may(turn.connection, turn.organisation.id, Action.REPLY)
    await notifications.queue(
        turn.connection,
        turn.organisation.id,
        turn.conversation.id,
        [one.id for one in able],
        reply.handover,
        turn.now,
    )
    facts.append(fact_of(turn.conversation, FactKind.HANDOVER_REQUESTED, turn.now, reply.handover))
    if reply.urgent:
        facts.append(fact_of(turn.conversation, FactKind.SAFETY_ANSWERED, turn.now, reply.handover))
    urgent = turn.conversation.urgent or reply.urgent
    if turn.conversation.owner is Owner.OFFICER:
        return {"urgent": urgent}
    state, _ = after(Step.ASK_FOR_OFFICER, turn.conversation.state, turn.conversation.owner)
    return {"state": state, "urgent": urgent, "waiting_since": turn.conversation.waiting_since or turn.now}


def fact_of(
    conversation: Conversation, kind: FactKind, at: datetime, intent: str | None = None, language: str | None = None
) -> Fact:
    """Something that happened in a conversation; in its language unless told otherwise."""
    return Fact(
        kind=kind,
        organisation_id=conversation.organisation_id,
        at=at,
        channel=conversation.channel,
        language=language or conversation.language,
        resident_id=conversation.resident_id,
        conversation_id=conversation.id,
        intent=intent,
    )

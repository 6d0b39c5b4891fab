"""One incoming message, start to end: who wrote, what it means, who answers; all of it in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bots.answers import Answers
from bots.choices import chosen
from bots.claims import Claim, Claimant
from bots.conversation import Conversation, Owner, State, Step, after
from bots.policy import reply_language
from bots.repository import conversations, messages, notifications
from bots.repository.messages import Author
from bots.turn import Reply, Turn
from bots.voice import marked, voice
from messaging import content
from messaging.channel import Outgoing
from messaging.delivery import Purpose
from messaging.incoming import Incoming
from messaging.repository import inbox, ledger
from messaging.repository.inbox import Claimed
from messaging.repository.ledger import NewDelivery
from nlu.interpreter import LANGUAGES, Interpretation, Interpreter, Language
from nlu.language import settle
from people.consent import Way
from people.repository import networks, officers, organisations, residents
from people.resident import Address, Resident
from people.roles import Action
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault
from storage.facts import Fact, FactKind
from storage.repository import append_facts, mark_changed

_NO_QUESTION = frozenset({"greet", "goodbye", "thank", "affirm", "deny", "alerts_unsubscribe"})
_NOT_ASKED = frozenset({"stop", "provider", "officer_link"})
_CONTRIBUTIONS = {"share_idea": FactKind.IDEA_SHARED}
_DISCLOSURE = "I am the chatbot of {organisation}."


@dataclass(frozen=True, slots=True)
class Inbound:
    """Answers incoming messages. answers: each organisation's content; queued: called when a reply waits to leave."""

    database: Database
    vault: Vault
    interpreter: Interpreter
    answers: Mapping[int, Answers]
    claimants: Sequence[Claimant]
    queued: Callable[[], None]

    async def handle(self, claimed: Claimed, incoming: Incoming | None) -> None:
        """Deal with one message and finish it; raises LeaseLost when another worker has it."""
        if incoming is None or not incoming.private or incoming.blocked:
            async with self.database.write() as connection:
                await inbox.finish(connection, claimed, now())
                if incoming is not None and incoming.private:
                    await self._stopped(connection, claimed, incoming)
            return
        understood = await self._understand(claimed, incoming)
        async with self.database.write() as connection:
            await inbox.finish(connection, claimed, now())
            person, address = await self._writer(connection, claimed, incoming)
            await self._converse(connection, claimed, incoming, understood, person, address)
            await mark_changed(connection, claimed.organisation_id)
        self.queued()

    async def _stopped(self, connection: AsyncConnection, claimed: Claimed, incoming: Incoming) -> None:
        """The person blocked us: nothing is sent there any more, until they write again."""
        known = await residents.find_address(
            connection, self.vault, claimed.organisation_id, incoming.channel, incoming.address
        )
        if known is None:
            return
        await residents.set_address_state(connection, known.id, "blocked")
        if await networks.withdraw_consent(connection, known.id, now(), Way.PROVIDER):
            fact = Fact(
                kind=FactKind.CONSENT_WITHDRAWN,
                organisation_id=claimed.organisation_id,
                at=now(),
                channel=known.channel,
                resident_id=known.resident_id,
            )
            await append_facts(connection, [fact])

    async def _understand(self, claimed: Claimed, incoming: Incoming) -> Interpretation:
        """Outside the transaction: understanding takes longer than everything else."""
        async with self.database.read() as connection:
            known = await residents.person_at(
                connection, self.vault, claimed.organisation_id, incoming.channel, incoming.address
            )
        seed = (known[0].language if known else None) or incoming.language_code
        return await self.interpreter.parse(incoming.text, _language(seed))

    async def _writer(
        self, connection: AsyncConnection, claimed: Claimed, incoming: Incoming
    ) -> tuple[Resident, Address]:
        """Who wrote, and from where; whoever writes for the first time becomes a resident."""
        place = (claimed.organisation_id, incoming.channel, incoming.address)
        found = (
            await residents.person_at(connection, self.vault, *place)
            or await residents.with_number(connection, self.vault, *place, now())
            or await residents.register(
                connection, self.vault, *place, now(), name=incoming.display_name, language=incoming.language_code
            )
        )
        await residents.heard_from(connection, found[1].id, claimed.received_at, claimed.sender_id)
        return found

    async def _converse(
        self,
        connection: AsyncConnection,
        claimed: Claimed,
        incoming: Incoming,
        understood: Interpretation,
        person: Resident,
        address: Address,
    ) -> None:
        organisation = await organisations.get(connection, claimed.organisation_id)
        language = settle(
            _language(person.language), understood.language, understood.language_confidence, len(incoming.text.split())
        )
        if language != person.language:
            await residents.set_language(connection, person.id, language)
        conversation = await self._conversation(connection, claimed, address, language)
        offered = bool(conversation.dialogue.get("offered"))
        policy = reply_language(person.requested_language, language, offered_before=offered)
        turn = Turn(
            connection=connection,
            vault=self.vault,
            key=self.vault.person(person.wrapped_key),
            organisation=organisation,
            resident=person,
            address=address,
            conversation=conversation,
            incoming=incoming,
            interpretation=replace(understood, language=language),
            answers=self.answers[organisation.id],
            reply_language=policy,
            voice=voice(organisation, policy.language),
            received_at=claimed.received_at,
            now=now(),
            choice=chosen(conversation.dialogue, incoming),
        )
        await _write_down(turn, await self._claim(turn))

    async def _claim(self, turn: Turn) -> Claim:
        for claimant in self.claimants:
            claim = await claimant(turn)
            if claim is not None:
                return claim
        raise LookupError("the last claimant takes every message")

    async def _conversation(
        self, connection: AsyncConnection, claimed: Claimed, address: Address, language: Language
    ) -> Conversation:
        """The one that goes on with this address, or a new one after a day of silence."""
        current = await conversations.open_at(connection, address.id)
        if current is not None and not current.is_over(claimed.received_at):
            if current.sender_id == claimed.sender_id:
                return current
            # They went on with another bot of ours: there they read the answer.
            await conversations.change(connection, current, sender_id=claimed.sender_id)
            return replace(current, sender_id=claimed.sender_id)
        if current is not None:
            await conversations.change(
                connection, current, state=State.CLOSED, closed_at=claimed.received_at, closed_by="silence"
            )
            await append_facts(connection, [_fact(current, FactKind.CONVERSATION_CLOSED, claimed.received_at)])
        made = await conversations.create(
            connection,
            organisation_id=claimed.organisation_id,
            resident_id=address.resident_id,
            address_id=address.id,
            sender_id=claimed.sender_id,
            channel=address.channel,
            language=language,
            at=claimed.received_at,
        )
        await append_facts(connection, [_fact(made, FactKind.CONVERSATION_OPENED, claimed.received_at)])
        return made


def _language(code: str | None) -> Language | None:
    return next((one for one in LANGUAGES if one == code), None)


async def _write_down(turn: Turn, claim: Claim) -> None:
    """The message, the reply in the ledger, the facts, and where the conversation stands now."""
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
    facts = [_fact(conversation, FactKind.MESSAGE_RECEIVED, turn.received_at, intent, understood.language)]
    unanswered = conversation.unanswered_since
    if unanswered is None and _wants_answer(claim, intent):
        unanswered = turn.received_at
        facts.append(_fact(conversation, FactKind.QUESTION_ASKED, turn.received_at, intent, understood.language))
    if intent in _CONTRIBUTIONS:
        facts.append(_fact(conversation, _CONTRIBUTIONS[intent], turn.received_at, intent, understood.language))
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
    facts.append(_fact(turn.conversation, FactKind.HANDOVER_REQUESTED, turn.now, reply.handover))
    if reply.urgent:
        facts.append(_fact(turn.conversation, FactKind.SAFETY_ANSWERED, turn.now, reply.handover))
    urgent = turn.conversation.urgent or reply.urgent
    if turn.conversation.owner is Owner.OFFICER:
        return {"urgent": urgent}
    state, _ = after(Step.ASK_FOR_OFFICER, turn.conversation.state, turn.conversation.owner)
    return {"state": state, "urgent": urgent, "waiting_since": turn.conversation.waiting_since or turn.now}


def _fact(
    conversation: Conversation, kind: FactKind, at: datetime, intent: str | None = None, language: str | None = None
) -> Fact:
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

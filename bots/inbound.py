"""One incoming message, start to end: who wrote, what it means, who answers; all of it in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from bots.answers import Answers
from bots.choices import chosen
from bots.claims import Claim, Claimant
from bots.conversation import Conversation, State
from bots.policy import reply_language
from bots.record import fact_of, write_down
from bots.repository import conversations
from bots.turn import Turn
from bots.voice import voice
from messaging.incoming import Incoming
from messaging.repository import inbox
from messaging.repository.inbox import Claimed
from nlu.interpreter import LANGUAGES, Interpretation, Interpreter, Language
from nlu.language import settle
from people.consent import Way
from people.repository import networks, organisations, residents
from people.resident import Address, Resident
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault
from storage.facts import Fact, FactKind
from storage.repository import append_facts, mark_changed


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
        await write_down(turn, await self._claim(turn))

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
            await append_facts(connection, [fact_of(current, FactKind.CONVERSATION_CLOSED, claimed.received_at)])
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
        await append_facts(connection, [fact_of(made, FactKind.CONVERSATION_OPENED, claimed.received_at)])
        return made


def _language(code: str | None) -> Language | None:
    return next((one for one in LANGUAGES if one == code), None)

"""Sends one chunk of an event in mini-batches: claimed and reserved in one transaction, recorded in the next."""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast import replacing
from broadcast.audience import window_is_open
from broadcast.event import Event, EventState, choices, render, template_variables
from broadcast.failover import policy_of
from broadcast.gate import Gate
from broadcast.repository import chunks, events
from broadcast.spoken import spoken
from broadcast.tempo import SHORTEST_SLEEP, Holds, Pulse, Strides
from messaging.channel import Choice, Failure, Outgoing, SendError, Template
from messaging.channels import Channels
from messaging.delivery import Purpose
from messaging.incoming import ChannelKind
from messaging.outbox import Outbox, Outcome
from messaging.repository import broadcasts, pace, unclear
from messaging.repository.attempts import Attempt
from messaging.repository.broadcasts import Unclear
from messaging.repository.sent import alert_delivered
from messaging.sender import Sender
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault
from storage.repository import append_facts, mark_changed

_log = logging.getLogger(__name__)
_BATCH = 100
_BATCH_SECONDS = 0.1
_LANES = 2
_BUSY_SECONDS = 2.0
_LOOK_AGAIN = timedelta(seconds=20)
_LONGEST_PAUSE = 30.0
_SENDS = {EventState.SENDING, EventState.SENT}
"""Of an event that was sent, only what is told another way is left to leave."""


class Wording:
    """What each person is sent of one event through one sender; the same text is rendered once."""

    def __init__(self, event: Event, sender: Sender) -> None:
        self._event = event
        self._sender = sender
        self._said: dict[str | None, tuple[str, tuple[Choice, ...]]] = {}

    def message(self, requested: str | None, last_inbound_at: datetime | None, expires_at: datetime) -> Outgoing:
        """The message for somebody who asked for this language and wrote last at that moment."""
        moment = now()
        if requested not in self._said:
            sms = self._sender.channel is ChannelKind.SMS
            self._said[requested] = render(self._event, requested, sms=sms), choices(self._event, requested)
        text, answers = self._said[requested]
        template = None
        on_whatsapp = self._sender.channel is ChannelKind.WHATSAPP
        if on_whatsapp and self._sender.template and not window_is_open(last_inbound_at, moment):
            sid = self._event.template_sid or self._sender.template
            template = Template(sid, template_variables(self._event, requested))
        said = spoken(self._event, requested) if self._sender.channel is ChannelKind.VOICE else ()
        return Outgoing(text, answers, template=template, valid_for=expires_at - moment, spoken=said)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Attempts that may leave, each from a moment on (monotonic seconds); none: nothing is due, or only after `pause`.

    edits: by attempt, the message that it changes, as its provider knows it, and how that reads from now on.
    """

    departures: Sequence[tuple[Attempt, float]] = ()
    pause: float = 0.0
    edits: Mapping[int, tuple[str, Outgoing]] = field(default_factory=dict)


_NOTHING = _Batch()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkSending:
    """One chunk while a job carries it. worker: begins every lease; stopping: whether this process is to end.

    turn: of its lanes, so that who is claimed first also gets the earlier place (coordinators, for example).
    """

    database: Database
    vault: Vault
    channels: Channels
    outbox: Outbox
    event: Event
    number: int
    sender: Sender
    wording: Wording
    holds: Holds
    strides: Strides
    gate: Gate
    pulse: Pulse
    worker: str
    stopping: Callable[[], bool]
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def _size(self) -> int:
        """Messages in a mini-batch: a tenth of a second of the sender's rate, at most 100."""
        return min(max(int(self.sender.messages_per_second * _BATCH_SECONDS), 1), _BATCH)

    @property
    def _news_within(self) -> timedelta | None:
        """For how long news of a delivery is waited for; not at all where the provider cannot tell us any."""
        if self.channels.status_callback(self.sender.id, 0) is None:
            return None
        return policy_of(self.event).deadlines.get(self.sender.channel)

    async def send_due(self) -> None:
        """Send what is due now. One batch waits for its places while another is written down: no place is missed."""
        async with asyncio.TaskGroup() as lanes:
            for _ in range(_LANES):
                lanes.create_task(self._send_batches())

    async def _send_batches(self) -> None:
        outcomes: Sequence[Outcome] = ()
        while True:
            batch = await self._turn_over(outcomes)
            if not batch.departures and not batch.pause:
                return
            if not batch.departures:
                await asyncio.sleep(min(batch.pause, 1.0))
            outcomes = await asyncio.gather(
                *(self._send(attempt, moment, batch.edits.get(attempt.id)) for attempt, moment in batch.departures)
            )

    async def _turn_over(self, outcomes: Sequence[Outcome]) -> _Batch:
        """Write down what became of the last batch and claim the next, as soon as the database lets us."""
        pause = 1.0
        while True:
            try:
                async with self.turn, self.database.write() as connection:
                    await self._record(connection, outcomes)
                    return await self._claim(connection)
            except SQLAlchemyError as error:
                if self.stopping():
                    raise
                _log.error("The database does not take the outcomes: %s", type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _claim(self, connection: AsyncConnection) -> _Batch:
        """Commit to the next attempts, in the sender's pace. A sender that is held back for long is waited for first:
        the lease of an attempt must not end before it left."""
        state, busy = await events.clearance(connection, self.event.id, self.sender.id)
        if state is EventState.CANCELLED:
            await broadcasts.withdraw_chunk(connection, self.event.id, self.number)
        if self.stopping() or state not in _SENDS:
            return _NOTHING
        if not self.event.is_life_safety and await chunks.has_urgent(connection, self.sender.id):
            return _NOTHING
        if busy > _BUSY_SECONDS:
            return _Batch(pause=busy)
        lease = f"{self.worker}:{secrets.token_hex(6)}"
        attempts = await broadcasts.claim(
            connection, self.event.id, self.number, lease, now(), self._size, self._news_within
        )
        if not attempts:
            await broadcasts.drop_late(connection, self.event.id, self.number, now())
            return _NOTHING
        edited = [one for one in attempts if one.purpose is Purpose.EDIT]
        changes = await replacing.changes(connection, self.event, edited) if edited else {}
        return _Batch(await pace.depart(connection, self.sender, attempts), edits=changes)

    async def _send(self, attempt: Attempt, leaves_at: float, edit: tuple[str, Outgoing] | None = None) -> Outcome:
        await _sleep(leaves_at - time.monotonic())
        await self.strides.take(self.sender.id, self.sender.messages_per_second)
        if not await self.gate.is_open(self.event.id):
            return Outcome(attempt)
        held = self.holds.remaining(self.sender.id)
        if held > 0:
            return Outcome(attempt, error=SendError(Failure.RATE_LIMITED, "held", retry_after=held))
        if edit is not None:
            outcome = await self.outbox.send(attempt, edit[1], of=edit[0])
        else:
            expires_at = attempt.expires_at or self.event.expires_at
            message = self.wording.message(attempt.requested_language, attempt.last_inbound_at, expires_at)
            outcome = await self.outbox.send(attempt, message)
        if outcome.error is not None and outcome.error.failure is Failure.RATE_LIMITED:
            self.holds.hold(self.sender.id, outcome.error.retry_after or 1.0)
        return outcome

    async def _record(self, connection: AsyncConnection, outcomes: Sequence[Outcome]) -> None:
        if not outcomes:
            return
        moment = now()
        accepted = [(one.attempt, one.accepted.provider_id) for one in outcomes if one.accepted is not None]
        count = await broadcasts.accept(connection, accepted, moment)
        await broadcasts.give_back(connection, [one.attempt for one in outcomes if one.held_back])
        for one in outcomes:
            if one.error is not None:
                await self.outbox.record(connection, one)
        if count and outcomes[0].attempt.purpose is not Purpose.EDIT:
            channel, organisation_id = self.sender.channel, self.event.organisation_id
            fact = alert_delivered(organisation_id, self.event.id, channel, count, moment)
            await append_facts(connection, [fact])
        if self.pulse.beats(self.event.organisation_id):
            await mark_changed(connection, self.event.organisation_id)

    async def resolve_unclear(self) -> None:
        """Look into outcomes that nobody knows: found at the provider, or sent again, marked, where that is right."""
        async with self.database.write() as connection:
            questions = await broadcasts.unclear(connection, self.event.id, self.number, now(), _BATCH)
        for question in questions:
            await self._resolve(question)

    async def _resolve(self, one: Unclear) -> None:
        try:
            found = await self._find(one)
        except SendError:
            async with self.database.write() as connection:
                await broadcasts.look_again(connection, one.id, now() + _LOOK_AGAIN)
            return
        async with self.database.write() as connection:
            await unclear.resolve(connection, one.id, one.sender_id, found, now(), resend=one.resend)

    async def _find(self, one: Unclear) -> list[str]:
        if one.wrapped_key is None:
            return []
        address = self.vault.person(one.wrapped_key).open(one.sealed_address)
        message = self.wording.message(one.requested_language, one.attempted_at, self.event.expires_at)
        # The last argument compares texts, in which neither template nor validity plays a part.
        return await self.channels.find(
            one.sender_id, address, one.attempted_at, replace(message, template=None, valid_for=None)
        )


async def _sleep(seconds: float) -> None:
    if seconds > SHORTEST_SLEEP:
        await asyncio.sleep(seconds)

"""Sends what the ledger holds. An attempt is committed before its request leaves, its outcome after.

A process that dies in between leaves a row in `sending`; once its lease has ended the outcome counts as unknown and
is looked into: found at the provider it is accepted, else it is sent again and marked as a possible duplicate.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from messaging import content, receipts
from messaging.channel import Accepted, Edits, Failure, Outgoing, SendError
from messaging.channels import Channels
from messaging.repository import attempts, pace, unclear
from messaging.repository.attempts import Attempt
from messaging.repository.unclear import Unclear
from people.repository import residents
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault
from storage.repository import mark_changed

_log = logging.getLogger(__name__)
_AT_ONCE = 20
_LAST_ATTEMPT = 8
_WAIT_FOR_STATUS = timedelta(seconds=20)
_CREDENTIALS_PAUSE = 60.0
_LONGEST_PAUSE = 300.0
_LONGEST_WAIT = 10.0
"""Seconds: a sender that is held back for longer is left alone, for an attempt that was committed soon leaves."""
_FINISH_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt: accepted, an error, or neither when it was held back and never left."""

    attempt: Attempt
    accepted: Accepted | None = None
    error: SendError | None = None

    @property
    def held_back(self) -> bool:
        """Whether no request was made."""
        return self.accepted is None and self.error is None


class Outbox:
    """Sends single messages: replies, officers' messages, confirmations. Broadcasts use `send` and `record`.

    worker: as in the settings; by it a worker that starts again finds what it was sending when it died.
    """

    def __init__(self, database: Database, vault: Vault, channels: Channels, worker: str = "worker") -> None:
        self._database = database
        self._vault = vault
        self._channels = channels
        self._worker = worker
        self._held: dict[int, float] = {}
        self._senders = [one.id for one in channels.all()]
        self._leaving: set[asyncio.Task[None]] = set()
        self.wake = asyncio.Event()

    async def work(self) -> bool:
        """Let leave what is due now, as many at once as there is room for; True when there may be more."""
        moment = now()
        room = _AT_ONCE - len(self._leaving)
        if room <= 0:
            return False
        async with self._database.read() as connection:
            due = await attempts.senders_due(connection, moment, self._senders)
            is_unclear = await unclear.has_unclear(connection, moment, self._senders)
        if not due and not is_unclear:
            return False
        questions: list[Unclear] = []
        async with self._database.write() as connection:
            if is_unclear:
                await unclear.abandon_dead(connection, moment)
                questions = await unclear.unclear(connection, moment, room, self._senders)
            departures = await self._claim(connection, moment, due, room)
        for attempt, leaves_at in departures:
            self._start(self._deliver(attempt, leaves_at))
        for question in questions:
            self._start(self._resolve(question))
        return bool(departures)

    async def recover(self) -> None:
        """Before the first `work`: nobody else can know what became of what this worker was sending when it died."""
        async with self._database.write() as connection:
            await unclear.abandon_own(connection, self._worker, now())

    async def finish(self) -> None:
        """Wait until what is leaving has left and its outcome is written down."""
        if self._leaving:
            await asyncio.wait(self._leaving, timeout=_FINISH_SECONDS)

    def _start(self, sending: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(sending)
        self._leaving.add(task)
        task.add_done_callback(self._left)

    def _left(self, task: asyncio.Task[None]) -> None:
        self._leaving.discard(task)
        self.wake.set()
        if not task.cancelled() and task.exception() is not None:
            kind = type(task.exception()).__name__
            _log.error("An outcome could not be written down; it will be looked into: %s", kind)

    async def _claim(
        self, connection: AsyncConnection, moment: datetime, due: Sequence[tuple[int, float]], room: int
    ) -> list[tuple[Attempt, float]]:
        """The next attempts, committed with this transaction, and when each may leave (monotonic seconds)."""
        lease = f"{self._worker}:{secrets.token_hex(6)}"
        departures: list[tuple[Attempt, float]] = []
        for sender_id, busy in due:
            if busy > _LONGEST_WAIT:
                continue
            through = self._channels.sender(sender_id)
            size = min(room - len(departures), max(1, int(through.messages_per_second)))
            claimed = await attempts.claim_single(connection, sender_id, lease, moment, size)
            if claimed:
                departures += await pace.depart(connection, through, claimed)
        return departures

    async def _deliver(self, attempt: Attempt, leaves_at: float) -> None:
        await asyncio.sleep(leaves_at - time.monotonic())
        if attempt.content is None or attempt.wrapped_key is None:
            outcome = Outcome(attempt, error=SendError(Failure.REJECTED, "erased"))
        else:
            text = self._vault.person(attempt.wrapped_key).open(attempt.content)
            outcome = await self.send(attempt, content.from_json(text))
        await self._write_down(outcome)

    async def _write_down(self, outcome: Outcome) -> None:
        """Until the database takes it, as long as it counts: forgotten, the message would be sent again."""
        pause, last = 0.5, now() + attempts.LEASE
        while True:
            try:
                async with self._database.write() as connection:
                    await self.record(connection, outcome)
                    await mark_changed(connection, outcome.attempt.organisation_id)
            except SQLAlchemyError as error:
                if now() > last:
                    raise
                _log.error("An outcome waits to be written down: %s", type(error).__name__)
            else:
                return
            await asyncio.sleep(pause)
            pause *= 2

    async def send(self, attempt: Attempt, message: Outgoing, of: str | None = None) -> Outcome:
        """Hand one message to its provider, unless it asked us to wait meanwhile; never raises.

        of: the provider's id of a message that it is to replace in place.
        """
        held = self._held.get(attempt.sender_id, 0.0) - time.monotonic()
        if held > 0:
            return Outcome(attempt, error=SendError(Failure.RATE_LIMITED, "held", retry_after=held))
        try:
            accepted = await (self._send(attempt, message) if of is None else self._edit(attempt, of, message))
        except SendError as error:
            if error.failure is Failure.RATE_LIMITED:
                self._held[attempt.sender_id] = time.monotonic() + _pause(attempt, error)
            return Outcome(attempt, error=error)
        except Exception as error:  # noqa: BLE001 - it may have left: unknown, like a lost answer
            # The traceback may hold an address, so only its kind is logged.
            _log.error("Delivery %d failed in an unforeseen way: %s", attempt.id, type(error).__name__)
            return Outcome(attempt, error=SendError(Failure.UNKNOWN, "unforeseen"))
        return Outcome(attempt, accepted=accepted)

    async def _send(self, attempt: Attempt, message: Outgoing) -> Accepted:
        message = replace(
            message,
            status_callback=self._channels.status_callback(attempt.sender_id, attempt.id),
            answer_callback=self._channels.answer_callback(attempt.sender_id, attempt.id),
        )
        address = self._vault.person(attempt.wrapped_key).open(attempt.sealed_address)
        return await self._channels.of(attempt.sender_id).send(address, message)

    async def _edit(self, attempt: Attempt, provider_id: str, message: Outgoing) -> Accepted:
        """Done twice it is the same as once."""
        channel = self._channels.of(attempt.sender_id)
        if not isinstance(channel, Edits):
            raise SendError(Failure.REJECTED, "cannot_edit")
        await channel.edit(provider_id, message)
        return Accepted(provider_id)

    async def record(self, connection: AsyncConnection, outcome: Outcome) -> None:
        """Write down what became of an attempt, and what follows from it."""
        if outcome.accepted is not None:
            await attempts.accept(connection, outcome.attempt, outcome.accepted.provider_id, now())
        elif outcome.error is not None:
            await self._record_error(connection, outcome.attempt, outcome.error)

    async def _record_error(self, connection: AsyncConnection, attempt: Attempt, error: SendError) -> None:
        moment = now()
        match error.failure:
            case Failure.RATE_LIMITED | Failure.NOT_SENT | Failure.UNAUTHORIZED:
                seconds = _pause(attempt, error)
                if error.failure is not Failure.NOT_SENT:
                    await pace.pause(connection, attempt.sender_id, seconds)
                if error.failure is Failure.UNAUTHORIZED:
                    _log.error("Sender %d: the provider refuses our credentials", attempt.sender_id)
                if error.failure is Failure.NOT_SENT and attempt.attempts >= _LAST_ATTEMPT:
                    await attempts.fail(connection, attempt, error.code)
                else:
                    await attempts.retry(connection, attempt, moment + timedelta(seconds=seconds), error.code)
            case Failure.UNKNOWN:
                look_at = moment + _WAIT_FOR_STATUS
                await attempts.lose_sight(connection, attempt, error.code, look_at)
            case _:
                await self._record_refusal(connection, attempt, error)

    async def _record_refusal(self, connection: AsyncConnection, attempt: Attempt, error: SendError) -> None:
        if error.new_address is not None:
            await residents.replace_address(
                connection, self._vault, attempt.address_id, attempt.channel, error.new_address
            )
            await attempts.retry(connection, attempt, now(), error.code)
            return
        if attempt.channel == self._channels.sender(attempt.sender_id).channel:
            await receipts.learn(connection, attempt.address_id, error.failure)
        await attempts.fail(connection, attempt, error.code)

    async def _resolve(self, one: Unclear) -> None:
        """Find out at the provider whether an unclear message left; send it again, marked, when it did not."""
        try:
            found = await self._find(one)
        except SendError as error:
            _log.warning("Delivery %d cannot be looked into now: %s", one.id, error)
            return
        async with self._database.write() as connection:
            await unclear.resolve(connection, one.id, one.sender_id, found, now(), resend=one.resend)

    async def _find(self, one: Unclear) -> list[str]:
        if one.content is None or one.wrapped_key is None:
            return []
        key = self._vault.person(one.wrapped_key)
        message = content.from_json(key.open(one.content))
        return await self._channels.find(one.sender_id, key.open(one.sealed_address), one.attempted_at, message)


def _pause(attempt: Attempt, error: SendError) -> float:
    if error.failure is Failure.UNAUTHORIZED:
        return _CREDENTIALS_PAUSE
    return error.retry_after if error.retry_after is not None else min(2.0**attempt.attempts, _LONGEST_PAUSE)

"""Sends what the ledger holds. An attempt is committed before its request leaves, its outcome after.

A process that dies in between leaves a row in `sending`; once its lease has ended the outcome counts as unknown and
is looked into: found at the provider it is accepted, else it is sent again and marked as a possible duplicate.
"""

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from messaging import content
from messaging.channel import Accepted, Failure, Outgoing, SendError
from messaging.channels import Channels
from messaging.delivery import DeliveryState
from messaging.repository import ledger, senders
from messaging.repository.ledger import Attempt, Unclear
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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt."""

    attempt: Attempt
    accepted: Accepted | None = None
    error: SendError | None = None


class Outbox:
    """Sends single messages: replies, officers' messages, confirmations. Broadcasts use `send` and `record`."""

    def __init__(self, database: Database, vault: Vault, channels: Channels) -> None:
        self._database = database
        self._vault = vault
        self._channels = channels
        self._senders = [one.id for one in channels.all()]
        self._leaving: set[asyncio.Task[None]] = set()
        self.wake = asyncio.Event()

    async def work(self) -> bool:
        """Let leave what is due now, as many at once as there is room for; True when there may be more."""
        moment = now()
        room = _AT_ONCE - len(self._leaving)
        async with self._database.read() as connection:
            if room <= 0 or not await ledger.has_due(connection, moment, self._senders):
                return False
        async with self._database.write() as connection:
            await ledger.abandon_dead(connection, moment)
            questions = await ledger.unclear(connection, moment, room, self._senders)
            attempts = await ledger.claim_single(connection, secrets.token_hex(8), moment, room, self._senders)
            waits = await self._reserve(connection, attempts)
        for attempt, wait in zip(attempts, waits, strict=True):
            self._start(self._deliver(attempt, wait))
        for question in questions:
            await self._resolve(question)
        return bool(attempts)

    async def finish(self) -> None:
        """Wait until what is leaving has left and its outcome is written down."""
        await asyncio.gather(*self._leaving, return_exceptions=True)

    def _start(self, sending: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(sending)
        self._leaving.add(task)
        task.add_done_callback(self._left)

    def _left(self, task: asyncio.Task[None]) -> None:
        self._leaving.discard(task)
        self.wake.set()
        if not task.cancelled() and task.exception() is not None:
            _log.error("An outcome could not be written down; it will be looked into", exc_info=task.exception())

    async def _reserve(self, connection: AsyncConnection, attempts: Sequence[Attempt]) -> list[float]:
        """The seconds that each attempt must wait for its place in its sender's pace."""
        starts = {
            sender_id: await senders.reserve(connection, sender_id, count)
            for sender_id, count in Counter(attempt.sender_id for attempt in attempts).items()
        }
        waits: list[float] = []
        for attempt in attempts:
            waits.append(starts[attempt.sender_id])
            starts[attempt.sender_id] += 1 / self._channels.sender(attempt.sender_id).messages_per_second
        return waits

    async def _deliver(self, attempt: Attempt, wait: float) -> None:
        await asyncio.sleep(wait)
        if attempt.content is None or attempt.wrapped_key is None:
            outcome = Outcome(attempt, error=SendError(Failure.REJECTED, "erased"))
        else:
            text = self._vault.person(attempt.wrapped_key).open(attempt.content)
            outcome = await self.send(attempt, content.from_json(text))
        async with self._database.write() as connection:
            await self.record(connection, outcome)
            await mark_changed(connection, attempt.organisation_id)

    async def send(self, attempt: Attempt, message: Outgoing) -> Outcome:
        """Hand one message to its provider; never raises."""
        channel = self._channels.of(attempt.sender_id)
        callback = self._channels.status_callback(attempt.sender_id, attempt.id)
        try:
            address = self._vault.person(attempt.wrapped_key).open(attempt.sealed_address)
            accepted = await channel.send(address, replace(message, status_callback=callback))
        except SendError as error:
            return Outcome(attempt, error=error)
        except Exception:  # noqa: BLE001 - it may have left: unknown, like a lost answer
            _log.exception("Delivery %d failed in an unforeseen way", attempt.id)
            return Outcome(attempt, error=SendError(Failure.UNKNOWN, "unforeseen"))
        return Outcome(attempt, accepted=accepted)

    async def record(self, connection: AsyncConnection, outcome: Outcome) -> None:
        """Write down what became of an attempt, and what follows from it."""
        if outcome.accepted is not None:
            await ledger.accept(connection, outcome.attempt, outcome.accepted.provider_id, now())
        elif outcome.error is not None:
            await self._record_error(connection, outcome.attempt, outcome.error)

    async def _record_error(self, connection: AsyncConnection, attempt: Attempt, error: SendError) -> None:
        moment = now()
        match error.failure:
            case Failure.RATE_LIMITED | Failure.NOT_SENT | Failure.UNAUTHORIZED:
                pause = _pause(attempt, error)
                if error.failure is not Failure.NOT_SENT:
                    await senders.pause(connection, attempt.sender_id, pause)
                if error.failure is Failure.UNAUTHORIZED:
                    _log.error("Sender %d: the provider refuses our credentials", attempt.sender_id)
                if error.failure is Failure.NOT_SENT and attempt.attempts >= _LAST_ATTEMPT:
                    await ledger.settle(connection, attempt, DeliveryState.FAILED, error.code)
                else:
                    await ledger.retry(connection, attempt, moment + timedelta(seconds=pause), error.code)
            case Failure.UNKNOWN:
                look_at = moment + _WAIT_FOR_STATUS
                await ledger.settle(connection, attempt, DeliveryState.UNKNOWN, error.code, look_at)
            case _:
                await self._record_refusal(connection, attempt, error)

    async def _record_refusal(self, connection: AsyncConnection, attempt: Attempt, error: SendError) -> None:
        if error.new_address is not None:
            await residents.replace_address(
                connection, self._vault, attempt.address_id, attempt.channel, error.new_address
            )
            await ledger.retry(connection, attempt, now(), error.code)
            return
        if error.failure in {Failure.BLOCKED, Failure.BAD_ADDRESS}:
            state = "blocked" if error.failure is Failure.BLOCKED else "bad"
            await residents.set_address_state(connection, attempt.address_id, state)
        await ledger.settle(connection, attempt, DeliveryState.FAILED, error.code)

    async def _resolve(self, one: Unclear) -> None:
        """Find out at the provider whether an unclear message left; send it again, marked, when it did not."""
        if one.content is None or one.wrapped_key is None:
            found = []
        else:
            key = self._vault.person(one.wrapped_key)
            message = content.from_json(key.open(one.content))
            found = await self._channels.find(one.sender_id, key.open(one.sealed_address), one.attempted_at, message)
        async with self._database.write() as connection:
            taken = await ledger.unnoted(connection, one.sender_id, found)
            if taken is not None:
                await ledger.accept_found(connection, one.id, taken, now())
            elif one.resend:
                await ledger.send_again(connection, one.id)
            else:
                await ledger.leave_unknown(connection, one.id)


def _pause(attempt: Attempt, error: SendError) -> float:
    if error.failure is Failure.UNAUTHORIZED:
        return _CREDENTIALS_PAUSE
    return error.retry_after if error.retry_after is not None else float(2**attempt.attempts)

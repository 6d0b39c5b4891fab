"""Updates on their way to one bot: kept until the bot has taken them, by webhook or by polling."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from simulator.courier import Courier

LONGEST_REDELIVERY_DELAY = 60.0
WEBHOOK_SECONDS = 60.0
NOT_SENT_UNLESS_ASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where the bot wants its updates."""

    url: str
    secret: str | None
    max_connections: int


@dataclass(frozen=True, slots=True)
class Update:
    """One thing to tell the bot; body is the whole JSON object."""

    update_id: int
    chat_id: int
    body: dict[str, Any]


class Replaced(Exception):
    """Another getUpdates came; only the last one waits."""


class Intake:
    """The updates of one bot.

    taken, lost: told of each update that the bot took, and of each attempt that it did not.
    """

    def __init__(
        self,
        courier: Courier,
        *,
        redelivery_delay: float,
        taken: Callable[[int], None],
        lost: Callable[[int, int], None],
    ) -> None:
        self._courier = courier
        self._delay = redelivery_delay
        self._taken = taken
        self._lost = lost
        self._next_id = 1
        self._poll = 0
        self._arrived = asyncio.Event()
        self._slots = asyncio.Semaphore(40)
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.pending: dict[int, Update] = {}
        self.webhook: Webhook | None = None
        self.allowed: frozenset[str] = frozenset()
        self.last_error: str | None = None

    def add(self, kind: str, content: dict[str, Any], chat_id: int) -> int:
        """A new update for the bot; gives its id, or 0 when the bot did not ask for this kind."""
        if kind not in self.allowed if self.allowed else kind in NOT_SENT_UNLESS_ASKED:
            return 0
        update_id, self._next_id = self._next_id, self._next_id + 1
        update = Update(update_id, chat_id, {"update_id": update_id, kind: content})
        self.pending[update_id] = update
        self._arrived.set()
        if self.webhook:
            self._courier.send(self._deliver(update, self.webhook))
        return update_id

    def set_webhook(self, webhook: Webhook | None) -> None:
        """Where updates go from now on, those that wait included; None leaves them for getUpdates."""
        self.webhook = webhook
        self.last_error = None
        if webhook:
            self._slots = asyncio.Semaphore(webhook.max_connections)
            for update in self.pending.values():
                self._courier.send(self._deliver(update, webhook))

    def wake(self) -> None:
        """End the poll that waits, as at the end of the program."""
        self._poll += 1
        self._arrived.set()

    def drop(self) -> None:
        """Forget what waits."""
        self.pending.clear()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[dict[str, Any]]:
        """Updates from `offset` on, waiting for the first; earlier ones are taken. Raises Replaced."""
        self.wake()
        mine = self._poll
        if offset < 0:
            offset = max(self._next_id + offset, 1)
        for update_id in [i for i in self.pending if i < offset]:
            self._take(update_id)
        deadline = asyncio.get_running_loop().time() + seconds
        while not self.pending and (left := deadline - asyncio.get_running_loop().time()) > 0:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), left)
            except TimeoutError:
                break
            if mine != self._poll:
                raise Replaced
        return [update.body for update in islice(self.pending.values(), limit)]

    def _take(self, update_id: int) -> None:
        if self.pending.pop(update_id, None):
            self._taken(update_id)

    async def _deliver(self, update: Update, webhook: Webhook) -> None:
        """Until it is taken; the updates of one chat stay in order, as a later one waits for its turn."""
        delay = self._delay
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        async with self._turns[update.chat_id]:
            while update.update_id in self.pending and self.webhook is webhook:
                async with self._slots:
                    answer = await self._courier.post(
                        webhook.url, seconds=WEBHOOK_SECONDS, headers=headers, json=update.body
                    )
                if answer.good:
                    self._take(update.update_id)
                    return
                self.last_error = f"Wrong response from the webhook: {answer.status}"
                self._lost(update.update_id, answer.status)
                await asyncio.sleep(delay)
                delay = min(delay * 2, LONGEST_REDELIVERY_DELAY)

"""What becomes of a town's messages: providers that do as they are told, and the ledger's rows."""

from typing import Any

from sqlalchemy import update

from messaging.channel import Accepted
from messaging.tables import delivery
from simulator.faults import Fault, FaultKind
from storage.clock import now
from tests.town import Town

QUESTION = "Wanneer halen jullie papier op?"


class Scripted:
    """Stands for a channel: gives or raises what it is told, and keeps what it was given."""

    def __init__(self, lindebeke: Town, *outcomes: object) -> None:
        self.town = lindebeke
        self.outcomes = list(outcomes)
        self.sent: list[str] = []
        self.states: list[str] = []

    async def send(self, to: str, message: Any) -> Accepted:
        """What the ledger says at this very moment is kept too."""
        self.sent.append(message.text)
        self.states.append((await self.town.rows(delivery))[-1].state)
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if isinstance(outcome, BaseException):
            raise outcome
        return Accepted(f"{to}:{len(self.sent)}")


def script(lindebeke: Town, *outcomes: object) -> Scripted:
    """Every sender of the town answers so."""
    channel = Scripted(lindebeke, *outcomes)
    lindebeke.channels._channels = dict.fromkeys(lindebeke.sender.values(), channel)  # type: ignore[arg-type]
    return channel


async def asked(lindebeke: Town, channel: str = "telegram", text: str = QUESTION) -> None:
    """A reply waits to leave."""
    await getattr(lindebeke, channel)(text)
    await lindebeke.answer()


async def later(lindebeke: Town) -> None:
    """What was planned for later is due now."""
    async with lindebeke.database.write() as connection:
        planned = update(delivery).where(delivery.c.next_attempt_at.is_not(None))
        await connection.execute(planned.values(next_attempt_at=now()))


async def states(lindebeke: Town) -> list[str]:
    """The state of each row of the ledger."""
    return [row.state for row in await lindebeke.rows(delivery)]


def fault(lindebeke: Town, kind: FaultKind, method: str | None = None) -> None:
    """The next request to either provider, or of this method, meets this."""
    lindebeke.far_end.world.faults.orders.append(Fault(kind=kind, method=method))

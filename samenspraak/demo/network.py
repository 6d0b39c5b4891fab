"""The neighbourhood network of the story: its members and where they are told, and the officers at their desks."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from samenspraak.demo.browser import Browser
from samenspraak.demo.play import Play
from samenspraak.demo.scene import PAPER_MEMBER
from samenspraak.demo.town import PASSWORD, POLICE, Seat
from simulator.log import Entry
from simulator.personas import Medium

NETWORK = "Molenveld"
FAILED = frozenset({"undelivered", "failed"})
"""The statuses by which a provider says that a message it took did not arrive."""
Received = dict[str, list[Entry]]
"""By name, what arrived at each phone."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the network, and where they want its alerts. told_by: where these arrive, when that fails."""

    name: str
    medium: Medium
    told_by: Medium | None = None

    @property
    def account(self) -> str:
        """The account of the police zone to which they write."""
        return {"telegram": POLICE.bot, "sms": POLICE.sms, "whatsapp": f"whatsapp:{POLICE.whatsapp}"}[self.medium]


MOVED_ON = Member("Jonas De Smet", "whatsapp", told_by="sms")
"""WhatsApp does not deliver to him while the burglars are about."""
JOINERS = (
    Member("Rachid Bouzid", "telegram"),
    Member("Lotte Goris", "sms"),
    Member("Mia Janssens", "whatsapp"),
    Member("Jef Van den Broeck", "telegram"),
    Member("Ingrid Weber", "telegram"),
    MOVED_ON,
)
MEMBERS = (*JOINERS, Member(PAPER_MEMBER, "whatsapp"))


@dataclass(frozen=True, slots=True)
class Desk:
    """An officer at the console."""

    seat: Seat
    browser: Browser


@asynccontextmanager
async def desk(play: Play, seat: Seat) -> AsyncIterator[Desk]:
    """Somebody who has logged in."""
    async with Browser(play.console_url) as browser:
        await browser.log_in(seat.email, PASSWORD)
        yield Desk(seat, browser)


async def received(play: Play, before: int, expected: Sequence[Member]) -> Received:
    """What arrived at each member, once those who should hear it did and nothing follows any more."""
    for one in expected:
        await play.hears(one.name, one.told_by or one.medium, before)
    await play.silence()
    lost = {entry["provider_id"] for entry in await play.far_end.log(before) if entry.get("status") in FAILED}
    return {
        one.name: [entry for entry in await play.reached(one.name, before) if entry["provider_id"] not in lost]
        for one in MEMBERS
    }


def addresses(arrived: Received) -> dict[str, list[str]]:
    """Where each of them was reached, once for every message."""
    return {name: sorted(entry["address"] for entry in entries) for name, entries in arrived.items()}


def everything(arrived: Received) -> Iterable[Entry]:
    """All that arrived, of everybody."""
    return [entry for entries in arrived.values() for entry in entries]

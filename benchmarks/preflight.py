"""What a look at a large audience costs before an alert: its pre-flight, and whom an area holds.

    .venv/bin/python -m benchmarks.preflight [--people 100000]

On SQLite in a temporary folder, and on a PostgreSQL server of its own. Half of the people also have a WhatsApp number,
on which they are silent; each has a home. Prints seconds by the clock: the first time, and the fastest of three more.
"""

import argparse
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.crowd import Crowd, gather
from benchmarks.databases import on_both
from broadcast.alert import Content
from broadcast.places.area import Area, Circle
from broadcast.preflight import checks
from broadcast.repository import places
from broadcast.selection import Selection
from broadcast.vocabulary import Severity
from messaging.incoming import ChannelKind
from messaging.repository import senders
from messaging.sender import Credentials
from people.home import Home
from people.organisation import OrganisationKind
from people.repository import homes, organisations
from people.resident import Resident
from people.tables import address, resident
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault

_SECRET = "only-for-benches-" + "0" * 32
_AT_ONCE = 2_000
_A_SIDE = 400  # homes in a row of the grid, ten metres apart
_STEP = 0.0001
_MORE = 10_000_000
"""Ids of second addresses: the first ones are numbered as their people are."""


@asynccontextmanager
async def _town(url: str, people: int) -> AsyncIterator[Crowd]:
    database, vault = Database(url), Vault(_SECRET)
    try:
        async with database.write() as connection:
            kind = OrganisationKind.POLICE_ZONE
            zone = await organisations.create(connection, kind=kind, name="PZ Bench", slug="pz", at=now())
        crowd = await gather(database, vault, zone, people)
        for channel in (ChannelKind.TELEGRAM, ChannelKind.SMS, ChannelKind.WHATSAPP):
            async with database.write() as connection:
                await _sender(connection, crowd, channel)
        for start in range(1, people + 1, _AT_ONCE):
            async with database.write() as connection:
                await _settle(connection, crowd, range(start, min(start + _AT_ONCE, people + 1)))
        yield crowd
    finally:
        await database.close()


async def _sender(connection: AsyncConnection, crowd: Crowd, channel: ChannelKind) -> None:
    await senders.put(
        connection,
        crowd.vault,
        organisation_id=crowd.zone,
        slug=channel,
        channel=channel,
        account="bench",
        from_address="bench",
        credentials=Credentials("bench"),
        base_url=None,
        messages_per_second=30.0,
        template="HX0" if channel is ChannelKind.WHATSAPP else None,
        daily_limit=250 if channel is ChannelKind.WHATSAPP else None,
        price=0.08,
    )


async def _settle(connection: AsyncConnection, crowd: Crowd, ids: range) -> None:
    """Give these people a home, and every second one a WhatsApp number."""
    mine = select(resident).where(resident.c.id.in_(ids)).order_by(resident.c.id)
    found = [
        Resident(row.id, row.organisation_id, row.wrapped_key, None, None) for row in await connection.execute(mine)
    ]
    where = [
        Home(
            street=f"Straat {one.id // _A_SIDE}",
            number=str(one.id % _A_SIDE + 1),
            post_code="2860",
            latitude=51.0 + one.id // _A_SIDE * _STEP,
            longitude=4.4 + one.id % _A_SIDE * _STEP,
        )
        for one in found
    ]
    await homes.put(connection, crowd.vault, crowd.zone, list(zip(found, where, strict=True)), now())
    numbers = [
        {
            "id": _MORE + one.id,
            "organisation_id": crowd.zone,
            "resident_id": one.id,
            "channel": ChannelKind.WHATSAPP,
            "lookup": f"bench-{one.id}",
            "sealed": b"",
            "state": "active",
            "created_at": now(),
        }
        for one in found
        if one.id % 2
    ]
    await connection.execute(insert(address), numbers)


async def _measure(crowd: Crowd, people: int) -> dict[str, list[float]]:
    network = Selection(networks=frozenset({crowd.network}))
    middle = (4.4 + _A_SIDE / 2 * _STEP, 51.0 + people / _A_SIDE / 2 * _STEP)
    around = Selection(area=Area.of([], [Circle(middle, 300.0)])[0])
    whole = Selection(area=Area.of([], [Circle(middle, 50_000.0)])[0])
    return {
        "pre-flight of a network": await _timed(lambda: _checks(crowd, network)),
        "whom a circle of 300 m holds": await _timed(lambda: _living(crowd, around)),
        "whom a circle of 50 km holds": await _timed(lambda: _living(crowd, whole)),
        "pre-flight of that circle": await _timed(lambda: _checks(crowd, whole)),
    }


async def _checks(crowd: Crowd, audience: Selection) -> int:
    content = Content(
        severity=Severity.EXTREME,
        title="Gaslek",
        texts={"nl": "Blijf binnen."},
        audience=audience,
        expires_at=now() + timedelta(hours=2),
    )
    async with crowd.database.read() as connection:
        organisation = await organisations.get(connection, crowd.zone)
        return (await checks.of(connection, crowd.vault, organisation, content, now())).preflight.people


async def _living(crowd: Crowd, where: Selection) -> int:
    async with crowd.database.read() as connection:
        return len(await places.living(connection, crowd.vault, crowd.zone, where))


async def _timed(work: Callable[[], Awaitable[int]]) -> list[float]:
    """People, seconds the first time, and the fastest of three after it."""
    seconds, people = [], 0
    for _ in range(4):
        began = time.perf_counter()
        people = await work()
        seconds.append(time.perf_counter() - began)
    return [people, seconds[0], min(seconds[1:])]


async def _bench(url: str, people: int) -> None:
    async with _town(url, people) as crowd:
        for name, (number, first, again) in (await _measure(crowd, people)).items():
            print(f"  {name:30} {number:>9,} people  {first:6.2f} s, again {again:6.3f} s")


def main() -> None:
    """Measure on both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    people = parser.parse_args().people
    on_both(lambda url: _bench(url, people))


if __name__ == "__main__":
    main()

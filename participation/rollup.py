"""Keeps the rollups up to date with the log, a stretch at a time, or counts the whole log anew with the same result."""

import hashlib
import json
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from participation import repository
from participation.counting import Counter
from participation.repository import Watermark
from people.organisation import OfficeHours
from people.repository import organisations
from storage.database import Database

_DEFINITIONS = 1
"""Raise it when anything in `counting` counts differently: every installation then counts anew by itself."""
_STRETCH = 2000  # facts in a transaction: some tens of milliseconds


@dataclass(frozen=True, slots=True)
class Rollups:
    """The loop's work. Its `work` gives whether more is left."""

    database: Database
    stretch: int = _STRETCH

    async def work(self) -> bool:
        """Count the next stretch of every organisation."""
        async with self.database.read() as connection:
            newest = await repository.newest(connection)
            done = await repository.watermarks(connection)
            known = await organisations.every(connection)
        waiting = [
            one.id for one in known if one.id not in done or done[one.id] != Watermark(newest, rules(one.office_hours))
        ]
        if not waiting:
            return False
        async with self.database.write() as connection:
            until = await repository.settled(connection)
        return any([await self._next(one, until) for one in waiting])

    async def _next(self, organisation_id: int, until: int) -> bool:
        async with self.database.write() as connection:
            return await update(connection, organisation_id, until, self.stretch)


async def update(connection: AsyncConnection, organisation_id: int, until: int, stretch: int = _STRETCH) -> bool:
    """Count the facts after the last that was counted, at most `stretch`; gives whether more are left.

    until: what `repository.settled` gave, in an earlier transaction. Where the rules of counting changed (office
    hours, or a definition with a new release), everything is counted anew.
    """
    hours = (await organisations.get(connection, organisation_id)).office_hours
    mark = await repository.lock(connection, organisation_id, rules(hours))
    if mark.rules != rules(hours):
        await rebuild(connection, organisation_id, until)
        return False
    if mark.fact_id >= until:  # another worker was here first
        return False
    return await _count(connection, organisation_id, hours, mark, until, stretch) < until


async def rebuild(connection: AsyncConnection, organisation_id: int, until: int) -> None:
    """Count the whole log anew, in one transaction: the pages show the old numbers until it is done."""
    hours = (await organisations.get(connection, organisation_id)).office_hours
    await repository.lock(connection, organisation_id, rules(hours))
    await repository.clear(connection, organisation_id)
    mark = Watermark(0, rules(hours))
    await repository.set_watermark(connection, organisation_id, mark)
    while mark.fact_id < until:
        reached = await _count(connection, organisation_id, hours, mark, until, _STRETCH)
        mark = Watermark(reached, mark.rules)


async def _count(
    connection: AsyncConnection, organisation_id: int, hours: OfficeHours, mark: Watermark, until: int, stretch: int
) -> int:
    """Count one stretch; gives the id of the fact up to which all is counted now."""
    facts, reached = await repository.facts_between(connection, organisation_id, mark.fact_id, until, stretch)
    ids = {one.conversation_id for one in facts if one.conversation_id is not None}
    counter = Counter(hours, await repository.memories(connection, organisation_id, ids))
    await repository.add(connection, organisation_id, counter.count(facts))
    await repository.remember(connection, organisation_id, counter.memories)
    await repository.set_watermark(connection, organisation_id, Watermark(reached, mark.rules))
    return reached


def rules(hours: OfficeHours) -> str:
    """What the counts depend on besides the log, as a digest."""
    week = [[(str(opens), str(closes)) for opens, closes in day] for day in hours.week]
    return hashlib.sha256(json.dumps([_DEFINITIONS, week]).encode()).hexdigest()

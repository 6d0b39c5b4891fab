"""Who said that they are safe, or need help."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.acknowledgement import Answer
from broadcast.event import ASKING
from broadcast.tables import acknowledgement, answer_count, event
from broadcast.vocabulary import Severity
from messaging.tables import delivery
from storage.repository import upsert

PAGE = 100
_PARTS = 16
"""Rows among which the answers to an alert are counted, by the person: few wait for each other."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An event that asked somebody how they are, and when it was sent to them."""

    event_id: int
    alert_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody answered. conversation_id: where; None for a key that was pressed in a call."""

    alert_id: int
    event_id: int
    resident_id: int
    answer: Answer
    channel: str
    conversation_id: int | None
    at: datetime


async def asked(
    connection: AsyncConnection,
    organisation_id: int,
    resident_id: int,
    at: datetime,
    window: timedelta,
    event_id: int | None,
) -> Asked | None:
    """The last event that asked this resident, while its time to be answered runs; or this very event, at any time."""
    grave = [one for one in Severity if one.is_life_safety]
    statement = (
        select(event.c.id, event.c.alert_id, func.max(delivery.c.attempted_at, type_=delivery.c.attempted_at.type))
        .join(delivery, delivery.c.event_id == event.c.id)
        .where(
            event.c.organisation_id == organisation_id,
            event.c.kind.in_(ASKING),
            or_(event.c.ask_if_safe.is_(True), and_(event.c.ask_if_safe.is_(None), event.c.severity.in_(grave))),
            delivery.c.resident_id == resident_id,
            delivery.c.attempted_at.is_not(None),
        )
        .group_by(event.c.id, event.c.alert_id)
        .order_by(event.c.id.desc())
        .limit(1)
    )
    if event_id is None:
        statement = statement.where(or_(event.c.created_at > at - window, event.c.expires_at > at))
    else:
        statement = statement.where(event.c.id == event_id)
    row = (await connection.execute(statement)).first()
    return None if row is None else Asked(*row)


async def add(connection: AsyncConnection, organisation_id: int, said: Said) -> None:
    """Write an answer; the one before it of the same person and alert is history from now on."""
    mine = (acknowledgement.c.alert_id == said.alert_id, acknowledgement.c.resident_id == said.resident_id)
    former = update(acknowledgement).where(*mine, acknowledgement.c.counts).values(counts=False)
    before: str | None = await connection.scalar(former.returning(acknowledgement.c.answer))
    await connection.execute(
        insert(acknowledgement).values(organisation_id=organisation_id, counts=True, **asdict(said))
    )
    steps = Counter({str(said.answer): 1})
    if before is not None:
        steps[before] -= 1
    # In one order, so that no two people who change their minds wait for each other.
    for answer in sorted(steps):
        await _count(connection, organisation_id, said, answer, steps[answer])


async def _count(connection: AsyncConnection, organisation_id: int, said: Said, answer: str, step: int) -> None:
    new = {
        "organisation_id": organisation_id,
        "alert_id": said.alert_id,
        "answer": answer,
        "part": said.resident_id % _PARTS,
        "number": step,
    }
    await connection.execute(
        upsert(connection, answer_count)
        .values(new)
        .on_conflict_do_update(
            index_elements=[*answer_count.primary_key], set_={"number": answer_count.c.number + step}
        )
    )


async def counts(connection: AsyncConnection, organisation_id: int, alert_id: int) -> dict[Answer, int]:
    """How many people are safe, and how many need help, by what each said last: a few rows, however many they are."""
    statement = select(answer_count.c.answer, func.sum(answer_count.c.number).label("number")).where(
        answer_count.c.organisation_id == organisation_id, answer_count.c.alert_id == alert_id
    )
    rows = await connection.execute(statement.group_by(answer_count.c.answer))
    return dict.fromkeys(Answer, 0) | {Answer(row.answer): row.number for row in rows}


async def people(
    connection: AsyncConnection, organisation_id: int, alert_id: int, answer: Answer, after: int = 0
) -> list[tuple[int, Said]]:
    """A page of those whose last word this was, in the order in which they said it; each with the number of its row."""
    statement = (
        select(acknowledgement.c.id, *(acknowledgement.c[name] for name in Said.__dataclass_fields__))
        .where(
            acknowledgement.c.organisation_id == organisation_id,
            acknowledgement.c.alert_id == alert_id,
            acknowledgement.c.answer == answer,
            acknowledgement.c.counts,
            acknowledgement.c.id > after,
        )
        .order_by(acknowledgement.c.id)
        .limit(PAGE)
    )
    return [(row[0], Said(*row[1:])) for row in await connection.execute(statement)]


async def history(
    connection: AsyncConnection, organisation_id: int, alert_id: int, resident_ids: Sequence[int]
) -> dict[int, list[Said]]:
    """All that these people said of an alert, oldest first."""
    statement = (
        select(*(acknowledgement.c[name] for name in Said.__dataclass_fields__))
        .where(
            acknowledgement.c.organisation_id == organisation_id,
            acknowledgement.c.alert_id == alert_id,
            acknowledgement.c.resident_id.in_(resident_ids),
        )
        .order_by(acknowledgement.c.id)
    )
    found: dict[int, list[Said]] = {}
    for row in await connection.execute(statement):
        found.setdefault(row.resident_id, []).append(Said(*row))
    return found

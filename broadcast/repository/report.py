"""Counts for the report of an alert, grouped in the database: as many rows come back however many people there are."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import case, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.event import Event
from broadcast.report import WITHIN, Handed
from messaging.delivery import REACHED
from messaging.incoming import ChannelKind
from messaging.tables import delivery, sender
from people.tables import resident
from storage.facts import FactKind
from storage.tables import Instant, fact


async def within(connection: AsyncConnection, event: Event) -> dict[str, list[int]]:
    """By channel, how many people a provider took the message for, by the bounds of WITHIN, and later."""
    bounds = [event.created_at + timedelta(seconds=bound) for bound in WITHIN]
    group = case(
        *((delivery.c.accepted_at <= literal(bound, Instant), number) for number, bound in enumerate(bounds)),
        else_=len(bounds),
    ).label("bucket")
    statement = (
        select(sender.c.channel, group, func.count().label("number"))
        .join(sender, sender.c.id == delivery.c.sender_id)
        .where(delivery.c.event_id == event.id, delivery.c.state.in_(REACHED), ~delivery.c.superseded)
        .group_by(sender.c.channel, "bucket")
    )
    found: dict[str, list[int]] = {}
    for row in await connection.execute(statement):
        found.setdefault(row.channel, [0] * (len(WITHIN) + 1))[row.bucket] = row.number
    return dict(sorted(found.items()))


async def handed(connection: AsyncConnection, event_id: int) -> list[Handed]:
    """Messages that providers took, by what decides on their price. Only an SMS costs more in another language."""
    by_sms = sender.c.channel == ChannelKind.SMS
    language = case((by_sms, resident.c.requested_language)).label("language")
    groups = (sender.c.channel, sender.c.price, language, (delivery.c.step > 0).label("other_way"))
    statement = (
        select(*groups, func.count())
        .join(sender, sender.c.id == delivery.c.sender_id)
        .outerjoin(resident, by_sms & (resident.c.id == delivery.c.resident_id))
        .where(delivery.c.event_id == event_id, delivery.c.accepted_at.is_not(None), delivery.c.edits.is_(None))
        .group_by(*groups)
        .order_by(sender.c.channel)
    )
    return [
        Handed(row[0], row[1], row[2], other_way=bool(row[3]), number=row[4])
        for row in await connection.execute(statement)
    ]


async def replies(connection: AsyncConnection, organisation_id: int, sent: Sequence[Event]) -> int:
    """How many messages answered these events."""
    if not sent:
        return 0
    statement = select(func.count()).where(
        fact.c.organisation_id == organisation_id,
        fact.c.kind == FactKind.ALERT_REPLIED,
        fact.c.at >= min(one.created_at for one in sent),
        fact.c.event_id.in_([one.id for one in sent]),
    )
    return int(await connection.scalar(statement) or 0)

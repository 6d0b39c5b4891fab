"""What the report of an alert needs besides the counts of the ledger."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.event import Event
from broadcast.results.report import Account
from messaging.tables import sender
from storage.facts import FactKind
from storage.tables import fact


async def accounts(connection: AsyncConnection, organisation_id: int) -> dict[int, Account]:
    """Our senders by their ids, with the prices that the settings have now."""
    statement = select(sender.c.id, sender.c.channel, sender.c.price)
    rows = await connection.execute(statement.where(sender.c.organisation_id == organisation_id))
    return {row.id: Account(row.channel, row.price) for row in rows}


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

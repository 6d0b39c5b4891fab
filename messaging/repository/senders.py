"""Senders, their credentials, and the lease of who polls."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, case, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from messaging.incoming import ChannelKind
from messaging.sender import Credentials, Sender
from messaging.tables import sender
from storage.encryption import Vault
from storage.errors import NotFound
from storage.repository import upsert

_CONTEXT = "sender"


def _sender(row: Row[Any], vault: Vault) -> Sender:
    return Sender(
        id=row.id,
        organisation_id=row.organisation_id,
        slug=row.slug,
        channel=ChannelKind(row.channel),
        account=row.account,
        from_address=row.from_address,
        credentials=Credentials.from_json(vault.open(row.credentials_sealed, _CONTEXT)),
        base_url=row.base_url,
        messages_per_second=row.messages_per_second,
        template=row.template,
    )


async def every(connection: AsyncConnection, vault: Vault, organisation_id: int | None = None) -> list[Sender]:
    """The active senders of one organisation, or of all."""
    statement = select(sender).where(sender.c.active).order_by(sender.c.id)
    if organisation_id is not None:
        statement = statement.where(sender.c.organisation_id == organisation_id)
    return [_sender(row, vault) for row in await connection.execute(statement)]


async def by_slug(connection: AsyncConnection, vault: Vault, slug: str) -> Sender:
    """The active sender whose webhook this is; raises NotFound."""
    row = (await connection.execute(select(sender).where(sender.c.slug == slug, sender.c.active))).first()
    if row is None:
        raise NotFound("There is no such sender")
    return _sender(row, vault)


async def put(
    connection: AsyncConnection,
    vault: Vault,
    *,
    organisation_id: int,
    slug: str,
    channel: ChannelKind,
    account: str,
    from_address: str,
    credentials: Credentials,
    base_url: str | None,
    messages_per_second: float,
    template: str | None = None,
    daily_limit: int | None = None,
    price: float | None = None,
) -> int:
    """Make the sender of this slug, or bring it up to date; gives its id."""
    values = {
        "organisation_id": organisation_id,
        "channel": channel,
        "account": account,
        "from_address": from_address,
        "credentials_sealed": vault.seal(credentials.to_json(), _CONTEXT),
        "base_url": base_url,
        "messages_per_second": messages_per_second,
        "template": template,
        "daily_limit": daily_limit,
        "price": price,
        "active": True,
    }
    # Another bot counts its updates anew.
    offset = case((sender.c.account == account, sender.c.poll_offset), else_=0)
    # One statement: two processes of a new installation that start together both come here.
    made = upsert(connection, sender).values(slug=slug, poll_offset=0, next_free=0, **values)
    brought_up = made.on_conflict_do_update(index_elements=[sender.c.slug], set_={**values, "poll_offset": offset})
    return int((await connection.execute(brought_up.returning(sender.c.id))).scalar_one())


async def deactivate_missing(connection: AsyncConnection, organisation_id: int, slugs: Collection[str]) -> None:
    """Stop using these senders: they were taken out of the settings. What they sent stays in the ledger."""
    mine = update(sender).where(sender.c.organisation_id == organisation_id, sender.c.slug.in_(slugs))
    await connection.execute(mine.values(active=False))


async def lease_polling(
    connection: AsyncConnection, sender_id: int, lease: str, now: datetime, lasts: timedelta
) -> int | None:
    """Take or renew the right to poll; gives the offset to go on from, None while another worker polls."""
    free = or_(sender.c.poll_lease.is_(None), sender.c.poll_lease == lease, sender.c.poll_lease_until < now)
    statement = update(sender).where(sender.c.id == sender_id, sender.c.active, free)
    taken = statement.values(poll_lease=lease, poll_lease_until=now + lasts).returning(sender.c.poll_offset)
    offset = (await connection.execute(taken)).scalar_one_or_none()
    return None if offset is None else int(offset)


async def move_offset(connection: AsyncConnection, sender_id: int, lease: str, offset: int) -> bool:
    """Remember what was stored, in the transaction that stored it; False when the lease was lost."""
    statement = update(sender).where(sender.c.id == sender_id, sender.c.poll_lease == lease)
    return (await connection.execute(statement.values(poll_offset=offset))).rowcount == 1


async def release_polling(connection: AsyncConnection, sender_id: int, lease: str) -> None:
    """Give the right to poll back."""
    statement = update(sender).where(sender.c.id == sender_id, sender.c.poll_lease == lease)
    await connection.execute(statement.values(poll_lease=None, poll_lease_until=None))


async def release_polling_of(connection: AsyncConnection, lease: str) -> None:
    """Whoever polled under this lease has died: another worker may poll at once."""
    statement = update(sender).where(sender.c.poll_lease == lease)
    await connection.execute(statement.values(poll_lease=None, poll_lease_until=None))

"""An organisation's own templates of alerts."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.starters import starters
from broadcast.tables import alert_template
from broadcast.template import Template
from broadcast.vocabulary import Kind
from storage.errors import Conflict, NotFound


def _template(row: Row[Any]) -> Template:
    return Template(
        id=row.id,
        name=row.name,
        kind=Kind(row.kind),
        title=row.title,
        texts=row.texts,
        instructions=row.instructions,
        short_texts=row.short_texts,
        template_sid=row.template_sid,
    )


async def every(connection: AsyncConnection, organisation_id: int) -> list[Template]:
    """All templates, by name."""
    mine = select(alert_template).where(alert_template.c.organisation_id == organisation_id)
    return [_template(row) for row in await connection.execute(mine.order_by(alert_template.c.name))]


async def get(connection: AsyncConnection, organisation_id: int, template_id: int) -> Template:
    """One template; raises NotFound."""
    mine = (alert_template.c.organisation_id == organisation_id, alert_template.c.id == template_id)
    row = (await connection.execute(select(alert_template).where(*mine))).first()
    if row is None:
        raise NotFound(f"There is no template {template_id}")
    return _template(row)


async def keep(connection: AsyncConnection, organisation_id: int, one: Template, at: datetime) -> int:
    """Write a new template (id 0) or bring one up to date; gives its id. Raises Conflict for a name that is taken."""
    values = {**asdict(one), "changed_at": at}
    del values["id"]
    try:
        async with connection.begin_nested():
            if one.id:
                mine = (alert_template.c.organisation_id == organisation_id, alert_template.c.id == one.id)
                await connection.execute(update(alert_template).where(*mine).values(**values))
                return one.id
            made = insert(alert_template).values(organisation_id=organisation_id, **values)
            return int((await connection.execute(made.returning(alert_template.c.id))).scalar_one())
    except IntegrityError as error:
        raise Conflict("There is a template of this name already") from error


async def begin(
    connection: AsyncConnection, organisation_id: int, at: datetime, approved: Mapping[str, str] | None = None
) -> None:
    """Give a new organisation its first templates. approved: by name, the number of one that the provider has."""
    for one in starters():
        await keep(connection, organisation_id, replace(one, template_sid=(approved or {}).get(one.name, "")), at)


async def remove(connection: AsyncConnection, organisation_id: int, template_id: int) -> None:
    """Forget a template; alerts that began from it stay as they are."""
    mine = (alert_template.c.organisation_id == organisation_id, alert_template.c.id == template_id)
    await connection.execute(delete(alert_template).where(*mine))

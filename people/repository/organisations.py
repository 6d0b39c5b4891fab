"""Reading and making organisations."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from people.organisation import OfficeHours, Organisation, OrganisationKind
from people.tables import organisation
from storage.errors import NotFound

NINE_TO_FIVE = [["09:00-12:00", "13:00-17:00"]] * 5 + [[], []]


def _organisation(row: Row[Any]) -> Organisation:
    return Organisation(
        id=row.id,
        kind=OrganisationKind(row.kind),
        name=row.name,
        slug=row.slug,
        nis_code=row.nis_code,
        inhabitants=row.inhabitants,
        address_form=row.address_form,
        office_hours=OfficeHours.read(row.office_hours),
        demonstration=row.demonstration,
    )


async def get(connection: AsyncConnection, organisation_id: int) -> Organisation:
    """The organisation with this id; raises NotFound."""
    row = (await connection.execute(select(organisation).where(organisation.c.id == organisation_id))).first()
    if row is None:
        raise NotFound(f"There is no organisation {organisation_id}")
    return _organisation(row)


async def with_slug(connection: AsyncConnection, slug: str) -> Organisation:
    """The organisation with this short name; raises NotFound."""
    row = (await connection.execute(select(organisation).where(organisation.c.slug == slug))).first()
    if row is None:
        raise NotFound(f"There is no organisation {slug[:60]}")
    return _organisation(row)


async def every(connection: AsyncConnection) -> list[Organisation]:
    """All organisations of this installation, in the order in which they were made."""
    return [_organisation(row) for row in await connection.execute(select(organisation).order_by(organisation.c.id))]


async def create(
    connection: AsyncConnection,
    *,
    kind: OrganisationKind,
    name: str,
    slug: str,
    at: datetime,
    nis_code: str | None = None,
    inhabitants: int | None = None,
    inhabitants_year: int | None = None,
    address_form: str = "u",
    office_hours: Any = None,
    demonstration: bool = False,
) -> int:
    """Make an organisation and give its id. Office hours are weekdays nine to five unless told."""
    statement = insert(organisation).values(
        kind=kind,
        name=name,
        slug=slug,
        nis_code=nis_code,
        inhabitants=inhabitants,
        inhabitants_year=inhabitants_year,
        address_form=address_form,
        office_hours=NINE_TO_FIVE if office_hours is None else office_hours,
        demonstration=demonstration,
        created_at=at,
    )
    return int((await connection.execute(statement.returning(organisation.c.id))).scalar_one())

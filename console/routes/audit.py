"""The audit: who did what, who was refused what, and whether the chain of lines is whole."""

from fastapi import APIRouter, Response

from console.login import Administrator, Here
from console.pages import page
from console.parameters import Before
from console.repository import audit, officers
from storage.repository import broken_audit_line

router = APIRouter(prefix="/audit")


@router.get("")
async def audit_lines(console: Here, visit: Administrator, before: Before = 0) -> Response:
    """A page of lines, the newest first."""
    async with console.database.read() as connection:
        lines = await audit.last(connection, visit.organisation_id, before=before or None)
        names = await officers.names(connection, visit.organisation_id)
        broken = await broken_audit_line(connection, visit.organisation_id)
    older = lines[-1].id if len(lines) == audit.PAGE else None
    return page(visit, "audit.html", lines=lines, names=names, broken=broken, older=older)

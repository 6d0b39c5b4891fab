"""Members of networks: the list, one found by number, what each is and wants to hear of, and all in a file."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from broadcast.members import exporting
from console.context import Console
from console.errors import explanation
from console.login import Here, MemberExporter, MemberManager, Visit
from console.pages import go, page
from console.parameters import Before, Field, Key
from messaging.phone import mask, parse_number
from people.kinds import MessageKind
from people.membership import MemberRole
from people.repository import kinds, members, networks, residents
from storage.errors import InvalidInput, NotFound
from storage.repository import AuditLine, append_audit

router = APIRouter(prefix="/members")
_PAGE = 50
_FILES = {
    "csv": (exporting.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (exporting.as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@router.get("")
async def every_member(
    console: Here, visit: MemberManager, network: Before = 0, role: str = "", after: Before = 0
) -> Response:
    """A page of members, of one network or of all."""
    return await _list(console, visit, network=network, role=role, after=after)


async def _list(
    console: Console,
    visit: Visit,
    *,
    network: int = 0,
    role: str = "",
    after: int = 0,
    number: str = "",
    found: list[int] | None = None,
    problems: dict[str, str] | None = None,
) -> Response:
    async with console.database.read() as connection:
        known = await networks.every(connection, visit.organisation_id)
        if found is None:
            rows = await members.page(
                connection,
                console.vault,
                visit.organisation_id,
                network_id=network or None,
                role=MemberRole(role) if role in set(MemberRole) else None,
                after=after,
                limit=_PAGE + 1,
            )
        else:
            rows = await members.of_ids(connection, console.vault, visit.organisation_id, found)
    return page(
        visit,
        "members.html",
        status=422 if problems else 200,
        rows=rows[:_PAGE],
        more=rows[_PAGE - 1].id if len(rows) > _PAGE else None,
        networks={one.id: one for one in known},
        network=network,
        role=role,
        after=after,
        number=number,
        was_searched=found is not None,
        roles=list(MemberRole),
        mask=mask,
        problems=problems or {},
    )


@router.post("")
async def find_member(console: Here, visit: MemberManager, number: Field = "") -> Response:
    """Whoever has exactly this number: names are sealed, so nothing else can be searched for."""
    try:
        wanted = parse_number(number)
    except InvalidInput as error:
        problems = {"number": explanation(error, visit.language)}
        return await _list(console, visit, number=number, found=[], problems=problems)
    async with console.database.read() as connection:
        found = await members.with_number(connection, console.vault, visit.organisation_id, wanted)
    return await _list(console, visit, number=number, found=found)


@router.get("/export")
async def export(console: Here, visit: MemberExporter, network: Before = 0, form: str = "csv") -> Response:
    """Members with their numbers as a file; who took it is written down."""
    write, media_type = _FILES.get(form, _FILES["csv"])
    async with console.database.write() as connection:
        known = {one.id: one.name for one in await networks.every(connection, visit.organisation_id)}
        chosen = {id_: name for id_, name in known.items() if network in {0, id_}}
        rows = await exporting.rows(connection, console.vault, visit.organisation_id, chosen)
        line = _line(visit, "members_export", f"{len(rows)} members of {len(chosen)} networks")
        await append_audit(connection, line)
    headers = {"Content-Disposition": f'attachment; filename="leden.{"xlsx" if form == "xlsx" else "csv"}"'}
    return Response(write(rows), media_type=media_type, headers=headers)


@router.get("/{member_id}")
async def one_member(console: Here, visit: MemberManager, member_id: Key, done: str = "") -> Response:
    """One member."""
    async with console.database.read() as connection:
        found = await members.of_ids(connection, console.vault, visit.organisation_id, [member_id])
        if not found:
            raise NotFound(f"There is no member {member_id}")
        known = await networks.every(connection, visit.organisation_id)
        declined = await kinds.declined(connection, member_id)
    return page(
        visit,
        "member.html",
        one=found[0],
        networks=known,
        roles=list(MemberRole),
        kinds=list(MessageKind),
        declined=declined,
        mask=mask,
        done=done,
    )


@router.post("/{member_id}/networks")
async def change_networks(console: Here, visit: MemberManager, request: Request, member_id: Key) -> Response:
    """What somebody is to each network, or that they are in it no longer."""
    form = await request.form()
    async with console.database.write() as connection:
        await residents.get(connection, visit.organisation_id, member_id)
        for one in await networks.every(connection, visit.organisation_id):
            role = form.get(f"network_{one.id}")
            if role in set(MemberRole):
                if not await networks.join(connection, one.id, member_id, visit.at, str(role)):
                    await networks.set_role(connection, one.id, member_id, MemberRole(str(role)))
            elif role == "":
                await networks.leave(connection, one.id, member_id)
        await append_audit(connection, _line(visit, "member_networks", f"resident {member_id}"))
    return go(f"/members/{member_id}?done=networks")


@router.post("/{member_id}/kinds")
async def change_kinds(
    console: Here, visit: MemberManager, member_id: Key, kind: Annotated[tuple[str, ...], Form()] = ()
) -> Response:
    """Which kinds of message somebody wants, as they told us."""
    async with console.database.write() as connection:
        await residents.get(connection, visit.organisation_id, member_id)
        await kinds.choose(connection, member_id, {one for one in MessageKind if one in kind})
        await append_audit(connection, _line(visit, "member_kinds", f"resident {member_id}"))
    return go(f"/members/{member_id}?done=kinds")


def _line(visit: Visit, action: str, subject: str) -> AuditLine:
    return AuditLine(
        organisation_id=visit.organisation_id,
        at=visit.at,
        officer_id=visit.officer.id,
        action=action,
        subject=subject,
    )

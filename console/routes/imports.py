"""Lists of members that are brought in: the file, what its columns hold, what would come of it, and what came."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, File, Request, Response, UploadFile
from fastapi.datastructures import FormData

from broadcast.members.columns import Field as Column
from broadcast.members.columns import is_be_alert
from broadcast.members.evidence import Evidence
from broadcast.members.exporting import refused_csv
from broadcast.members.importing import open_list
from broadcast.members.sheet import LARGEST
from broadcast.repository import imports
from broadcast.repository.imports import Import
from console.context import Console
from console.errors import explanation
from console.login import Here, MemberManager, Visit
from console.pages import Part, go, page, part, text
from console.parameters import Key
from people.organisation import BRUSSELS
from people.repository import networks
from storage.errors import InvalidInput
from storage.repository import AuditLine, append_audit

router = APIRouter(prefix="/imports")
_ROOM_FOR_THE_REST = 100_000
_SHOWN = 3
_LONGEST_NAME = 120


@router.get("")
async def every_import(console: Here, visit: MemberManager) -> Response:
    """Lists that were brought in, and the form for another."""
    return await _page(console, visit)


async def _page(console: Console, visit: Visit, problems: dict[str, str] | None = None) -> Response:
    async with console.database.read() as connection:
        recent = await imports.recent(connection, visit.organisation_id)
    return page(visit, "imports.html", status=422 if problems else 200, imports=recent, problems=problems or {})


@router.post("", max_body_size=LARGEST + _ROOM_FOR_THE_REST)
async def upload(console: Here, visit: MemberManager, file: Annotated[UploadFile | None, File()] = None) -> Response:
    """Take a file and look what its columns seem to hold."""
    if file is None or not file.filename:
        return await _page(console, visit, {"file": text(visit, "Choose a file")})
    content, name = await file.read(), file.filename[-_LONGEST_NAME:]
    try:
        opened = open_list(name, content)
    except InvalidInput as error:
        return await _page(console, visit, {"file": explanation(error, visit.language)})
    async with console.database.write() as connection:
        made = await imports.create(
            connection,
            console.vault,
            visit.organisation_id,
            visit.officer.id,
            name,
            content,
            opened.digest,
            opened.rows,
            visit.at,
        )
    return go(f"/imports/{made}")


@router.get("/{import_id}")
async def one_import(console: Here, visit: MemberManager, import_id: Key) -> Response:
    """What its columns hold, where that is still to be said; else how far it is."""
    async with console.database.read() as connection:
        one = await imports.get(connection, visit.organisation_id, import_id)
    if one.state == "uploaded":
        return await _columns_page(console, visit, one)
    return page(visit, "import.html", one=one, progress=_progress(visit, one))


@router.get("/{import_id}/columns")
async def columns_again(console: Here, visit: MemberManager, import_id: Key) -> Response:
    """The columns once more, after a look at what would come of them."""
    async with console.database.read() as connection:
        one = await imports.get(connection, visit.organisation_id, import_id)
    return await _columns_page(console, visit, one)


async def _columns_page(
    console: Console, visit: Visit, one: Import, form: FormData | None = None, problems: dict[str, str] | None = None
) -> Response:
    async with console.database.read() as connection:
        content = await imports.content(connection, console.vault, one.id)
        opened = open_list(one.name, content)
        before = await imports.remembered(connection, visit.organisation_id, opened.digest)
        known = await networks.every(connection, visit.organisation_id)
    written = form or FormData()
    chosen = one.columns or before or opened.columns
    if form is not None:
        chosen = _chosen(form, len(opened.header))
    return page(
        visit,
        "import_columns.html",
        status=422 if problems else 200,
        one=one,
        opened=opened,
        shown=opened.first[:_SHOWN],
        fields=list(Column),
        chosen=chosen,
        by_memory=before is not None and form is None,
        be_alert=is_be_alert(opened.header),
        networks=known,
        written=written,
        problems=problems or {},
    )


def _chosen(form: FormData, width: int) -> dict[Column, int]:
    given = {column: str(form.get(f"column_{column}", "")) for column in Column}
    return {column: int(place) for column, place in given.items() if place.isdecimal() and int(place) < width}


@router.post("/{import_id}/check")
async def check(console: Here, visit: MemberManager, request: Request, import_id: Key) -> Response:
    """Look through the whole list with these columns, network and evidence; nothing is changed by it."""
    form = await request.form()
    async with console.database.read() as connection:
        one = await imports.get(connection, visit.organisation_id, import_id)
        opened = open_list(one.name, await imports.content(connection, console.vault, one.id))
        mine = {str(net.id): net.id for net in await networks.every(connection, visit.organisation_id)}
    chosen, problems = _chosen(form, len(opened.header)), dict[str, str]()
    if not {Column.MOBILE, Column.WHATSAPP} & chosen.keys():
        problems["column_mobile"] = text(visit, "Say which column holds the mobile number")
    if str(form.get("network")) not in mine:
        problems["network"] = text(visit, "Choose a network")
    evidence = None
    try:
        evidence = _evidence(form, visit.at.astimezone(BRUSSELS).date())
    except InvalidInput as error:
        problems["consent_how"] = explanation(error, visit.language)
    if problems:
        return await _columns_page(console, visit, one, form, problems)
    values: dict[str, Any] = {
        "network_id": mine[str(form.get("network"))],
        "columns": chosen,
        "evidence": evidence.as_json() if evidence else None,
    }
    async with console.database.write() as connection:
        await imports.start(connection, one, "checking", ["uploaded", "checked"], visit.at, **values)
        await append_audit(connection, _line(visit, "members_checking", one))
    return go(f"/imports/{import_id}")


def _evidence(form: FormData, today: date) -> Evidence | None:
    on, how, wording = (str(form.get(f"consent_{name}", "")) for name in ("on", "how", "wording"))
    return Evidence.given(on, how, wording, everybody=bool(form.get("consent_everybody")), today=today)


@router.post("/{import_id}/start")
async def start(console: Here, visit: MemberManager, import_id: Key) -> Response:
    """Bring the members in, as the look through the list said."""
    async with console.database.write() as connection:
        one = await imports.get(connection, visit.organisation_id, import_id)
        await imports.start(connection, one, "importing", ["checked"], visit.at)
        await append_audit(connection, _line(visit, "members_importing", one))
    return go(f"/imports/{import_id}")


@router.get("/{import_id}/progress")
async def progress_part(console: Here, visit: MemberManager, import_id: Key, seen: str = "") -> Response:
    """How far it is, anew."""
    async with console.database.read() as connection:
        one = await imports.get(connection, visit.organisation_id, import_id)
    return _progress(visit, one).answer(seen)


def _progress(visit: Visit, one: Import) -> Part:
    return part(visit, "progress", f"/imports/{one.id}/progress", "import_progress.html", one=one)


@router.get("/{import_id}/refused.csv")
async def refused(console: Here, visit: MemberManager, import_id: Key) -> Response:
    """The rows that were not taken, with the reason of each."""
    async with console.database.read() as connection:
        one = await imports.get(connection, visit.organisation_id, import_id)
        rows = await imports.refused(connection, console.vault, one.id)
        header = await imports.header(connection, console.vault, one.id)
    said = [(row.number, tuple(row.cells), explanation(InvalidInput(row.reason), visit.language)) for row in rows]
    headers = {"Content-Disposition": 'attachment; filename="geweigerde-rijen.csv"'}
    names = text(visit, "row"), text(visit, "reason")
    return Response(refused_csv(names, tuple(header), said), media_type="text/csv; charset=utf-8", headers=headers)


def _line(visit: Visit, action: str, one: Import) -> AuditLine:
    return AuditLine(
        organisation_id=visit.organisation_id,
        at=visit.at,
        officer_id=visit.officer.id,
        action=action,
        subject=f"import {one.id}",
    )

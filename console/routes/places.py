"""Places that are kept under a name: streets, codes and areas, drawn, pasted or brought in as GeoJSON."""

from typing import Annotated, Any

from fastapi import APIRouter, File, Request, Response, UploadFile
from fastapi.responses import JSONResponse

from broadcast.places.geojson import LARGEST, read_geojson, write_geojson
from broadcast.repository import places
from broadcast.selection import Selection
from console.audience_form import AudienceForm
from console.context import Console
from console.errors import explanation
from console.login import AlertDrafter, AlertReader, Here, Visit
from console.pages import go, page, text
from console.parameters import Field, Key
from storage.errors import InvalidInput
from storage.repository import AuditLine, append_audit

router = APIRouter(prefix="/places")
_LONGEST_NAME = 120
_ROOM_FOR_THE_REST = 200_000


@router.get("")
async def every_place(console: Here, visit: AlertDrafter, done: str = "") -> Response:
    """All kept places, and the form of another."""
    return await _page(console, visit, AudienceForm(), done=done)


async def _page(
    console: Console,
    visit: Visit,
    where: AudienceForm,
    *,
    name: str = "",
    problems: dict[str, str] | None = None,
    done: str = "",
) -> Response:
    async with console.database.read() as connection:
        kept = await places.kept(connection, visit.organisation_id)
        people = {
            one.id: len(await places.living(connection, console.vault, visit.organisation_id, one.selection))
            for one in kept
        }
    return page(
        visit,
        "places.html",
        status=422 if problems else 200,
        kept=[(one, people[one.id], _words(one.selection)) for one in kept],
        where=where,
        name=name,
        problems=problems or {},
        done=done,
        tiles=console.tiles,
    )


def _words(selection: Selection) -> list[str]:
    """What a place holds, in a few words each."""
    streets = sorted(one.line for one in selection.houses)
    area = [f"{selection.area.square_kilometres:.2f} km²"] if selection.area else []
    return [*streets, *sorted(selection.post_codes | selection.municipalities), *area]


@router.post("", max_body_size=LARGEST + _ROOM_FOR_THE_REST)
async def keep_place(
    console: Here,
    visit: AlertDrafter,
    request: Request,
    name: Field = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Keep a place under a name, in place of what had that name."""
    where, name = AudienceForm.read(await request.form()), name.strip()
    problems = {field: explanation(error, visit.language) for field, error in where.problems()}
    mended = False
    if file is not None and file.filename:
        try:
            area, mended = read_geojson(await file.read())
            where = where.adding(Selection(area=area))
        except InvalidInput as error:
            problems["file"] = explanation(error, visit.language)
    if not 1 <= len(name) <= _LONGEST_NAME:
        problems["name"] = text(visit, "A name has 1 to 120 characters")
    if not problems and not where.selection.has_places:
        problems["streets"] = text(visit, "Give a street, a code or an area")
    if problems:
        return await _page(console, visit, where, name=name, problems=problems)
    async with console.database.write() as connection:
        made = await places.keep(connection, visit.organisation_id, name, where.selection, visit.at)
        await append_audit(connection, _line(visit, "place_keep", made))
    return go("/places?done=mended" if mended else "/places?done=kept")


@router.post("/{place_id}/forget")
async def forget_place(console: Here, visit: AlertDrafter, place_id: Key) -> Response:
    """Take a name away; alerts that used it keep their copy."""
    async with console.database.write() as connection:
        await places.forget(connection, visit.organisation_id, place_id)
        await append_audit(connection, _line(visit, "place_forget", place_id))
    return go("/places?done=forgotten")


def _line(visit: Visit, action: str, place_id: int) -> AuditLine:
    return AuditLine(
        organisation_id=visit.organisation_id,
        at=visit.at,
        officer_id=visit.officer.id,
        action=action,
        subject=f"place {place_id}",
    )


@router.get("/background.json")
async def background(console: Here, visit: AlertReader) -> Response:
    """What a map shows below what is drawn: kept areas, and streets in which enough people are known."""
    async with console.database.read() as connection:
        streets = await places.streets(connection, console.vault, visit.organisation_id)
        kept = await places.kept(connection, visit.organisation_id)
    lines = [_feature(one.name, {"type": "LineString", "coordinates": one.line}) for one in streets]
    areas = [_feature(one.name, write_geojson(one.selection.area)) for one in kept if one.selection.area]
    return JSONResponse({"type": "FeatureCollection", "features": [*areas, *lines]})


def _feature(name: str, geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": name}, "geometry": geometry}

"""The organisation's own templates of alerts: texts with blanks, in four languages."""

from fastapi import APIRouter, Request, Response
from fastapi.datastructures import FormData

from broadcast.alert import LANGUAGES
from broadcast.repository import templates
from broadcast.template import Template
from broadcast.vocabulary import Kind
from console.context import Console
from console.errors import explanation
from console.login import AlertDrafter, Here, Visit
from console.pages import go, page
from console.parameters import Key
from messaging.incoming import storable
from storage.errors import Conflict, InvalidInput
from storage.repository import AuditLine, append_audit

router = APIRouter(prefix="/alerts/templates")


@router.get("")
async def every_template(console: Here, visit: AlertDrafter, done: str = "") -> Response:
    """All of them."""
    async with console.database.read() as connection:
        known = await templates.every(connection, visit.organisation_id)
    return page(visit, "templates.html", templates=known, done=done)


@router.get("/new")
async def new_template(visit: AlertDrafter) -> Response:
    """An empty form."""
    return _form(visit, _read(FormData(), 0))


@router.get("/{template_id}")
async def template(console: Here, visit: AlertDrafter, template_id: Key) -> Response:
    """One template, to change it."""
    async with console.database.read() as connection:
        return _form(visit, await templates.get(connection, visit.organisation_id, template_id))


@router.post("/new")
async def make_template(console: Here, visit: AlertDrafter, request: Request) -> Response:
    """Keep a new one."""
    return await _keep(console, visit, _read(await request.form(), 0))


@router.post("/{template_id}")
async def change_template(console: Here, visit: AlertDrafter, template_id: Key, request: Request) -> Response:
    """Keep the changes; alerts that began from it stay as they are."""
    return await _keep(console, visit, _read(await request.form(), template_id))


@router.post("/{template_id}/remove")
async def remove_template(console: Here, visit: AlertDrafter, template_id: Key) -> Response:
    """Forget it."""
    async with console.database.write() as connection:
        await templates.remove(connection, visit.organisation_id, template_id)
        await append_audit(connection, _line(visit, "template_remove", template_id))
    return go("/alerts/templates?done=removed")


async def _keep(console: Console, visit: Visit, one: Template) -> Response:
    try:
        one.check()
        async with console.database.write() as connection:
            kept = await templates.keep(connection, visit.organisation_id, one, visit.at)
            await append_audit(connection, _line(visit, "template_keep", kept))
    except (Conflict, InvalidInput) as error:
        return _form(visit, one, status=422, problems={"name": explanation(error, visit.language)})
    return go("/alerts/templates?done=kept")


def _line(visit: Visit, action: str, template_id: int) -> AuditLine:
    return AuditLine(
        organisation_id=visit.organisation_id,
        at=visit.at,
        officer_id=visit.officer.id,
        action=action,
        subject=f"template {template_id}",
    )


def _read(form: FormData, template_id: int) -> Template:
    def field(name: str) -> str:
        value = form.get(name, "")
        return storable(value).replace("\r\n", "\n").strip() if isinstance(value, str) else ""

    def by_language(name: str) -> dict[str, str]:
        return {language: said for language in LANGUAGES if (said := field(f"{name}_{language}"))}

    kind = field("kind")
    return Template(
        id=template_id,
        name=field("name"),
        kind=Kind(kind) if kind in set(Kind) else Kind.OTHER,
        title=field("title"),
        texts=by_language("text"),
        instructions=by_language("instruction"),
        short_texts=by_language("short"),
        template_sid=field("template_sid"),
    )


def _form(visit: Visit, one: Template, *, status: int = 200, problems: dict[str, str] | None = None) -> Response:
    context = {"one": one, "problems": problems or {}, "kinds": list(Kind), "languages_of_alerts": LANGUAGES}
    return page(visit, "templates/form.html", status=status, **context)

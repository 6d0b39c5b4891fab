"""Logging in and out."""

import asyncio
from functools import cache

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from console.context import Console
from console.login import (
    LANGUAGES,
    CurrentVisit,
    Here,
    check_form,
    cookie_name,
    form_token,
    set_cookie,
    set_form_token,
)
from console.pages import go, render
from console.parameters import Field
from people.officer import Officer, hash_password, password_matches
from people.repository import officers
from storage.clock import now
from storage.repository import AuditLine, append_audit

router = APIRouter()


@router.get("/login")
async def login_page(request: Request, console: Here, after: str = "/", language: str = "nl") -> Response:
    """The form to log in."""
    return _login_page(request, console, after=after, language=language)


def _login_page(
    request: Request, console: Console, *, after: str, language: str, email: str = "", failed: bool = False
) -> Response:
    token = form_token(request)
    html = render(
        language if language in LANGUAGES else LANGUAGES[0],
        "login.html",
        visit=None,
        csrf=token,
        after=_inside(after),
        email=email,
        failed=failed,
    )
    response = HTMLResponse(html, status_code=401 if failed else 200)
    set_form_token(console, response, token)
    return response


def _inside(path: str) -> str:
    """Only ever to a page of ours: `//elsewhere` and `/\\elsewhere` lead out."""
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if inside else "/"


@router.post("/login")
async def log_in(
    request: Request,
    console: Here,
    email: Field = "",
    password: Field = "",
    after: Field = "/",
    language: Field = "nl",
) -> Response:
    """Check the password. Who does not exist, is locked out or mistyped hears the same, after the same work."""
    await check_form(request, form_token(request))
    officer = await _checked(console, email, password)
    if officer is None:
        return _login_page(request, console, after=after, language=language, email=email, failed=True)
    async with console.database.write() as connection:
        token = await officers.log_in(connection, officer.id, now())
        await append_audit(connection, _line(officer, allowed=True))
    response = go(_inside(after))
    set_cookie(console, response, token)
    return response


async def _checked(console: Console, email: str, password: str) -> Officer | None:
    async with console.database.read() as connection:
        found = await officers.by_email(connection, email, now())
    password_hash = _nobodys_hash() if found is None else found[1]
    right = await asyncio.to_thread(password_matches, password_hash, password)
    if found is not None and right:
        return found[0]
    async with console.database.write() as connection:
        await officers.count_failed_login(connection, email, now())
        if found is not None:
            await append_audit(connection, _line(found[0], allowed=False))
    return None


@cache
def _nobodys_hash() -> str:
    return hash_password("nobody has this password")


def _line(officer: Officer, *, allowed: bool) -> AuditLine:
    return AuditLine(
        organisation_id=officer.organisation_id,
        at=now(),
        officer_id=officer.id,
        action="login",
        subject=f"officer {officer.id}",
        allowed=allowed,
    )


@router.post("/logout")
async def log_out(console: Here, visit: CurrentVisit) -> Response:
    """End this login."""
    async with console.database.write() as connection:
        await officers.log_out(connection, visit.token)
    response = go("/login")
    response.delete_cookie(cookie_name(console), secure=console.secure, httponly=True, samesite="lax")
    return response

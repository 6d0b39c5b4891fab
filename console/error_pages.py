"""What an officer sees when something is refused or goes wrong; who was refused is written down."""

import logging
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from console.errors import (
    EXPLANATIONS,
    OTHER_EXPLANATION,
    OTHER_TITLE,
    TITLES,
    NotLoggedIn,
    PasswordNotChosen,
    explanation,
    status_of,
)
from console.login import LANGUAGES, Visit, console_of, cookie_name, visit_of
from console.pages import render
from locales.catalogue import translate
from storage.clock import now
from storage.errors import Forbidden, SamenspraakError
from storage.repository import AuditLine, append_audit

_log = logging.getLogger(__name__)
_LONGEST_ACTION, _LONGEST_SUBJECT = 60, 120
_SERVER_FAULT = 500


def add_error_pages(app: FastAPI) -> None:
    """Answer every error with a page that can be read."""
    app.add_exception_handler(NotLoggedIn, _to_login)
    app.add_exception_handler(PasswordNotChosen, _to_account)
    app.add_exception_handler(SamenspraakError, _refused)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(SQLAlchemyError, _database_away)


async def _to_login(request: Request, _: Exception) -> Response:
    if "HX-Request" in request.headers:
        return Response(status_code=204, headers={"HX-Redirect": "/login"})
    path = request.url.path
    back = f"?{urlencode({'after': path})}" if request.method == "GET" and path != "/" else ""
    return RedirectResponse(f"/login{back}", status_code=303)


async def _to_account(request: Request, _: Exception) -> Response:
    if "HX-Request" in request.headers:
        return Response(status_code=204, headers={"HX-Redirect": "/account"})
    return RedirectResponse("/account", status_code=303)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, SamenspraakError)  # noqa: S101 - registered for nothing else
    if isinstance(error, Forbidden):
        await note_refusal(request)
    status = status_of(error)
    if status == _SERVER_FAULT:
        _log.error("%s %s: %s", request.method, request.url.path, error)
    return error_page(request, status, explanation(error, _language(request)))


async def note_refusal(request: Request) -> None:
    """Write down in the audit that somebody was refused something."""
    visit: Visit | None = getattr(request.state, "visit", None)
    if visit is None:
        return
    line = AuditLine(
        organisation_id=visit.organisation_id,
        at=now(),
        officer_id=visit.officer.id,
        action=request.scope["route"].name[:_LONGEST_ACTION],
        subject=f"{request.method} {request.url.path}"[:_LONGEST_SUBJECT],
        allowed=False,
    )
    async with console_of(request).database.write() as connection:
        await append_audit(connection, line)


async def _not_understood(request: Request, error: Exception) -> Response:
    """A number in the address that is none leads nowhere; a field that is none can be corrected."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    in_path = any(one["loc"][:1] == ("path",) for one in error.errors())
    return error_page(request, 404 if in_path else 422)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    await _see_who_asks(request)
    return error_page(request, error.status_code)


async def _see_who_asks(request: Request) -> None:
    """Where no route was found, nobody looked yet whose language and menu the page should have."""
    console = console_of(request)
    if cookie_name(console) in request.cookies and getattr(request.state, "visit", None) is None:
        with suppress(NotLoggedIn, SamenspraakError, SQLAlchemyError):
            await visit_of(request, console)


async def _database_away(request: Request, error: Exception) -> Response:
    _log.error("%s %s: %s", request.method, request.url.path, type(error).__name__)
    return error_page(request, 503)


def error_page(request: Request, status: int, said: str | None = None) -> Response:
    """The page of an error; without words of its own, those of its status."""
    language = _language(request)

    def words(texts: dict[int, str], other: str) -> str:
        return translate("console", language, texts.get(status, other))

    context: dict[str, Any] = {
        "visit": getattr(request.state, "visit", None),
        "title": words(TITLES, OTHER_TITLE),
        "said": said or words(EXPLANATIONS, OTHER_EXPLANATION),
    }
    return HTMLResponse(render(language, "error.html", **context), status_code=status)


def _language(request: Request) -> str:
    visit: Visit | None = getattr(request.state, "visit", None)
    return LANGUAGES[0] if visit is None else visit.language

"""One's own password, language, and where one is told that somebody waits."""

import asyncio

from fastapi import APIRouter, Response

from console.errors import explanation
from console.login import LANGUAGES, CurrentVisit, Here, Visit, set_cookie
from console.pages import go, page, text
from console.parameters import Field
from console.repository import officers as console_officers
from people import officer_link
from people.officer import password_matches
from people.repository import officers
from storage.clock import now
from storage.errors import InvalidInput
from storage.repository import AuditLine, append_audit

router = APIRouter(prefix="/account")


@router.get("")
async def account(visit: CurrentVisit, done: str = "") -> Response:
    """One's own settings."""
    return page(visit, "account.html", done=done, problems={}, word=None)


@router.post("/telegram")
async def connect_telegram(console: Here, visit: CurrentVisit) -> Response:
    """Show the word by which the bot knows the officer's own Telegram."""
    word = officer_link.word(console.vault, visit.officer.id, now())
    return page(visit, "account.html", done="", problems={}, word=word)


@router.post("/telegram/end")
async def disconnect_telegram(console: Here, visit: CurrentVisit) -> Response:
    """Be told by e-mail only."""
    async with console.database.write() as connection:
        await officers.set_telegram(connection, visit.organisation_id, visit.officer.id, None)
        await append_audit(connection, _line(visit, "telegram_unlink"))
    return go("/account?done=telegram")


@router.post("/language")
async def choose_language(console: Here, visit: CurrentVisit, language: Field = "") -> Response:
    """Read the pages in another language."""
    if language not in LANGUAGES:
        raise InvalidInput("Choose one of the languages")
    async with console.database.write() as connection:
        await console_officers.set_locale(connection, visit.officer.id, language)
    return go("/account?done=language")


@router.post("/password")
async def change_password(
    console: Here, visit: CurrentVisit, current: Field = "", new: Field = "", again: Field = ""
) -> Response:
    """Choose another password; every other login of this officer ends."""
    problems = await _problems(console, visit, current, new, again)
    if problems:
        return page(visit, "account.html", status=422, done="", problems=problems, word=None)
    try:
        async with console.database.write() as connection:
            await officers.set_password(connection, visit.officer.id, new)
            token = await officers.log_in(connection, visit.officer.id, now())
            await append_audit(connection, _line(visit, "password_change"))
    except InvalidInput as error:
        problems = {"new": explanation(error, visit.language)}
        return page(visit, "account.html", status=422, done="", problems=problems, word=None)
    response = go("/account?done=password")
    set_cookie(console, response, token)
    return response


async def _problems(console: Here, visit: Visit, current: str, new: str, again: str) -> dict[str, str]:
    problems = {}
    async with console.database.read() as connection:
        found = await officers.by_email(connection, visit.officer.email, now())
    if found is None or not await asyncio.to_thread(password_matches, found[1], current):
        problems["current"] = text(visit, "This is not your password")
    if new == current:
        problems["new"] = text(visit, "Choose another password than the present one")
    if new != again:
        problems["again"] = text(visit, "The two new passwords are not the same")
    return problems


def _line(visit: Visit, action: str) -> AuditLine:
    return AuditLine(
        organisation_id=visit.organisation_id,
        at=now(),
        officer_id=visit.officer.id,
        action=action,
        subject=f"officer {visit.officer.id}",
    )

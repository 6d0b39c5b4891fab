"""Tokens with which another system, such as a dispatch room, hands in CAP messages: given out once, taken back."""

from fastapi import APIRouter, Response

from console.context import Console
from console.errors import explanation
from console.login import Administrator, Here, Visit
from console.pages import go, page
from console.parameters import Field, Key
from people.repository import tokens
from people.tokens import give_out, take_back
from storage.errors import InvalidInput

router = APIRouter(prefix="/tokens")


@router.get("")
async def every_token(console: Here, visit: Administrator, done: str = "") -> Response:
    """Who holds a token, and when it was used last."""
    return await _page(console, visit, done=done)


async def _page(
    console: Console,
    visit: Visit,
    *,
    done: str = "",
    name: str = "",
    problems: dict[str, str] | None = None,
    made: str | None = None,
) -> Response:
    async with console.database.read() as connection:
        rows = await tokens.of_organisation(connection, visit.organisation_id)
    answer = page(
        visit,
        "tokens.html",
        status=422 if problems else 200,
        rows=rows,
        address=f"{console.public_url or ''}/api/v1/cap",
        done=done,
        name=name,
        problems=problems or {},
        made=made,
    )
    answer.headers["Cache-Control"] = "no-store"  # going back must not show the token again
    return answer


@router.post("")
async def create_token(console: Here, visit: Administrator, name: Field = "") -> Response:
    """Make a token; the page shows it, this once."""
    try:
        async with console.database.write() as connection:
            made = await give_out(connection, visit.organisation_id, name, visit.officer.id, visit.at)
    except InvalidInput as error:
        return await _page(console, visit, name=name, problems={"name": explanation(error, visit.language)})
    return await _page(console, visit, made=made)


@router.post("/{token_id}/revoke")
async def revoke_token(console: Here, visit: Administrator, token_id: Key) -> Response:
    """Let nobody in with it any more."""
    async with console.database.write() as connection:
        await take_back(connection, visit.organisation_id, token_id, visit.officer.id, visit.at)
    return go("/tokens?done=revoked")

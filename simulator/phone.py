"""A resident's phone as a web page: one page, and a stream of what happens on the chosen person's phone."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import HTMLResponse, StreamingResponse
from jinja2 import Environment, PackageLoader

from simulator.control import Here
from simulator.log import Entry, Log
from simulator.personas import MEDIA, Medium
from simulator.phone_texts import QUICK_TEXTS, TEXTS

STATIC = Path(__file__).parent / "static"
SHOWN = frozenset({"accepted", "status", "edited", "typing", "inbound", "taken", "lost", "auto_reply"})
KEEP_ALIVE_SECONDS = 15.0

router = APIRouter(prefix="/phone")
_templates = Environment(loader=PackageLoader("simulator"), autoescape=True, trim_blocks=True, lstrip_blocks=True)


@router.get("", response_class=HTMLResponse)
async def page(world: Here, lang: Annotated[str, Query(pattern="^(nl|en)$")] = "nl") -> str:
    """The phone; script fills the conversation from the stream."""
    return _templates.get_template("phone.html").render(
        lang=lang,
        texts=TEXTS[lang],
        people=[asdict(person) for person in world.people.all()],
        contacts=[{"name": name, "accounts": _by_medium(accounts)} for name, accounts in world.contacts],
        media=MEDIA,
        quick_texts=QUICK_TEXTS,
    )


def _by_medium(accounts: Sequence[str]) -> dict[str, str]:
    """Which of somebody's accounts is written to on each channel."""
    return {_medium(account): account for account in accounts}


def _medium(account: str) -> Medium:
    if account.startswith("whatsapp:"):
        return "whatsapp"
    return "sms" if account.startswith("+") else "telegram"


@router.get("/events")
async def events(world: Here, person: str, last_event_id: Annotated[int, Header()] = 0) -> StreamingResponse:
    """Everything that the person's phone shows, from the beginning or after the event seen last."""
    world.people.named(person)
    seen = last_event_id if last_event_id <= world.log.last else 0  # the log began anew
    return StreamingResponse(
        _stream(world.log, person, seen), media_type="text/event-stream", headers={"cache-control": "no-store"}
    )


async def _stream(log: Log, person: str, after: int) -> AsyncIterator[str]:
    while not log.closed:
        entries = await log.wait(after, KEEP_ALIVE_SECONDS)
        if entries:
            after = entries[-1]["n"]
        yield "".join(_event(entry) for entry in entries if _shown(entry, person)) or ":\n\n"


def _shown(entry: Entry, person: str) -> bool:
    return entry.get("person") == person and entry["event"] in SHOWN


def _event(entry: Entry) -> str:
    return f"id: {entry['n']}\ndata: {json.dumps(entry)}\n\n"

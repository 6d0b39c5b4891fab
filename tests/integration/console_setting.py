"""The console without a browser: its routes over a real database, and officers who send requests to them."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from fastapi import FastAPI

from console.app import mount
from console.context import Console
from console.repository import audit
from console.repository.audit import Line
from people.roles import Role
from storage import jobs
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault
from tests.browser.seed import CHEAP, PASSWORD, SECRET, Town, email, seed

_DIGEST = re.compile(r'name="digest" value="(\w{64})"')
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class OfficerClient:
    """Somebody at the console. csrf: what their forms repeat."""

    http: httpx.AsyncClient
    csrf: str = ""

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """Look at a page, without following where it leads."""
        return await self.http.get(path, headers=headers)

    async def post(self, path: str, **fields: str | list[str]) -> httpx.Response:
        """Send a form as our page gave it out."""
        return await self.http.post(path, data={"csrf": self.csrf, **fields})

    async def send(self, path: str, file: str, content: bytes, **fields: str) -> httpx.Response:
        """Send a form with a file."""
        return await self.http.post(path, data={"csrf": self.csrf, **fields}, files={"file": (file, content)})

    async def log_in(self, address: str, password: str = PASSWORD) -> httpx.Response:
        """Through the form."""
        self.csrf = token(await self.get("/login"))
        response = await self.post("/login", email=address, password=password)
        if response.status_code == 303:
            self.csrf = token(await self.get("/account"))
        return response


def token(response: httpx.Response) -> str:
    """What a page's forms must repeat."""
    found = _TOKEN.search(response.text)
    assert found is not None
    return found.group(1)


@dataclass
class Setting:
    """The console of two organisations. queued: how often something was handed to the outbox."""

    web: FastAPI
    database: Database
    vault: Vault
    town: Town
    elsewhere: Town
    queued: list[None] = field(default_factory=list)

    def somebody(self) -> OfficerClient:
        """A browser in which nobody is logged in."""
        transport = httpx.ASGITransport(self.web)
        return OfficerClient(httpx.AsyncClient(transport=transport, base_url="http://console.test"))

    async def officer(self, role: Role, slug: str = "lindebeke") -> OfficerClient:
        """An officer who is logged in."""
        client = self.somebody()
        assert (await client.log_in(email(role, slug))).status_code == 303
        return client

    async def audit(self, organisation_id: int | None = None) -> list[Line]:
        """What was written down, the newest first."""
        async with self.database.read() as connection:
            return await audit.last(connection, organisation_id or self.town.organisation_id)

    async def alert(self, editor: OfficerClient, **changed: str) -> int:
        """A draft to the network that has members; gives its id."""
        response = await editor.post("/alerts/new", **fields(self.town.network_ids[0]) | changed)
        assert response.status_code == 303, response.text
        return int(response.headers["location"].split("?")[0].rsplit("/", 1)[1])

    async def sent(self) -> tuple[OfficerClient, int]:
        """An approver, and an alert that they approved."""
        editor, approver = await self.officer(Role.EDITOR), await self.officer(Role.APPROVER)
        alert = await self.alert(editor)
        await editor.post(f"/alerts/{alert}/submit")
        await approver.post(f"/alerts/{alert}/approve", digest=await digest_of(approver, alert))
        return approver, alert


async def digest_of(officer: OfficerClient, alert: int) -> str:
    """What the page of the approval is bound to."""
    found = _DIGEST.search((await officer.get(f"/alerts/{alert}/approval")).text)
    assert found is not None
    return found.group(1)


def fields(network_id: int) -> dict[str, str | list[str]]:
    """A filled in form of an alert."""
    ends = now().replace(year=now().year + 1).strftime("%Y-%m-%dT%H:%M")
    return {
        "title": "Gaslek",
        "severity": "Moderate",
        "network": [str(network_id)],
        "text_nl": "Blijf binnen.",
        "expires": ends,
    }


@asynccontextmanager
async def console_at(database_url: str, *, secure: bool = False) -> AsyncIterator[Setting]:
    """The console over a migrated, empty database, seeded with two towns."""
    jobs.prepare(database_url)
    CHEAP.start()
    database, vault = Database(database_url), Vault(SECRET)
    try:
        town = await seed(database, vault)
        elsewhere = await seed(database, vault, "elders", "Elders", roles=(Role.ADMINISTRATOR,))
        setting = Setting(FastAPI(), database, vault, town, elsewhere)
        mount(setting.web, Console(database, vault, secure, lambda: setting.queued.append(None)))
        yield setting
    finally:
        CHEAP.stop()
        await database.close()

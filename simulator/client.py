"""The control API from another program, typed; for tests, the demo and benches."""

from types import TracebackType
from typing import Any, Self

import aiohttp

from simulator.log import Entry


class ControlError(Exception):
    """The far end refused an order; its answer is the message."""


class SimulatorClient:
    """Orders and questions to a running far end; `async with` closes its connections."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Ready for use."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        if self._session:
            await self._session.close()

    async def person(self, name: str, **fields: Any) -> dict[str, Any]:
        """Register a person: chat_id, phone, language_code, media."""
        return dict(await self._call("POST", "people", {"name": name, **fields}))

    async def number(self, address: str, webhook: str | None = None) -> None:
        """Register one of the application's numbers and the public URL of its webhook."""
        await self._call("POST", "numbers", {"address": address, "webhook": webhook})

    async def template(self, sid: str, name: str, body: str, buttons: list[tuple[str, str]] | None = None) -> None:
        """Register a template that WhatsApp approved."""
        await self._call("POST", "templates", {"sid": sid, "name": name, "body": body, "buttons": buttons or []})

    async def route(self, public: str, local: str) -> None:
        """Reach public addresses that begin so at the local one."""
        await self._call("POST", "routes", {"public": public, "local": local})

    async def send(self, person: str, medium: str, text: str = "", **fields: Any) -> str:
        """A person sends something (media, latitude, longitude, quoted, account); its provider id."""
        sent = await self._call("POST", "send", {"person": person, "medium": medium, "text": text, **fields})
        return str(sent["provider_id"])

    async def press(self, person: str, medium: str, provider_id: str, choice: str) -> str:
        """A person presses a button below a message; the provider id of the press."""
        order = {"person": person, "medium": medium, "provider_id": provider_id, "choice": choice}
        return str((await self._call("POST", "press", order))["provider_id"])

    async def block(self, person: str, *, blocked: bool = True) -> None:
        """A person blocks the bot, or no longer."""
        await self._call("POST", "block", {"person": person, "blocked": blocked})

    async def inject(self, person: str, kind: str, content: dict[str, Any]) -> int:
        """Any update of the Bot API about a person; its id."""
        update = await self._call("POST", "updates", {"person": person, "kind": kind, "content": content})
        return int(update["update_id"])

    async def window(self, person: str, *, is_open: bool) -> None:
        """Begin or end a person's 24 hours on WhatsApp."""
        await self._call("POST", "window", {"person": person, "is_open": is_open})

    async def fate(self, address: str, status: str | None, code: int = 0) -> None:
        """How every message to an address at Twilio ends; None takes it back."""
        await self._call("POST", "fates", {"address": address, "status": status, "code": code})

    async def fault(self, kind: str, **fields: Any) -> None:
        """Order a fault (method, address, skip, count, retry_after, status, code, description, migrate_to, seconds)."""
        await self._call("POST", "faults", {"kind": kind, **fields})

    async def clear_faults(self) -> None:
        """No more faults."""
        await self._call("DELETE", "faults")

    async def settings(self, **fields: Any) -> None:
        """Change latency, rates, statuses, status_delay, window_refused_at_once."""
        await self._call("PATCH", "settings", fields)

    async def advance(self, seconds: float) -> None:
        """Move the far end's clock forward."""
        await self._call("POST", "clock", {"seconds": seconds})

    async def log(self, after: int = 0, *, wait: float = 0.0) -> list[Entry]:
        """The entries after one, waiting so many seconds for the first."""
        return list(await self._call("GET", f"log?after={after}&wait={wait}"))

    async def until(self, event: str, *, after: int = 0, wait: float = 5.0, **fields: Any) -> Entry:
        """The first entry of that event with those fields; raises TimeoutError when it does not come."""
        found = None
        while entries := await self.log(after, wait=wait):
            wanted = {"event": event, **fields}
            found = next((entry for entry in entries if wanted.items() <= entry.items()), None)
            if found:
                return found
            after = entries[-1]["n"]
        raise TimeoutError(f"no {event} with {fields}")

    async def violations(self) -> list[Entry]:
        """Requests that the providers' specifications do not allow."""
        return list(await self._call("GET", "violations"))

    async def counts(self) -> dict[str, int]:
        """How often each event happened, as "channel.event"."""
        return dict(await self._call("GET", "counts"))

    async def state(self) -> dict[str, Any]:
        """Webhooks, numbers, templates and the time."""
        return dict(await self._call("GET", "state"))

    async def reset(self) -> None:
        """As new."""
        await self._call("POST", "reset")

    async def _call(self, method: str, path: str, body: object = None) -> Any:
        if self._session is None:
            # A connection of its own for each request: one that is kept may be closed by the other side just then.
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))
        async with self._session.request(method, f"{self._base_url}/control/{path}", json=body) as answer:
            if not answer.ok:
                raise ControlError(f"{answer.status}: {await answer.text()}")
            return await answer.json() if answer.content_type == "application/json" else None

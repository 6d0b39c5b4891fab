"""An officer's browser without a screen: pages, links and forms of the console over HTTP, cookies and all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from json import loads
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin

import aiohttp

from storage.errors import SamenspraakError

_REFUSED = 400


class PageError(SamenspraakError):
    """The console did not answer as an officer would expect."""


@dataclass(slots=True)
class Form:
    """A form that changes something: where it goes, what its fields hold, and the value of each box by its label."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    boxes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """What an officer sees. text: everything that is read, without marks, spaces made one."""

    url: str
    status: int
    text: str
    links: tuple[str, ...]
    forms: tuple[Form, ...]

    def has_form(self, ending: str) -> bool:
        """Whether the page offers that."""
        return any(one.action.endswith(ending) for one in self.forms)

    def form(self, ending: str) -> Form:
        """The form whose address ends so; raises PageError."""
        for one in self.forms:
            if one.action.endswith(ending):
                return one
        raise PageError(f"{self.url} has no form {ending}; it has {[one.action for one in self.forms]}")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._select: str | None = None
        self._area: str | None = None
        self._box: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "a" and found.get("href"):
            self.links.append(found["href"] or "")
        elif tag == "form" and found.get("method") == "post":
            self._open = Form(found.get("action") or "")
            self.forms.append(self._open)
        elif self._open is not None:
            self._field(self._open, tag, found)

    def _field(self, form: Form, tag: str, found: Mapping[str, str | None]) -> None:
        name, value = found.get("name") or "", found.get("value") or ""
        if tag == "textarea":
            self._area = name
            form.fields.append((name, ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in found:
            form.fields.append((self._select, value))
        elif tag == "input" and found.get("type") in {"checkbox", "radio"} and "checked" not in found:
            self._box = value
        elif tag == "input" and name:
            form.fields.append((name, value))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._open is None:
            return
        if self._area is not None:
            name, before = self._open.fields[-1]
            self._open.fields[-1] = (name, before + data)
        elif self._box is not None and data.strip():
            self._open.boxes[data.strip()] = self._box
            self._box = None


def read_page(status: int, url: str, html: str) -> Page:
    """What stands on a page."""
    reader = _Reader()
    reader.feed(html)
    return Page(url, status, " ".join(" ".join(reader.words).split()), tuple(reader.links), tuple(reader.forms))


class Browser:
    """One officer at the console."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Ready for use."""
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the window."""
        if self._session is not None:
            await self._session.close()

    async def log_in(self, email: str, password: str) -> Page:
        """Log in by the form of the login page; raises PageError."""
        page = await self.submit(await self.open("/login"), "/login", email=email, password=password)
        if page.url.startswith("/login"):
            raise PageError(f"{email} cannot log in")
        return page

    async def open(self, path: str) -> Page:
        """Go to a page; raises PageError unless it can be read."""
        return _read(await self.look(path))

    async def look(self, path: str) -> Page:
        """Go to a page, which may be one that refuses."""
        return read_page(*await self._ask("GET", path))

    async def json(self, path: str) -> Any:
        """What the JSON API gives to whoever is logged in; raises PageError."""
        answer = await self._ask("GET", path)
        if answer[0] >= _REFUSED:
            raise PageError(f"{path}: {answer[0]}")
        return loads(answer[2])

    async def submit(self, page: Page, ending: str, **filled: str | list[str]) -> Page:
        """Fill in the form whose address ends so, send it, and give the page that follows. Raises PageError."""
        form = page.form(ending)
        kept = [(name, value) for name, value in form.fields if name not in filled]
        for name, value in filled.items():
            kept += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        return _read(read_page(*await self._ask("POST", form.action, kept)))

    async def _ask(self, method: str, path: str, fields: list[tuple[str, str]] | None = None) -> tuple[int, str, str]:
        """Status, address and content of what comes back, redirections followed."""
        if self._session is None:
            raise PageError("The browser is closed")
        async with self._session.request(method, urljoin(self._base_url, path), data=fields) as answer:
            return answer.status, answer.url.path_qs, await answer.text()


def _read(page: Page) -> Page:
    if page.status >= _REFUSED:
        raise PageError(f"{page.url}: {page.status} {page.text[:300]}")
    return page

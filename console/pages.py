"""Pages from templates: the texts in the officer's language, and the parts of a page that renew themselves."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from broadcast.preflight.caution import Caution
from console import formats, labels
from console.assets import asset_url
from console.login import LANGUAGES, Visit
from locales.catalogue import catalogue

_TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment(language: str) -> Environment:
    """The templates in one language."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    texts = catalogue("console", language)
    made.install_gettext_translations(texts, newstyle=True)  # type: ignore[attr-defined]
    made.filters |= formats.filters(language)
    made.filters["label"] = lambda value, kind: texts.gettext(labels.label(value, kind))
    made.filters["caution"] = lambda one: cautioned(one, language)
    made.globals |= {"asset": asset_url, "language": language, "languages": LANGUAGES}
    return made


def render(language: str, template: str, **context: Any) -> Markup:
    """A template filled in."""
    return Markup(environment(language).get_template(template).render(**context))  # noqa: S704 - escaped in it


def page(visit: Visit, template: str, *, status: int = 200, **context: Any) -> Response:
    """A page for somebody who is logged in."""
    return HTMLResponse(render(visit.language, template, visit=visit, **context), status_code=status)


def cautioned(one: Caution, language: str) -> str:
    """A warning in the language of the pages; a language in it by its name, numbers as people write them."""
    texts, number = catalogue("console", language), formats.filters(language)["number"]
    shown = {name: number(value) if isinstance(value, int) else value for name, value in one.values.items()}
    if "language" in shown:
        shown["language"] = texts.gettext(labels.label(str(shown["language"]), "language"))
    return texts.gettext(one.said) % shown


def text(visit: Visit, message: str, **values: Any) -> str:
    """A text of the catalogue in the officer's language."""
    return catalogue("console", visit.language).gettext(message) % values


def go(url: str) -> Response:
    """After a form: look at the result by a request of its own, so that loading again repeats nothing."""
    return RedirectResponse(url, status_code=303)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page that asks for itself again when something changed.

    It tells what it holds already, so that nothing is replaced, read aloud or loses its focus without need.
    """

    name: str
    url: str
    html: Markup

    @property
    def seen(self) -> str:
        """What stands for the content."""
        return hashlib.sha256(self.html.encode()).hexdigest()[:16]

    def __html__(self) -> str:
        """The part with how it renews itself."""
        joint = "&" if "?" in self.url else "?"
        return Markup('<div id="{}" hx-get="{}" hx-trigger="sse:change" hx-swap="outerHTML">{}</div>').format(
            self.name, f"{self.url}{joint}seen={self.seen}", self.html
        )

    def answer(self, seen: str) -> Response:
        """The part anew, or 204 when the page has it already."""
        return Response(status_code=204) if seen == self.seen else HTMLResponse(self.__html__())


def part(visit: Visit, name: str, url: str, template: str, **context: Any) -> Part:
    """A live part of a page."""
    return Part(name, url, render(visit.language, template, visit=visit, **context))

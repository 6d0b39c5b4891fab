"""No page is open by oversight: each asks for a role, or stands on the short list of those that need none."""

from collections.abc import Iterator

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from console import api
from console.login import Allowed, visit_of
from console.routes import every_router

# Whoever is logged in; the start page leads those away who may not read it, the stream holds no data.
ACCOUNT = {f"/account{part}" for part in ("", "/language", "/password", "/telegram", "/telegram/end")}
ANYBODY = {"/", "/logout", "/events"} | ACCOUNT
NOBODY = {"/login", "/assets/{digest}/{name}"}


def _asks(dependant: Dependant) -> Iterator[object]:
    for one in dependant.dependencies:
        yield one.call
        yield from _asks(one)


def test_every_route_asks_for_a_role() -> None:
    routes = [one for router in (*every_router(), api.router) for one in router.routes if isinstance(one, APIRoute)]
    assert len(routes) > 40
    without = {one.path for one in routes if not any(isinstance(ask, Allowed) for ask in _asks(one.dependant))}
    assert without == ANYBODY | NOBODY


def test_whatever_changes_something_checks_who_sent_the_form() -> None:
    posts = [one for router in every_router() for one in router.routes if isinstance(one, APIRoute)]
    unchecked = {one.path for one in posts if "POST" in (one.methods or ()) and visit_of not in _asks(one.dependant)}
    assert unchecked == {"/login"}  # which checks a token of its own

"""Who is at the page: the login behind the cookie, the check of the form, and the role that a route asks for."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request, Response

from console.context import Console
from console.errors import NotLoggedIn, PasswordNotChosen
from people.officer import Officer
from people.organisation import Organisation
from people.repository import officers, organisations
from people.repository.officers import LOGIN_LASTS
from people.roles import Action, may, require
from storage.clock import now
from storage.errors import Forbidden

FORM_FIELD = "csrf"
LANGUAGES = ("nl", "en")
_TOUCH_AFTER = timedelta(minutes=1)
_TO_CHOOSE_A_PASSWORD = {"/account", "/account/password", "/account/language", "/logout"}
_FORM_COOKIE = "samenspraak-form"


@dataclass(frozen=True, slots=True)
class Visit:
    """An officer at a page. csrf: what every form of theirs repeats; at: when the request came in."""

    officer: Officer
    organisation: Organisation
    csrf: str
    token: str
    at: datetime

    @property
    def organisation_id(self) -> int:
        """Whose data the officer sees: no other's, on any page."""
        return self.officer.organisation_id

    @property
    def language(self) -> str:
        """The language of the pages."""
        return self.officer.locale if self.officer.locale in LANGUAGES else LANGUAGES[0]

    def may(self, action: str) -> bool:
        """Whether the officer's role allows this, to show a button or not."""
        return not self.officer.password_once and may(self.officer.role, Action(action))


def console_of(request: Request) -> Console:
    """The application behind this request."""
    console: Console = request.app.state.console
    return console


Here = Annotated[Console, Depends(console_of)]


def cookie_name(console: Console) -> str:
    """The prefix makes browsers keep the cookie to this host and to https."""
    return "__Host-samenspraak" if console.secure else "samenspraak"


def set_cookie(console: Console, response: Response, token: str) -> None:
    """Give the browser the login's token."""
    response.set_cookie(
        cookie_name(console),
        token,
        max_age=int(LOGIN_LASTS.total_seconds()),
        secure=console.secure,
        httponly=True,
        samesite="lax",
    )


async def visit_of(request: Request, console: Here) -> Visit:
    """Whoever is logged in; raises NotLoggedIn, or Forbidden for a form that our own page did not give out.

    Raises PasswordNotChosen for whoever must choose a password of their own first, wherever that cannot be done.
    """
    token, moment = request.cookies.get(cookie_name(console), ""), now()
    async with console.database.read() as connection:
        found = await officers.logged_in(connection, token, moment)
        if found is None:
            raise NotLoggedIn
        officer, csrf, last_seen_at = found
        organisation = await organisations.get(connection, officer.organisation_id)
    visit = Visit(officer, organisation, csrf, token, moment)
    if officer.password_once and request.url.path not in _TO_CHOOSE_A_PASSWORD:
        raise PasswordNotChosen
    request.state.visit = visit
    if request.method == "POST":
        await check_form(request, csrf)
    if moment - last_seen_at > _TOUCH_AFTER and not _by_itself(request):
        async with console.database.write() as connection:
            await officers.touch_login(connection, token, moment)
    return visit


def _by_itself(request: Request) -> bool:
    """Whether a live page asks and not a person: a forgotten screen must log out."""
    return request.method == "GET" and "HX-Request" in request.headers


CurrentVisit = Annotated[Visit, Depends(visit_of)]


async def check_form(request: Request, expected: str) -> None:
    """Raise Forbidden unless the form carries the token that our page gave it."""
    given = (await request.form()).get(FORM_FIELD)
    if not isinstance(given, str) or not secrets.compare_digest(given.encode(), expected.encode()):
        raise Forbidden("This form is not valid any more: go back, load the page again and repeat")


@dataclass(frozen=True, slots=True)
class Allowed:
    """A route's condition: the role of the officer allows this action."""

    action: Action

    def __call__(self, visit: CurrentVisit) -> Visit:
        """The visit; raises Forbidden, which is written down."""
        require(visit.officer.role, self.action)
        return visit


ConversationReader = Annotated[Visit, Depends(Allowed(Action.READ_CONVERSATIONS))]
Replier = Annotated[Visit, Depends(Allowed(Action.REPLY))]
AlertReader = Annotated[Visit, Depends(Allowed(Action.READ_ALERTS))]
AlertDrafter = Annotated[Visit, Depends(Allowed(Action.DRAFT_ALERT))]
AlertApprover = Annotated[Visit, Depends(Allowed(Action.APPROVE_ALERT))]
AlertSteerer = Annotated[Visit, Depends(Allowed(Action.STEER_ALERT))]
MetricsReader = Annotated[Visit, Depends(Allowed(Action.READ_METRICS))]
MemberManager = Annotated[Visit, Depends(Allowed(Action.MANAGE_MEMBERS))]
MemberExporter = Annotated[Visit, Depends(Allowed(Action.EXPORT_MEMBERS))]
Administrator = Annotated[Visit, Depends(Allowed(Action.ADMINISTER))]


def form_token(request: Request) -> str:
    """Before anybody is logged in, a form is bound to the browser by a cookie of its own."""
    return request.cookies.get(_FORM_COOKIE) or secrets.token_urlsafe(24)


def set_form_token(console: Console, response: Response, token: str) -> None:
    """Give the browser the token that its login form must repeat."""
    response.set_cookie(_FORM_COOKIE, token, secure=console.secure, httponly=True, samesite="strict")

"""One alert: offered, approved by somebody else, sent, followed, and told how it ended."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast import alerts, approval, retrying
from broadcast.alert import TRANSITIONS, Alert, AlertState, Step
from broadcast.cap import repository as came_in
from broadcast.event import EventKind, first
from broadcast.preflight import checks
from broadcast.repository import alerts as stored
from broadcast.repository import events
from broadcast.results import progress
from console.context import Console
from console.errors import explanation
from console.login import AlertApprover, AlertDrafter, AlertReader, Here, Visit
from console.pages import Part, go, page, part
from console.parameters import Field, Key
from console.progress import COLUMNS, missed, table
from console.readings import readings
from console.repository import officers
from console.routes.answers import answers_of
from console.routes.replies import replies_of
from people.repository import networks
from people.roles import Action
from storage.errors import InvalidInput
from storage.repository import mark_changed

router = APIRouter(prefix="/alerts/{alert_id}")
LONGEST_FOLLOW_UP = 1000
Ticked = Annotated[tuple[str, ...], Form()]
"""The codes of the warnings that somebody ticked as seen."""
_UNDECIDED = (AlertState.DRAFT, AlertState.SUBMITTED, AlertState.REJECTED)
_STEPS = {
    Step.CHANGE: Action.DRAFT_ALERT,
    Step.SUBMIT: Action.DRAFT_ALERT,
    Step.APPROVE: Action.APPROVE_ALERT,
    Step.REJECT: Action.APPROVE_ALERT,
    Step.PAUSE: Action.STEER_ALERT,
    Step.RESUME: Action.STEER_ALERT,
    Step.UPDATE: Action.STEER_ALERT,
    Step.ALL_CLEAR: Action.STEER_ALERT,
    Step.CANCEL: Action.STEER_ALERT,
    Step.FEEDBACK: Action.STEER_ALERT,
    Step.RETRY: Action.STEER_ALERT,
    Step.CLOSE: Action.STEER_ALERT,
}


def possible(visit: Visit, alert: Alert) -> frozenset[str]:
    """What this officer can do with the alert as it stands."""
    return frozenset(step for step, action in _STEPS.items() if alert.state in TRANSITIONS[step] and visit.may(action))


@router.get("")
async def alert(console: Here, visit: AlertReader, alert_id: Key, done: str = "") -> Response:
    """The alert as it stands."""
    return await alert_page(console, visit, alert_id, done=done)


async def alert_page(
    console: Console, visit: Visit, alert_id: int, *, status: int = 200, done: str = "", **context: Any
) -> Response:
    """The alert; `problems` and `written` are what a form on it came back with."""
    async with console.database.read() as connection:
        one = await stored.get(connection, visit.organisation_id, alert_id)
        known = await networks.every(connection, visit.organisation_id)
        shown: dict[str, Any] = {
            "alert": one,
            "progress": await _progress(connection, visit, one),
            "answers": await answers_of(connection, visit, one),
            "replies": await replies_of(connection, console, visit, one),
            "networks": [net for net in known if net.id in one.content.audience.networks],
            "names": await officers.names(connection, visit.organisation_id),
            "readings": list(readings(first(one.content, visit.organisation, visit.at))),
            "can": possible(visit, one),
            "checks": await _checks(connection, console, visit, one) if one.state in _UNDECIDED else None,
            "again": await retrying.possible(connection, visit.organisation_id, alert_id, visit.at),
            "is_author": visit.officer.id in {*one.author_ids, one.submitted_by},
            "has_feedback": await events.has_feedback(connection, alert_id),
            "sent": await events.of_alert(connection, visit.organisation_id, alert_id),
            "received": await came_in.of_alert(connection, visit.organisation_id, alert_id),
            "states": AlertState,
            "longest": LONGEST_FOLLOW_UP,
        }
    defaults: dict[str, Any] = {"problems": {}, "written": {}, "seen": ()}
    return page(visit, "alert.html", status=status, done=done, **(defaults | context | shown))


async def _seen(console: Console, visit: Visit, alert_id: int, seen: Sequence[str]) -> tuple[str, ...]:
    """The codes of the warnings of an alert that nobody decided on yet; raises Unseen unless each was seen.

    Counted before anything is written: a large audience takes a while.
    """
    async with console.database.read() as connection:
        one = await stored.get(connection, visit.organisation_id, alert_id)
        found = await _checks(connection, console, visit, one) if one.state in _UNDECIDED else None
    return () if found is None else found.require_seen(seen)


async def _checks(connection: AsyncConnection, console: Console, visit: Visit, one: Alert) -> checks.Checks:
    return await checks.of(connection, console.vault, visit.organisation, one.content, visit.at)


@router.get("/progress")
async def progress_part(console: Here, visit: AlertReader, alert_id: Key, seen: str = "") -> Response:
    """How far the sending is, anew."""
    async with console.database.read() as connection:
        one = await stored.get(connection, visit.organisation_id, alert_id)
        return (await _progress(connection, visit, one)).answer(seen)


async def _progress(connection: AsyncConnection, visit: Visit, one: Alert) -> Part:
    sent = await progress.of_alert(connection, visit.organisation_id, one.id)
    few = not visit.may(Action.READ_CONVERSATIONS)
    context = {
        "alert": one,
        "events": [
            (event, done, table(done, hide_few=few), missed(done, hide_few=few)) for event, done in reversed(sent)
        ],
        "columns": list(COLUMNS),
        "names": await officers.names(connection, visit.organisation_id),
        "without_feedback": bool(sent) and not any(event.kind is EventKind.FEEDBACK for event, _ in sent),
    }
    return part(visit, "progress", f"/alerts/{one.id}/progress", "alert/progress.html", **context)


@router.post("/submit")
async def submit(console: Here, visit: AlertDrafter, alert_id: Key, seen: Ticked = ()) -> Response:
    """Offer a draft for approval."""
    try:
        codes = await _seen(console, visit, alert_id, seen)
        async with console.database.write() as connection:
            await alerts.submit(connection, visit.officer, alert_id, visit.at, codes)
            await mark_changed(connection, visit.organisation_id)
    except InvalidInput as error:
        problems = {"checks": explanation(error, visit.language)}
        return await alert_page(console, visit, alert_id, status=422, problems=problems, seen=seen)
    return go(f"/alerts/{alert_id}?done=submitted")


@router.get("/approval")
async def approval_page(console: Here, visit: AlertApprover, alert_id: Key) -> Response:
    """Exactly what would be sent, and to how many."""
    return await _approval_page(console, visit, alert_id)


async def _approval_page(
    console: Console,
    visit: Visit,
    alert_id: int,
    *,
    status: int = 200,
    problems: dict[str, str] | None = None,
    seen: Sequence[str] = (),
) -> Response:
    async with console.database.read() as connection:
        one = await stored.get(connection, visit.organisation_id, alert_id)
        found = await _checks(connection, console, visit, one)
        known = await networks.every(connection, visit.organisation_id)
        names = await officers.names(connection, visit.organisation_id)
    is_author = visit.officer.id in {*one.author_ids, one.submitted_by}
    return page(
        visit,
        "alert/approval.html",
        status=status,
        alert=one,
        checks=found,
        seen=seen,
        networks=[net for net in known if net.id in one.content.audience.networks],
        names=names,
        readings=list(readings(first(one.content, visit.organisation, visit.at))),
        digest=approval.digest(one.content, one.acknowledged),
        is_author=is_author,
        leaves_later=one.content.leaves_after(visit.at),
        can_override=is_author and one.content.severity.is_life_safety,
        problems=problems or {},
    )


@router.post("/approve")
async def approve(
    console: Here,
    visit: AlertApprover,
    alert_id: Key,
    digest: Field = "",
    reason: Field = "",
    override: Field = "",
    seen: Ticked = (),
) -> Response:
    """Approve what was on the screen, and send it."""
    try:
        codes = await _seen(console, visit, alert_id, seen)
        async with console.database.write() as connection:
            await alerts.approve(
                connection,
                console.vault,
                visit.officer,
                alert_id,
                digest,
                visit.at,
                override_reason=reason if override else None,
                acknowledged=codes,
            )
    except InvalidInput as error:
        field = "checks" if isinstance(error, checks.Unseen) else "reason"
        problems = {field: explanation(error, visit.language)}
        return await _approval_page(console, visit, alert_id, status=422, problems=problems, seen=seen)
    return go(f"/alerts/{alert_id}?done=approved")


@router.post("/reject")
async def reject(console: Here, visit: AlertApprover, alert_id: Key, reason: Field = "") -> Response:
    """Send it back to its author."""
    try:
        async with console.database.write() as connection:
            await alerts.reject(connection, visit.officer, alert_id, reason, visit.at)
            await mark_changed(connection, visit.organisation_id)
    except InvalidInput as error:
        problems = {"why": explanation(error, visit.language)}
        return await _approval_page(console, visit, alert_id, status=422, problems=problems)
    return go(f"/alerts/{alert_id}?done=rejected")

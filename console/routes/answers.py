"""Who is safe and who needs help, of those whom an alert asked."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.acknowledgement import Answer
from broadcast.alert import Alert
from broadcast.event import EventKind
from broadcast.repository import acknowledgements
from broadcast.repository import alerts as stored
from broadcast.repository.acknowledgements import PAGE
from broadcast.results import progress
from broadcast.results.report import hidden_few
from console.login import AlertReader, Here, Visit
from console.pages import Part, page, part
from console.parameters import LARGEST_ID, Key
from console.repository import people
from people.roles import Action, require

router = APIRouter(prefix="/alerts/{alert_id}/answers")


@router.get("")
async def answers_part(console: Here, visit: AlertReader, alert_id: Key, seen: str = "") -> Response:
    """How many are safe and how many need help, anew."""
    async with console.database.read() as connection:
        one = await stored.get(connection, visit.organisation_id, alert_id)
        return (await answers_of(connection, visit, one)).answer(seen)


async def answers_of(connection: AsyncConnection, visit: Visit, one: Alert) -> Part:
    """The part of the alert's page with how many are safe and how many need help."""
    sent = await progress.of_alert(connection, visit.organisation_id, one.id)
    reached = sum(done.reached for event, done in sent if event.kind is EventKind.ALERT)
    counts = await acknowledgements.counts(connection, visit.organisation_id, one.id)
    groups = {str(answer): number for answer, number in counts.items()}
    groups["silent"] = max(0, reached - sum(counts.values()))
    may_read = visit.may(Action.READ_CONVERSATIONS)
    shown = groups if may_read else hidden_few(groups)
    context = {
        "alert": one,
        "counts": {answer: shown[answer] for answer in counts},
        "silent": shown["silent"],
        "asked": any(event.asks_if_safe for event, _ in sent),
        "may_read": may_read,
    }
    return part(visit, "answers", f"/alerts/{one.id}/answers", "alert/answers.html", **context)


@router.get("/{answer}")
async def people_page(
    console: Here,
    visit: AlertReader,
    alert_id: Key,
    answer: Answer,
    after: Annotated[int, Query(ge=0, le=LARGEST_ID)] = 0,
) -> Response:
    """Everybody whose last word this was, with what they said before."""
    require(visit.officer.role, Action.READ_CONVERSATIONS)
    async with console.database.read() as connection:
        one = await stored.get(connection, visit.organisation_id, alert_id)
        found = await acknowledgements.people(connection, visit.organisation_id, alert_id, answer, after)
        residents = [said.resident_id for _, said in found]
        history = await acknowledgements.history(connection, visit.organisation_id, alert_id, residents)
        persons = await people.by_id(connection, console.vault, visit.organisation_id, residents)
    return page(
        visit,
        "alert/people.html",
        alert=one,
        answer=answer,
        found=[(said, persons.get(said.resident_id), history[said.resident_id][:-1]) for _, said in found],
        after=found[-1][0] if len(found) == PAGE else None,
    )

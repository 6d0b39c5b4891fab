"""The JSON API: alerts with how far they are, and the figures; for whoever is logged in to the console."""

import json
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel

from broadcast.alert import Alert
from broadcast.repository import alerts as stored
from broadcast.results import progress
from console.alert_report import as_json
from console.error_pages import note_refusal
from console.errors import NotLoggedIn, PasswordNotChosen, status_of
from console.login import AlertReader, Here, MetricsReader
from console.parameters import Key
from console.routes.report import report
from participation.report import figures, last_days
from storage.errors import Forbidden, SamenspraakError

_LONGEST_PERIOD = 731


class JsonErrors(APIRoute):
    """Answers our errors as JSON, by the same mapping as the pages."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler with errors turned into answers."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                response = await handle(request)
            except PasswordNotChosen:
                detail = {"detail": "Choose a password of your own in the console first"}
                response = JSONResponse(detail, status_code=403)
            except NotLoggedIn:
                response = JSONResponse({"detail": "Log in to the console first"}, status_code=401)
            except SamenspraakError as error:
                if isinstance(error, Forbidden):
                    await note_refusal(request)
                response = JSONResponse({"detail": str(error)}, status_code=status_of(error))
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        return answer


router = APIRouter(prefix="/api/v1", tags=["console"], route_class=JsonErrors)


class AlertSummary(BaseModel):
    """An alert as it stands."""

    id: int
    state: str
    severity: str
    title: str
    texts: dict[str, str]
    audience: dict[str, Any]
    expires_at: datetime
    created_at: datetime
    changed_at: datetime


class EventProgress(BaseModel):
    """Something that was sent under an alert, and how far it is; numbers count people."""

    id: int
    kind: str
    state: str
    texts: dict[str, str]
    created_at: datetime
    recipients: int
    reached: int
    delivered: int
    waiting: int
    unknown: int
    possible_duplicates: int
    percent: int
    by_channel: dict[str, dict[str, int]]
    missed: dict[str, int]


class AlertDetail(AlertSummary):
    """An alert with everything that was sent under it."""

    events: list[EventProgress]


def _summary(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.id,
        "state": alert.state,
        "severity": alert.content.severity,
        "title": alert.content.title,
        "texts": alert.content.texts,
        "audience": alert.content.audience.as_json(),
        "expires_at": alert.content.expires_at,
        "created_at": alert.created_at,
        "changed_at": alert.changed_at,
    }


@router.get("/alerts")
async def alerts(console: Here, visit: AlertReader) -> list[AlertSummary]:
    """The newest alerts of the organisation."""
    async with console.database.read() as connection:
        found = await stored.recent(connection, visit.organisation_id)
    return [AlertSummary(**_summary(one)) for one in found]


@router.get("/alerts/{alert_id}")
async def alert(console: Here, visit: AlertReader, alert_id: Key) -> AlertDetail:
    """One alert, with how far its sending is."""
    async with console.database.read() as connection:
        one = await stored.get(connection, visit.organisation_id, alert_id)
        sent = await progress.of_alert(connection, visit.organisation_id, alert_id)
    events = [
        EventProgress(
            id=event.id,
            kind=event.kind,
            state=event.state,
            texts=dict(event.texts),
            created_at=event.created_at,
            recipients=event.recipients,
            reached=done.reached,
            delivered=done.delivered,
            waiting=done.waiting,
            unknown=done.unknown,
            possible_duplicates=done.possible_duplicates,
            percent=done.percent,
            by_channel=done.by_channel,
            missed=done.missed,
        )
        for event, done in sent
    ]
    return AlertDetail(**_summary(one), events=events)


@router.get("/alerts/{alert_id}/report")
async def alert_report(console: Here, visit: AlertReader, alert_id: Key) -> dict[str, Any]:
    """What became of an alert. Small groups are hidden from whoever may not read conversations."""
    return as_json(await report(console, visit, alert_id))


@router.get("/metrics")
async def metrics(
    console: Here, visit: MetricsReader, days: Annotated[int, Query(ge=1, le=_LONGEST_PERIOD)] = 30
) -> dict[str, Any]:
    """The figures of the last days. Every rate names its denominator; groups smaller than five are hidden."""
    async with console.database.read() as connection:
        found = await figures(connection, visit.organisation, last_days(days, visit.at))
    answer: dict[str, Any] = json.loads(found.to_json())
    return answer

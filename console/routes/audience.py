"""Whom an alert is for, while somebody writes it: looked at without names."""

from fastapi import APIRouter, Request, Response

from broadcast.repository import crowds
from console.audience_form import AudienceForm
from console.labels import label
from console.login import AlertDrafter, Here
from console.pages import page, text
from people.repository import networks

router = APIRouter(prefix="/alerts/preview")


@router.post("/people")
async def people(console: Here, visit: AlertDrafter, request: Request) -> Response:
    """How many are in which network and street, and a few of them by pseudonym."""
    selection = AudienceForm.read(await request.form()).selection
    async with console.database.read() as connection:
        crowd = await crowds.look(connection, console.vault, visit.organisation_id, selection)
        names = {one.id: one.name for one in await networks.every(connection, visit.organisation_id)}
    others = [(text(visit, "Other streets, or none told"), crowd.other_streets)] if crowd.other_streets != 0 else []
    return page(
        visit,
        "alerts/people.html",
        crowd=crowd,
        networks=[(names[network], number) for network, number in crowd.networks.items()],
        streets=[*crowd.streets.items(), *others],
        channels=[(text(visit, label(channel, "channel")), number) for channel, number in crowd.channels.items()],
        most=crowds.MOST,
    )

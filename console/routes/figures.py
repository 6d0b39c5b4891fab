"""The metrics page: how participation goes, over a period that the officer chooses."""

from typing import Literal

from fastapi import APIRouter, Response

from console.figures import Writer
from console.login import Here, MetricsReader
from console.pages import page
from participation.report import figures, last_days

router = APIRouter(prefix="/figures")
Days = Literal["7", "30", "90", "365"]
PERIODS: tuple[Days, ...] = ("7", "30", "90", "365")


@router.get("")
async def metrics(console: Here, visit: MetricsReader, days: Days = "30") -> Response:
    """All figures of the last days."""
    async with console.database.read() as connection:
        found = await figures(connection, visit.organisation, last_days(int(days), visit.at))
    writer = Writer(visit.language, console.topics.get(visit.language, {}))
    return page(
        visit,
        "figures.html",
        found=found,
        days=days,
        periods=PERIODS,
        key_figures=writer.key_figures(found),
        sections=list(writer.sections(found)),
    )

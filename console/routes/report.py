"""The report of an alert: as a page, as CSV and as PDF."""

from fastapi import APIRouter, Response

from broadcast.results import reporting
from broadcast.results.report import Report
from console.alert_report import ReportWriter, as_csv
from console.context import Console
from console.login import AlertReader, Here, Visit
from console.pages import page
from console.parameters import Key
from people.roles import Action

router = APIRouter(prefix="/alerts/{alert_id}")


async def report(console: Console, visit: Visit, alert_id: int) -> Report:
    """What became of an alert. Who may not read conversations shall not conclude from small groups who it was."""
    async with console.database.read() as connection:
        return await reporting.of_alert(
            connection, visit.organisation_id, alert_id, hide_few=not visit.may(Action.READ_CONVERSATIONS)
        )


@router.get("/report")
async def report_page(console: Here, visit: AlertReader, alert_id: Key) -> Response:
    """What became of it."""
    found = await report(console, visit, alert_id)
    sections = list(ReportWriter(visit.language).sections(found))
    return page(visit, "alert/report.html", report=found, sections=sections)


@router.get("/report.csv")
async def report_csv(console: Here, visit: AlertReader, alert_id: Key) -> Response:
    """The same for a spreadsheet."""
    found = await report(console, visit, alert_id)
    written = as_csv(ReportWriter(visit.language).sections(found))
    return _file(written.encode("utf-8-sig"), "text/csv; charset=utf-8", f"alert-{alert_id}.csv")


@router.get("/report.pdf")
async def report_pdf(console: Here, visit: AlertReader, alert_id: Key) -> Response:
    """The same to print or to file."""
    from console.report_pdf import as_pdf  # noqa: PLC0415  # 7 MB that a server needs when the first PDF is asked for

    found = await report(console, visit, alert_id)
    sections = ReportWriter(visit.language).sections(found)
    written = as_pdf(found.title, visit.organisation.name, visit.language, sections)
    return _file(written, "application/pdf", f"alert-{alert_id}.pdf")


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})

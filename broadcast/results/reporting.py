"""Gathers the counts of which the report of an alert consists."""

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.repository import acknowledgements, alerts, events
from broadcast.repository import report as counted
from broadcast.results import report
from broadcast.results.report import Report
from messaging.repository import handed, tallies


async def of_alert(
    connection: AsyncConnection, organisation_id: int, alert_id: int, *, hide_few: bool = False
) -> Report:
    """The report of an alert; raises NotFound. hide_few: small groups are not shown."""
    one = await alerts.get(connection, organisation_id, alert_id)
    sent = await events.of_alert(connection, organisation_id, alert_id)
    accounts = await counted.accounts(connection, organisation_id)
    parts = [
        report.of_event(
            event,
            await tallies.counts(connection, event.id),
            await handed.of_event(connection, event.id),
            accounts,
            hide_few=hide_few,
        )
        for event in sent
    ]
    answers = await acknowledgements.counts(connection, organisation_id, alert_id)
    replies = await counted.replies(connection, organisation_id, sent)
    shown = report.hidden_few(answers) if hide_few else answers
    return Report(alert_id, one.content.title, parts, shown, replies)

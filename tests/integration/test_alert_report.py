"""The report of an alert, counted by the database, as page, CSV and PDF."""

import csv
import io

from broadcast import steering
from broadcast.event import EventKind
from broadcast.results import reporting
from broadcast.results.missed import Reason
from broadcast.vocabulary import Severity
from console.alert_report import ReportWriter, as_csv
from console.report_pdf import as_pdf
from messaging.incoming import ChannelKind
from storage.clock import now
from tests.integration.broadcast_setting import police_zone


async def test_it_counts_people_by_channel_moment_and_reason(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        await zone.sender(ChannelKind.SMS)
        await zone.members(3)
        await zone.member((ChannelKind.SMS, "+32470000001"), language="fr")
        await zone.member((ChannelKind.TELEGRAM, "77"), consent=False)
        async with zone.dispatching():
            alert_id, event_id = await zone.sent(severity=Severity.MINOR)
            await zone.until(event_id, "sent")
            async with zone.database.write() as connection:
                texts = {"nl": "Alles is veilig."}
                follow = (zone.vault, zone.approver, alert_id, EventKind.FEEDBACK, texts, now())
                second = await steering.follow_up(connection, *follow)
            await zone.until(second, "sent")
        async with zone.database.read() as connection:
            found = await reporting.of_alert(connection, zone.id, alert_id)
        first, feedback = found.events
        assert (first.people, first.reached, first.by_channel) == (5, 4, {"sms": 1, "telegram": 3})
        assert {channel: sum(times) for channel, times in first.within.items()} == first.by_channel
        assert first.missed == {Reason.NO_CONSENT: 1}
        assert first.parts >= 1
        assert (feedback.people, feedback.reached) == (4, 4)

        sections = list(ReportWriter("nl").sections(found))
        rows = list(csv.DictReader(io.StringIO(as_csv(sections))))
        reached = [row["value"] for row in rows if row["figure"] == "Bereikt"]
        assert reached == ["4", "4"]
        times = list(dict.fromkeys(row["figure"] for row in rows if row["section"].startswith("Wanneer")))
        assert times[:3] == ["binnen 10 seconden", "10 seconden tot 30 seconden", "30 seconden tot 60 seconden"]
        written = as_pdf(found.title, "PZ Lindebeke", "nl", sections)
        assert written.startswith(b"%PDF-")
        assert b"/Lang (nl)" in written

"""Officers are told that somebody waits, again until one takes it."""

from datetime import timedelta
from pathlib import Path

from bots import handover
from bots.repository import notifications
from storage.clock import now
from tests.town import town


async def test_an_urgent_notice_that_could_not_be_sent_is_tried_again_though_an_officer_owns_the_conversation(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        officer = await lindebeke.officer()
        await lindebeke.reply_to("odeur de gaz")
        async with lindebeke.desk(officer) as desk:
            await handover.take_over(desk, 1)
        for _ in range(2):
            async with lindebeke.database.write() as connection:
                (due,) = await notifications.claim(connection, now(), 10)
                await notifications.retry_soon(connection, due.id, now())
            assert due.reason == "emergency"


async def test_an_urgent_notice_that_was_sent_is_not_repeated_to_an_officer_who_owns_the_conversation(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        officer = await lindebeke.officer()
        await lindebeke.reply_to("odeur de gaz")
        async with lindebeke.desk(officer) as desk:
            await handover.take_over(desk, 1)
        async with lindebeke.database.write() as connection:
            assert len(await notifications.claim(connection, now(), 10)) == 1
            assert await notifications.claim(connection, now() + timedelta(hours=1), 10) == []

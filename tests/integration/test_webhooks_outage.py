"""While the database is away: Telegram is asked to come again, Twilio's messages wait on disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from messaging.tables import inbox
from samenspraak.draining import drain
from samenspraak.migrations import upgrade
from tests.postgres import PostgresServer, postgres_server
from tests.town import AN_MOBILE, sms_form, telegram_message, town


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server that the tests may stop."""
    with postgres_server() as one:
        upgrade(one.create_database("town"))
        yield one


async def test_nothing_is_acknowledged_that_is_not_durable_and_nothing_is_lost(
    server: PostgresServer, tmp_path: Path
) -> None:
    async with town(server.url("town"), tmp_path / "spool") as lindebeke:
        update = {"update_id": 1, "message": telegram_message("papier")}
        forms = [sms_form(f"papier {number}") for number in range(5)]
        server.stop()
        assert (await lindebeke.post_telegram(update)).status_code == 503
        for form in (*forms, forms[0]):
            assert (await lindebeke.post_twilio(form)).status_code == 200
        waiting = b"".join(file.read_bytes() for file in (tmp_path / "spool").iterdir())
        assert b"papier" not in waiting
        assert AN_MOBILE.encode() not in waiting
        assert not await drain(lindebeke.spool, lindebeke.intake)
        server.start()
        await drain(lindebeke.spool, lindebeke.intake)
        await drain(lindebeke.spool, lindebeke.intake)
        assert (await lindebeke.post_telegram(update)).status_code == 200
        assert (await lindebeke.post_twilio(forms[3])).status_code == 200
        rows = await lindebeke.rows(inbox)
        assert [row.provider_id for row in rows] == [*(form["MessageSid"] for form in forms), "1"]
        assert list((tmp_path / "spool").iterdir()) == []
        await lindebeke.answer()
        await lindebeke.send()
        assert len(lindebeke.sent(AN_MOBILE)) == 5

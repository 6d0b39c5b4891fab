"""A provider that is away when `serve` starts holds nothing up, and is served once it is back."""

from pathlib import Path

import pytest

from messaging.delivery import DeliveryState
from messaging.tables import delivery
from tests.acceptance.running import eventually, installation

QUESTION = "Wanneer wordt het papier opgehaald?"


@pytest.mark.parametrize("with_public_url", [True, False], ids=["webhook", "polling"])
async def test_telegram_that_is_away_at_the_start_is_found_when_it_is_back(
    sqlite_url: str, tmp_path: Path, *, with_public_url: bool
) -> None:
    async with installation(tmp_path, sqlite_url, with_public_url=with_public_url) as (site, control):
        port = int(site.far_end.base_url.rpartition(":")[2])
        await site.far_end.stop()
        await site.serve()

        async def answered() -> bool:
            return [row.state for row in await site.rows(delivery)] == [DeliveryState.ACCEPTED]

        async def missed() -> bool:
            """Whether it was missed."""
            log = (site.home / "serve.log").read_text()
            return "Telegram did" in log or "Telegram does" in log

        await eventually(missed)
        await site.far_end.serve(port)
        await control.person("An", chat_id=4242, language_code="nl")
        await control.send("An", "telegram", QUESTION)
        await eventually(answered, seconds=60)
        assert (await site.get("/readyz")).status_code == 200

"""What an officer does on the page of an alert that was sent."""

import re
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, update

from messaging.tables import delivery
from tests.integration.console_setting import Setting, console_at


@pytest.fixture
async def setting(database_url: str) -> AsyncIterator[Setting]:
    async with console_at(database_url) as made:
        yield made


async def fail(setting: Setting, error: str) -> None:
    async with setting.database.write() as connection:
        queued = update(delivery).where(delivery.c.state == "queued")
        await connection.execute(queued.values(state="failed", error=error))


async def test_a_button_sends_it_again_to_those_who_were_not_reached(setting: Setting) -> None:
    approver, alert = await setting.sent()
    assert "opnieuw" not in (await approver.get(f"/alerts/{alert}")).text
    await fail(setting, "30008")
    page = (await approver.get(f"/alerts/{alert}")).text
    assert "Probeer 2 mensen opnieuw" in page
    retries = re.search(r'name="retries" value="(\d+)"', page)
    assert retries is not None
    for _ in range(2):
        answer = await approver.post(f"/alerts/{alert}/retry", retries=retries.group(1))
        assert answer.headers["location"] == f"/alerts/{alert}?done=retried"
    async with setting.database.read() as connection:
        waiting = select(delivery.c.step).where(delivery.c.state == "queued")
        assert list(await connection.scalars(waiting)) == [1, 1]
    assert "Probeer" not in (await approver.get(f"/alerts/{alert}")).text
    assert [line.action for line in await setting.audit()][:1] == ["alert_retry"]


async def test_whom_it_cannot_help_gets_no_button(setting: Setting) -> None:
    approver, alert = await setting.sent()
    await fail(setting, "21610")
    assert "Probeer" not in (await approver.get(f"/alerts/{alert}")).text

"""`samenspraak serve` answers residents on every channel, and ends in good order."""

import asyncio
import signal
from pathlib import Path

from messaging.delivery import DeliveryState
from messaging.tables import delivery, inbox
from simulator.client import SimulatorClient
from tests.acceptance.running import Installation, eventually, installation

QUESTION = "Wanneer wordt het papier opgehaald?"
AN = {"chat_id": 4242, "phone": "+32470123456", "language_code": "nl"}


async def answered(control: SimulatorClient, medium: str) -> str:
    """What An is answered when she asks over this medium."""
    await control.send("An", medium, QUESTION)
    entry = await control.until("accepted", channel=medium, wait=15)
    return entry["text"]


async def ended(site: Installation, how: signal.Signals) -> int:
    """The exit code of the last process, told to end so."""
    site.processes[-1].send_signal(how)
    return await asyncio.to_thread(site.processes[-1].wait, 30)


async def has_states(site: Installation, *states: DeliveryState) -> bool:
    """Whether the ledger's rows are in these states, in order."""
    return tuple(row.state for row in await site.rows(delivery)) == states


async def test_a_question_is_answered_over_telegram_sms_and_whatsapp_and_sigterm_ends_cleanly(
    database_url: str, tmp_path: Path
) -> None:
    async with installation(tmp_path, database_url, by_command=True) as (site, control):
        await control.person("An", **AN)
        await site.serve()
        for medium in ("telegram", "sms", "whatsapp"):
            assert "papier en karton" in await answered(control, medium)
        await control.until("status", channel="whatsapp", status="read")
        await site.settled()
        assert await ended(site, signal.SIGTERM) == 0
        assert [row.state for row in await site.rows(inbox)] == ["done"] * 3
        telegram, sms, whatsapp = [row.state for row in await site.rows(delivery)]
        assert telegram == DeliveryState.ACCEPTED
        assert {sms, whatsapp} <= {DeliveryState.DELIVERED, DeliveryState.READ}
        assert await control.violations() == []


async def test_without_a_public_address_telegram_is_polled(sqlite_url: str, tmp_path: Path) -> None:
    async with installation(tmp_path, sqlite_url, with_public_url=False) as (site, control):
        await control.person("An", **AN)
        await site.serve()
        assert "papier en karton" in await answered(control, "telegram")
        assert await ended(site, signal.SIGINT) == 0
        await control.send("An", "telegram", QUESTION)
        await site.serve()
        await eventually(lambda: has_states(site, DeliveryState.ACCEPTED, DeliveryState.ACCEPTED))
        assert await control.violations() == []


async def test_web_and_worker_run_as_two_processes(database_url: str, tmp_path: Path) -> None:
    async with installation(tmp_path, database_url) as (site, control):
        await control.person("An", **AN)
        await site.serve("--no-worker")
        site.run("worker")
        assert "papier en karton" in await answered(control, "telegram")
        assert await ended(site, signal.SIGTERM) == 0


async def test_a_second_worker_of_the_same_name_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    async with installation(tmp_path, sqlite_url) as (site, _):
        await site.serve()
        assert await asyncio.to_thread(site.run("worker").wait, 60) == 2
        assert "SAMENSPRAAK_WORKER" in site.log("worker")


async def test_sigterm_lets_a_message_that_is_leaving_be_written_down(sqlite_url: str, tmp_path: Path) -> None:
    async with installation(tmp_path, sqlite_url) as (site, control):
        await control.person("An", **AN)
        await site.serve()
        await control.settings(latency=1.0)
        await control.send("An", "telegram", QUESTION)
        await eventually(lambda: has_states(site, DeliveryState.SENDING))
        assert await ended(site, signal.SIGTERM) == 0
        assert await has_states(site, DeliveryState.ACCEPTED)

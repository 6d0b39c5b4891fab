"""The control API sets the scene and gives the record; the program runs by itself and needs nothing of ours."""

import asyncio
import json
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import simulator
from simulator.client import ControlError, SimulatorClient
from simulator.options import Options
from tests.contract.far_end import FarEnd, running
from tests.ports import free_port


@pytest.fixture
async def far_end() -> AsyncIterator[FarEnd]:
    async with running() as found:
        await found.control.person("Fatima", chat_id=1001, phone="+32470000001")
        yield found


async def test_the_log_goes_on_from_any_entry_and_waits_for_the_next(far_end: FarEnd) -> None:
    for text in ("een", "twee"):
        await far_end.control.send("Fatima", "telegram", text)
    assert [entry["text"] for entry in await far_end.control.log(1)] == ["twee"]
    waiting = asyncio.create_task(far_end.control.log(2, wait=10))
    await far_end.control.send("Fatima", "telegram", "drie")
    assert [(entry["n"], entry["text"]) for entry in await waiting] == [(3, "drie")]


async def test_the_clock_of_the_log_can_be_moved_forward(far_end: FarEnd) -> None:
    await far_end.control.send("Fatima", "telegram", "een")
    await far_end.control.advance(3600)
    await far_end.control.send("Fatima", "telegram", "twee")
    before, after = [datetime.fromisoformat(entry["at"]) for entry in await far_end.control.log()]
    assert timedelta(hours=1) <= after - before < timedelta(hours=2)


async def test_a_reset_forgets_everything(far_end: FarEnd) -> None:
    await far_end.control.send("Fatima", "telegram", "een")
    await far_end.control.reset()
    assert await far_end.control.log() == []
    with pytest.raises(ControlError, match="nobody is called Fatima"):
        await far_end.control.send("Fatima", "telegram", "twee")


@pytest.mark.parametrize(
    "order",
    [
        {"name": "Jef", "phone": "0470 00 00 01"},
        {"name": "Jef", "chat_id": -5},
        {"name": "Jef", "phone": "+32470000002", "media": ["telegram"]},
        {"name": "Jef", "telephone": "+32470000002"},
    ],
)
async def test_a_person_that_cannot_be_is_refused(far_end: FarEnd, order: dict[str, object]) -> None:
    with pytest.raises(ControlError, match="422"):
        await far_end.control._call("POST", "people", order)


async def test_who_lacks_a_channel_cannot_use_it(far_end: FarEnd) -> None:
    await far_end.control.person("Jef", chat_id=1002)
    with pytest.raises(ControlError, match="Jef has no sms"):
        await far_end.control.send("Jef", "sms", "Hallo")


async def test_the_log_is_also_a_file_of_json_lines(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    async with running(Options(log_file=file, any_chat=True)) as far_end, far_end.bot() as bot:
        await bot.send_message(1, "Hallo é")
        assert [json.loads(line) for line in file.read_text("utf-8").splitlines()] == await far_end.control.log()


async def test_without_log_messages_are_only_counted() -> None:
    async with running(Options(log_messages=False, any_chat=True)) as far_end, far_end.bot() as bot:
        await bot.send_message(1, "Hallo")
        assert await far_end.control.log() == []
        assert await far_end.control.counts() == {"telegram.accepted": 1}


async def test_only_the_last_entries_and_messages_are_kept() -> None:
    async with running(Options(keep=2, any_chat=True)) as far_end, far_end.bot() as bot:
        for n in range(5):
            await bot.send_message(n + 1, "Hallo")
        assert [entry["n"] for entry in await far_end.control.log()] == [4, 5]
        assert len(far_end.simulator.world.bots[bot.token].messages) == 2


async def test_the_program_serves_until_it_is_asked_to_end(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "simulator", "--port", str(port), "--log-file", str(tmp_path / "log.jsonl")]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=Path(simulator.__file__).parents[1], stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    assert str(port) in (await process.stdout.readline()).decode()
    async with SimulatorClient(f"http://127.0.0.1:{port}") as control:
        await control.person("Fatima", chat_id=1001)
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0


CHECK = """
import sys
from pathlib import Path
allowed = [Path(p).resolve() for p in (sys.argv[1], sys.prefix, sys.base_prefix)]
def audit(event, args):
    if event == "open" and isinstance(args[0], str) and not args[0].startswith(("/etc", "/proc", "/usr", "/dev")):
        assert any(Path(args[0]).resolve().is_relative_to(p) for p in allowed), args[0]
sys.addaudithook(audit)
sys.path.insert(0, sys.argv[1])
import simulator.__main__
from simulator.telegram_methods import read_call
from simulator.twilio_methods import read_create
assert read_call("sendMessage", {"chat_id": "1", "text": "a"}) == {"chat_id": 1, "text": "a"}
assert read_create({"To": "+32470000001", "From": "+32460000000", "Body": "a"}).body == "a"
ours = {"storage", "messaging", "people", "nlu", "bots", "broadcast", "participation", "console", "samenspraak"}
assert not ours & sys.modules.keys()
"""


async def test_it_needs_no_file_and_no_package_of_ours_besides_itself(tmp_path: Path) -> None:
    shutil.copytree(Path(simulator.__file__).parent, tmp_path / "simulator")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-c", CHECK, str(tmp_path), cwd=tmp_path, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()

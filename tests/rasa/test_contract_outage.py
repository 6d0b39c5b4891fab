"""A real server that dies, comes back, and takes a new model."""

import asyncio
import shutil

import pytest

from messaging.exchange import open_session
from nlu.breaker import FAILURES
from nlu.rasa_server import RasaInterpreter, RasaServer
from storage.errors import Unavailable
from tests.keywords import Keywords
from tests.rasa.running import TOKEN, RunningRasa

TEXT = "Wanneer wordt het papier opgehaald?"


async def test_a_killed_server_costs_no_answer_and_is_used_again_when_it_is_back(
    running: RunningRasa, caplog: pytest.LogCaptureFixture
) -> None:
    moment = 0.0
    async with open_session() as session:
        server = RasaServer(session, running.url, TOKEN, clock=lambda: moment)
        engine = RasaInterpreter(server, Keywords())
        under_way = [asyncio.create_task(engine.parse(TEXT)) for _ in range(50)]
        await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
        running.kill()
        found = await asyncio.gather(*under_way)
        assert {one.engine for one in found} == {"rasa", "keywords"}
        for _ in range(FAILURES):
            assert (await engine.parse(TEXT)).engine == "keywords"
        assert "cannot be reached" in (await server.incident() or "")
        assert "Incident" in caplog.text

        await asyncio.to_thread(running.start)
        moment += 60
        assert (await engine.parse(TEXT)).engine == "rasa"
        assert await server.incident() is None


async def test_a_new_model_is_taken_over_under_load_without_one_message_missed(
    running: RunningRasa, server: RasaServer
) -> None:
    other = running.model.with_name("other.tar.gz")
    shutil.copyfile(running.model, other)
    engine, engines, loading = RasaInterpreter(server, Keywords()), list[str](), asyncio.Event()

    async def write() -> None:
        while not loading.is_set():
            engines.append((await engine.parse(TEXT)).engine)

    writers = [asyncio.create_task(write()) for _ in range(4)]
    await server.load(other)
    loading.set()
    await asyncio.gather(*writers)
    assert await server.model() == other.name
    assert set(engines) == {"rasa"}
    assert len(engines) > len(writers)  # they were answered while it loaded, not after


async def test_a_model_that_is_not_there_is_refused_and_the_old_one_stays(
    running: RunningRasa, server: RasaServer
) -> None:
    before = await server.model()
    with pytest.raises(Unavailable):
        await server.load(running.model.with_name("nowhere.tar.gz"))
    assert await server.model() == before
    assert (await server.parse(TEXT)).probability

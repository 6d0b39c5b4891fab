"""One trained server for all contract tests."""

from collections.abc import AsyncIterator, Iterator

import pytest

from messaging.exchange import open_session
from nlu.rasa_server import RasaServer
from tests.rasa.running import TOKEN, RunningRasa, rasa_server


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRasa]:
    with rasa_server(tmp_path_factory.mktemp("rasa")) as server:
        yield server


@pytest.fixture
async def server(running: RunningRasa) -> AsyncIterator[RasaServer]:
    async with open_session() as session:
        yield RasaServer(session, running.url, TOKEN)

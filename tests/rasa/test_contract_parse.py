"""What a real Rasa server does with texts, good and odd, and what we make of it."""

import asyncio
import time

import httpx
import pytest

from messaging.exchange import open_session
from nlu.interpreter import OUT_OF_SCOPE
from nlu.normalise import ENCODER_CHARACTERS
from nlu.rasa_server import RasaInterpreter, RasaServer
from storage.errors import Unavailable
from tests.keywords import Keywords
from tests.rasa.running import TOKEN, TOPICS, RunningRasa


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Wanneer wordt het oud papier opgehaald in de Kerkstraat?", "waste_calendar"),
        ("Je dois renouveler mon passeport", "passport"),
        ("Wie lange hat die Bibliothek am Samstag offen?", "library"),
        ("How do I pay my parking fine?", "fine"),
    ],
)
async def test_rasa_finds_the_topic_in_each_language(server: RasaServer, text: str, topic: str) -> None:
    found = await RasaInterpreter(server, Keywords()).parse(text)
    assert (found.intent, found.engine) == (topic, "rasa")


@pytest.mark.parametrize(
    "text",
    ["\x00\x07", "<b>papier</b> & 'x'", "ignore all instructions", "Привет мир", "123", "a" * 100_000, "\ud800 papier"],
    ids=["control", "markup", "injection", "script", "digits", "long", "surrogate"],
)
async def test_odd_texts_are_answered(server: RasaServer, text: str) -> None:
    found = await RasaInterpreter(server, Keywords()).parse(text)
    assert found.intent in TOPICS
    assert found.engine == "rasa"


async def test_the_longest_text_that_we_send_takes_no_longer_than_we_wait(server: RasaServer) -> None:
    await server.parse("wo " * ENCODER_CHARACTERS)  # raises Unavailable if it does


async def test_emptiness_is_out_of_scope_and_never_sent_for_rasa_fails_on_it(
    running: RunningRasa, server: RasaServer
) -> None:
    own = await asyncio.to_thread(_ask, running, {"text": ""})
    assert own.status_code == httpx.codes.INTERNAL_SERVER_ERROR
    found = await RasaInterpreter(server, Keywords()).parse("  ")
    assert (found.intent, found.engine) == (OUT_OF_SCOPE, "rasa")


@pytest.mark.parametrize("body", [{}, {"text": None}, {"text": 5}])
def test_what_is_no_text_is_refused_and_the_server_lives_on(running: RunningRasa, body: dict[str, object]) -> None:
    assert _ask(running, body).is_error
    assert httpx.get(f"{running.url}/status", params={"token": TOKEN}).is_success


async def test_a_wrong_token_is_an_incident_that_says_what_to_set(running: RunningRasa) -> None:
    async with open_session() as session:
        stranger = RasaServer(session, running.url, "wrong")
        found = await RasaInterpreter(stranger, Keywords()).parse("papier")
        assert found.engine == "keywords"
        assert "SAMENSPRAAK_RASA_TOKEN" in (await stranger.incident() or "")
        with pytest.raises(Unavailable):
            await stranger.model()


def test_the_token_stands_on_no_command_line_and_texts_in_no_log(running: RunningRasa) -> None:
    _ask(running, {"text": "mijn geheim paspoort"})
    time.sleep(0.2)  # for the log to be written
    assert TOKEN not in running.command_line()
    assert "geheim" not in running.log.read_text()


def _ask(running: RunningRasa, body: dict[str, object]) -> httpx.Response:
    return httpx.post(f"{running.url}/model/parse", params={"token": TOKEN}, json=body, timeout=30)

"""The engine that a Rasa server makes, against a server of our own that behaves as badly as a test wants."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from messaging.exchange import open_session
from nlu.breaker import FAILURES, PAUSE_SECONDS
from nlu.interpreter import Candidate, Entity, Interpretation, Language
from nlu.normalise import ENCODER_CHARACTERS
from nlu.rasa_server import RasaInterpreter, RasaServer
from tests.ports import free_port

TOKEN = "very-secret-token"


@dataclass
class Rasa:
    """Answers /model/parse with `answer` and `status`, and remembers what it was asked."""

    url: str = ""
    status: int = 200
    answer: Any = field(default_factory=lambda: answering(fine=0.9, library=0.05))
    texts: list[str] = field(default_factory=list)

    async def parse(self, request: web.Request) -> web.Response:
        self.texts.append((await request.json())["text"])
        status = self.status if request.query.get("token") == TOKEN else 401
        return web.json_response(self.answer, status=status)

    async def model(self, _request: web.Request) -> web.Response:
        return web.json_response({"model_file": "rasa-1.tar.gz"}, status=self.status)


@dataclass
class Ours:
    """The embedded engine, which says what a test wants."""

    found: Interpretation = field(
        default_factory=lambda: Interpretation(
            "nl", 1.0, "waste_bags", 0.6, (Candidate("waste_bags", 0.6),), (), None, True, "embedded"
        )
    )

    async def parse(self, text: str, seed: Language | None = None) -> Interpretation:  # noqa: ARG002
        return self.found


@dataclass
class Setting:
    rasa: Rasa
    ours: Ours
    server: RasaServer
    engine: RasaInterpreter
    moment: list[float]

    async def parse(self, text: str = "hoeveel is de boete") -> Interpretation:
        return await self.engine.parse(text)


def answering(entities: tuple[dict[str, Any], ...] = (), **ranking: float) -> dict[str, Any]:
    return {
        "text": "hoeveel is de boete",
        "entities": list(entities),
        "intent_ranking": [{"name": name, "confidence": confidence} for name, confidence in ranking.items()],
    }


@pytest.fixture
async def setting() -> AsyncIterator[Setting]:
    rasa, ours, moment, port = Rasa(), Ours(), [0.0], free_port()
    rasa.url = f"http://127.0.0.1:{port}"
    app = web.Application()
    app.add_routes([web.post("/model/parse", rasa.parse), web.get("/status", rasa.model)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    async with open_session() as session:
        server = RasaServer(session, rasa.url, TOKEN, clock=lambda: moment[0])
        yield Setting(rasa, ours, server, RasaInterpreter(server, ours), moment)
    await runner.cleanup()


async def test_the_topic_is_rasas_and_the_engine_says_so(setting: Setting) -> None:
    found = await setting.parse()
    assert (found.intent, found.confidence, found.engine, found.language) == ("fine", 0.9, "rasa", "nl")


async def test_a_message_that_outweighs_every_topic_is_out_of_scope(setting: Setting) -> None:
    setting.rasa.answer = answering(out_of_scope=0.6, fine=0.3)
    assert (await setting.parse()).intent == "out_of_scope"


async def test_our_own_safety_layer_wins_over_rasas_topic(setting: Setting) -> None:
    setting.ours.found = Interpretation("nl", 1.0, "emergency", 1.0, (), (), "emergency", False, "embedded")
    found = await setting.parse()
    assert (found.intent, found.safety, found.engine) == ("emergency", "emergency", "rasa")


async def test_what_our_layer_suspects_stands_beside_rasas_topic_but_not_beside_an_alarm(setting: Setting) -> None:
    suspecting = Interpretation("nl", 1.0, "fine", 1.0, (), (), None, False, "embedded", "emergency")
    setting.ours.found = suspecting
    assert (await setting.parse()).suspected == "emergency"
    setting.rasa.answer = answering(self_harm=0.95)
    assert (await setting.parse()).suspected is None


async def test_a_danger_of_which_rasa_is_sure_raises_the_alarm_too(setting: Setting) -> None:
    setting.rasa.answer = answering(self_harm=0.95)
    assert (await setting.parse()).safety == "self_harm"


async def test_names_that_only_rasa_saw_are_added_and_ours_stand(setting: Setting) -> None:
    ours = Entity("amount", "5.00", "hoeveel", 0, 7)
    setting.ours.found = Interpretation("nl", 1.0, "fine", 1.0, (), (ours,), None, False, "embedded")
    setting.rasa.answer = answering(
        (
            {"entity": "service", "start": 0, "end": 7, "value": "overlaps ours", "confidence_entity": 0.9},
            {"entity": "document", "start": 14, "end": 19, "value": "fine", "confidence_entity": 0.9},
            {"entity": "date", "start": 8, "end": 10, "value": "no normal form", "confidence_entity": 0.9},
        ),
        fine=0.9,
    )
    assert (await setting.parse()).entities == (ours, Entity("document", "fine", "boete", 14, 19))


async def test_no_words_are_never_sent_for_rasa_finds_a_topic_in_them(setting: Setting) -> None:
    found = await setting.parse(" \n🙂🙂 ")
    assert (found.intent, setting.rasa.texts) == ("out_of_scope", [])


async def test_a_text_is_cut_before_it_is_sent_and_holds_nothing_that_cannot_be_written(setting: Setting) -> None:
    await setting.parse("boete \ud800 " + "a" * 100_000)
    (sent,) = setting.rasa.texts
    assert sent.startswith("boete ? aaa")
    assert len(sent) == ENCODER_CHARACTERS


@pytest.mark.parametrize("status", [400, 401, 404, 500, 503])
async def test_a_failing_server_is_asked_twice_and_then_the_embedded_engine_answers(
    setting: Setting, status: int
) -> None:
    setting.rasa.status = status
    found = await setting.parse()
    assert (found, len(setting.rasa.texts)) == (setting.ours.found, 2)


@pytest.mark.parametrize(
    "answer", [[], {}, {"intent_ranking": [{"name": 1}]}, {"text": "", "intent_ranking": []}, answering(unheard_of=1.0)]
)
async def test_an_answer_that_is_none_counts_as_no_answer(setting: Setting, answer: object) -> None:
    setting.rasa.answer = answer
    assert (await setting.parse()).engine == "embedded"


async def test_a_dead_server_is_left_alone_which_is_an_incident_until_it_answers_again(
    setting: Setting, caplog: pytest.LogCaptureFixture
) -> None:
    setting.rasa.status = 503
    for _ in range(FAILURES + 5):
        await setting.parse()
    assert len(setting.rasa.texts) == 2 * FAILURES
    assert [record.levelname for record in caplog.records if "Incident" in record.message] == ["ERROR"]
    assert "answered 503" in (await setting.server.incident() or "")
    setting.rasa.status = 200
    setting.moment[0] += PAUSE_SECONDS
    assert (await setting.parse()).engine == "rasa"
    assert await setting.server.incident() is None


async def test_a_server_that_fell_silent_is_an_incident_before_any_message_came(setting: Setting) -> None:
    assert await setting.server.incident() is None
    setting.rasa.status = 500
    assert "answered 500" in (await setting.server.incident() or "")


async def test_the_token_stands_in_no_log_and_no_incident(setting: Setting, caplog: pytest.LogCaptureFixture) -> None:
    async with open_session() as session:
        nobody = RasaServer(session, f"http://127.0.0.1:{free_port()}", TOKEN)
        await asyncio.gather(*(RasaInterpreter(nobody, setting.ours).parse("boete") for _ in range(FAILURES)))
        incident = await nobody.incident()
    assert "cannot be reached" in (incident or "")
    assert TOKEN not in caplog.text + json.dumps(incident)

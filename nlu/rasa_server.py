"""Client of a Rasa server, and the engine that it makes: Rasa finds the topic, the rest is ours.

Safety, language and entities come from the embedded engine, which reads every message beside Rasa: they are the
same whichever engine is chosen, and where Rasa fails the answer is there already.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import aiohttp

from nlu.breaker import Breaker, State
from nlu.decision import decide
from nlu.interpreter import Entity, Interpretation, Interpreter, Language
from nlu.model import Thresholds
from nlu.normalise import ENCODER_CHARACTERS, tidy, words
from nlu.topics import SAFETY_TOPICS, topic_names
from storage.errors import Unavailable

_log = logging.getLogger(__name__)

PARSE_SECONDS: Final = 3.0
_STATUS_SECONDS: Final = 2.0
_LOAD_SECONDS: Final = 300.0
_ATTEMPTS: Final = 2

_THRESHOLDS: Final = Thresholds(reject=0.5, clear=0.2, alarm=0.0, suspect=0.0)
"""Lines of our own over Rasa's ranking (its fallback has a fixed confidence): a message is rejected where "out of
scope" outweighs the best topic. `alarm` and `suspect` are not used: see _ALARM."""

_ALARM: Final = 0.8
"""From this confidence on in a danger Rasa alone raises the alarm, beside our own layer."""

_ADDED_KINDS: Final = frozenset({"document", "place", "service", "waste_type"})
"""What Rasa may add to the entities: names. Days, streets and numbers have a normal form that only we give."""

_SURE: Final = 0.8


@dataclass(frozen=True, slots=True)
class Found:
    """What Rasa says of one text: a confidence per topic, and what it names."""

    probability: dict[str, float]
    entities: tuple[Entity, ...]


class RasaServer:
    """One Rasa server, with the breaker that leaves it alone while it does not answer.

    url: without a slash at the end. Every method raises Unavailable, which never holds the token.
    """

    def __init__(
        self, session: aiohttp.ClientSession, url: str, token: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._session = session
        self._url = url
        self._token = token
        self._clock = clock
        self._breaker = Breaker()
        self._why = ""

    async def parse(self, text: str) -> Found:
        """Let Rasa find topic and names; a second time where the first failed."""
        asked = self._breaker.ask(self._clock())
        if asked is None:
            raise Unavailable(self._why)
        self._breaker = asked
        try:
            answer = await self._twice({"text": _sendable(text)})
            found = _read(answer)
        except Unavailable as error:
            self._note(self._breaker.failed(self._clock()), str(error))
            raise
        self._note(self._breaker.succeeded(), "")
        return found

    async def incident(self) -> str | None:
        """What is wrong now, for /readyz and the doctor; None: Rasa answers."""
        if self._breaker.state is not State.CLOSED:
            return self._why
        try:
            await self.model()
        except Unavailable as error:
            return str(error)
        return None

    async def model(self, seconds: float = _STATUS_SECONDS) -> str:
        """The file of the model that is served."""
        status = await self._request("GET", "/status", None, seconds)
        return str(status.get("model_file") or status.get("model_id"))

    async def load(self, model: Path) -> None:
        """Have Rasa serve another model, a file that it can read; it answers with the old one until then."""
        await self._request("PUT", "/model", {"model_file": str(model)}, _LOAD_SECONDS)
        served = await self.model(_LOAD_SECONDS)  # it may have messages to catch up with
        if Path(served).name != model.name:
            raise Unavailable(f"Rasa was given {model.name} but serves {Path(served).name}")

    async def _twice(self, body: dict[str, Any]) -> dict[str, Any]:
        for _ in range(_ATTEMPTS - 1):
            try:
                return await self._request("POST", "/model/parse", body, PARSE_SECONDS)
            except Unavailable as error:
                _log.warning("%s; asking again", error)
        return await self._request("POST", "/model/parse", body, PARSE_SECONDS)

    async def _request(self, method: str, path: str, body: dict[str, Any] | None, seconds: float) -> dict[str, Any]:
        outcome = await self._attempt(method, path, body, seconds)
        # Raised outside the except clause: aiohttp's errors hold the address, and so the token.
        if isinstance(outcome, str):
            raise Unavailable(f"Rasa at {self._url} {outcome}")
        return outcome

    async def _attempt(
        self, method: str, path: str, body: dict[str, Any] | None, seconds: float
    ) -> dict[str, Any] | str:
        limit = aiohttp.ClientTimeout(total=seconds)
        url, token = f"{self._url}{path}", {"token": self._token}
        try:
            async with self._session.request(method, url, params=token, json=body, timeout=limit) as answer:
                if answer.status == HTTPStatus.UNAUTHORIZED:
                    return "does not accept our token: set SAMENSPRAAK_RASA_TOKEN to the one that it was started with"
                if answer.status == HTTPStatus.NO_CONTENT:
                    return {}
                if answer.status != HTTPStatus.OK:
                    return f"answered {answer.status}"
                document = await answer.json()
                return document if isinstance(document, dict) else "answered what is no object"
        except TimeoutError:
            return f"did not answer within {seconds:.0f} s"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return f"cannot be reached ({type(error).__name__})"

    def _note(self, after: Breaker, why: str) -> None:
        """Keep the breaker's new state; opening and closing are told, once each."""
        before, self._breaker, self._why = self._breaker, after, why
        if after.state is State.OPEN and before.state is not State.OPEN:
            _log.error("Incident: %s. The embedded engine answers until Rasa does again", why)
        elif after.state is State.CLOSED and before.state is not State.CLOSED:
            _log.warning("Rasa answers again")


class RasaInterpreter:
    """Understands messages by a Rasa server, by the embedded engine where that fails."""

    engine = "rasa"

    def __init__(self, server: RasaServer, embedded: Interpreter) -> None:
        self._server = server
        self._embedded = embedded

    async def parse(self, text: str, seed: Language | None = None) -> Interpretation:
        """Understand `text`; raises on no text."""
        ours, found = await asyncio.gather(self._embedded.parse(text, seed), self._ask(text))
        if found is None:
            return ours
        safety = ours.safety or _danger(found.probability)
        decision = decide(found.probability, _THRESHOLDS, safety)
        return replace(
            ours,
            intent=decision.ranking[0].intent,
            confidence=decision.ranking[0].confidence,
            ranking=decision.ranking,
            entities=_together(ours.entities, found.entities),
            safety=decision.safety,
            suspected=None if decision.safety else ours.suspected,
            ambiguous=decision.ambiguous,
            engine=self.engine,
        )

    async def _ask(self, text: str) -> Found | None:
        """None: the embedded engine's word stands."""
        if not words(tidy(text)):
            return Found({}, ())  # Rasa finds a topic even in no words
        try:
            return await self._server.parse(text)
        except Unavailable as error:
            _log.warning("A message is understood by the embedded engine: %s", error)
            return None


def _sendable(text: str) -> str:
    """Cut first (Rasa's time grows with the text); lone surrogates, on which it fails, become question marks."""
    return text[:ENCODER_CHARACTERS].encode("utf-8", "replace").decode()


def _read(answer: dict[str, Any]) -> Found:
    """What we use of Rasa's answer; raises Unavailable when it is none."""
    try:
        ranking = {str(one["name"]): float(one["confidence"]) for one in answer["intent_ranking"]}
        entities = tuple(_entity(answer["text"], one) for one in answer.get("entities", ()) if _named(one))
    except (KeyError, TypeError, ValueError) as error:
        raise Unavailable(f"Rasa's answer cannot be read ({type(error).__name__})") from error
    known = {name: confidence for name, confidence in ranking.items() if name in topic_names()}
    if not known:
        raise Unavailable("Rasa knows none of our topics: is its model trained on our sentences?")
    return Found(known, entities)


def _named(entity: dict[str, Any]) -> bool:
    return entity["entity"] in _ADDED_KINDS and entity.get("confidence_entity", 0) >= _SURE


def _entity(text: str, entity: dict[str, Any]) -> Entity:
    start, end = int(entity["start"]), int(entity["end"])
    return Entity(entity["entity"], str(entity["value"]), text[start:end], start, end)


def _danger(probability: dict[str, float]) -> str | None:
    return next((kind for kind in SAFETY_TOPICS if probability.get(kind, 0) >= _ALARM), None)


def _together(ours: tuple[Entity, ...], theirs: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """Ours, and what only Rasa saw."""
    added = [one for one in theirs if all(one.end <= other.start or one.start >= other.end for other in ours)]
    return tuple(sorted((*ours, *added), key=lambda entity: entity.start))

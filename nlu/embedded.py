"""The default engine: runs in our own process, trained from the Rasa files, needs no server."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Final, Literal

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from nlu import model as models
from nlu.decision import decide
from nlu.encoder import Encoder, Progress, all_encoders, encode_cached, light_encoders, quiet
from nlu.entities import Gazetteer, find_entities
from nlu.files import give_back_memory
from nlu.interpreter import Interpretation, Language
from nlu.language import detect
from nlu.model import Judgement, Model
from nlu.normalise import ENCODER_CHARACTERS, tidy, words
from nlu.safety import assess, likeliest, parts_with_signs, sign_in, within_whole
from nlu.spelling import Spelling
from nlu.streets import Street
from nlu.training_data import TRAINING_FOLDER, read_training_data
from people.organisation import BRUSSELS
from storage.clock import now

_MENDED_CHARACTERS: Final = 160
"""In a longer text the other words make up for a misspelt one, and reading it twice takes too long."""

_FORMAT: Final = "17"
"""Raise it when the same sentences would give another model: caches of older code are then not used."""


Size = Literal["best", "full", "light"]
"""`full`: every sentence encoder that this machine can run; `light`: one; `best`: full where it is trained already,
else light: training with all takes minutes, which a first start should not."""


def today_in_brussels() -> date:
    """From which residents reckon "tomorrow", wherever the server stands."""
    return now().astimezone(BRUSSELS).date()


class EmbeddedInterpreter:
    """Understands messages with a trained model; the work runs in one thread of its own."""

    engine = "embedded"

    def __init__(
        self,
        model: Model,
        encoders: Sequence[Encoder],
        gazetteer: Gazetteer,
        today: Callable[[], date] = today_in_brussels,
    ) -> None:
        self._model = model
        self._encoders = tuple(encoders)
        self._gazetteer = gazetteer
        self._today = today
        self._spelling = {language: Spelling(known) for language, known in model.frequencies.items()}
        # The matrices are small. A second thread of the linear algebra's spins for ever and wins nothing: with it a
        # reply took ten times as long under load.
        threadpool_limits(limits=1, user_api="blas")
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="nlu")

    async def parse(self, text: str, seed: Language | None = None) -> Interpretation:
        """Understand `text`; raises on no text."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self.understand, text, seed)

    def understand(self, text: str, seed: Language | None = None) -> Interpretation:
        """What `parse` does, in the calling thread."""
        language, certainty = detect(text, seed)
        found, sign = self._judge(text, language)
        lines = self._model.thresholds
        risk = within_whole(found.risk, self._risk_of_parts(text))
        decision = decide(found.probability, lines, assess(text, sign, risk, lines.alarm))
        return Interpretation(
            language=language,
            language_confidence=certainty,
            intent=decision.ranking[0].intent,
            confidence=decision.ranking[0].confidence,
            ranking=decision.ranking,
            entities=find_entities(text[:ENCODER_CHARACTERS], self._today(), self._gazetteer, language),
            safety=decision.safety,
            ambiguous=decision.ambiguous,
            engine=self.engine,
            suspected=None if decision.safety else likeliest(risk, lines.suspect),
        )

    def close(self) -> None:
        """Stop the thread; a message that is being understood is finished first."""
        self._thread.shutdown()

    def _risk_of_parts(self, text: str) -> list[Mapping[str, float]]:
        """The risk of each part of a text that holds signs, which may be in another language than the whole."""
        if len(text) > ENCODER_CHARACTERS:  # nobody but the signs has read all of it
            return []
        return [self._judge(part, detect(part)[0])[0].risk for part in parts_with_signs(text)]

    def _judge(self, text: str, language: Language) -> tuple[Judgement, str | None]:
        """What the classifiers say of a text, and the danger of which its signs tell."""
        plain, spelling = tidy(text), self._spelling[language]
        snapped, mended = spelling.snap(plain), spelling.mend(plain)
        sign = sign_in(text, snapped)
        if not words(plain):
            return Judgement({}, {}), sign
        readings = [plain] if mended == plain or len(plain) > _MENDED_CHARACTERS else [plain, mended]
        return self._model.judge(snapped, [encoder.encode(readings) for encoder in self._encoders], sign), sign


def train(
    folder: Path,
    cache: Path,
    progress: Progress = quiet,
    streets: Sequence[Street] = (),
    today: Callable[[], date] = today_in_brussels,
    *,
    size: Size = "best",
) -> EmbeddedInterpreter:
    """Give the engine for the sentences in `folder`: from `cache` when they have not changed, else trained.

    Raises InvalidInput, naming file and line, when the sentences cannot be used.
    """
    with ThreadPoolExecutor(1) as beside:
        beside.submit(detect, "")  # reads the identifier's tables now, not while a resident waits
        encoders = _encoders(folder, cache, size)
    path = model_path(folder, cache, encoders)
    model = models.load(path)
    if model is None:
        model = _train(folder, cache, encoders, progress)
        models.save(model, path)
        _forget_older(path)
    engine = EmbeddedInterpreter(model, encoders, Gazetteer.build(model.names, streets), today)
    give_back_memory()
    return engine


def load(
    cache: Path, streets: Sequence[Street] = (), today: Callable[[], date] = today_in_brussels, size: Size = "best"
) -> EmbeddedInterpreter:
    """The engine for the sentences that ship with the package, trained at the first start."""
    return train(TRAINING_FOLDER, cache, streets=streets, today=today, size=size)


def content_hash(folder: Path, *encoders: Encoder) -> str:
    """A name for exactly these training files, these encoders and this form of model."""
    names = " ".join([_FORMAT, *(encoder.name for encoder in encoders)])
    digest = hashlib.blake2b(names.encode(), digest_size=16)
    for path in sorted(folder.glob("*/*.yml")):
        digest.update(f"\0{path.relative_to(folder).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def model_path(folder: Path, cache: Path, encoders: Sequence[Encoder]) -> Path:
    """Where the model that these encoders make of these training files is kept."""
    return cache / f"model-{len(encoders)}-{content_hash(folder, *encoders)}.npz"


def _encoders(folder: Path, cache: Path, size: Size) -> tuple[Encoder, ...]:
    if size == "light":
        return light_encoders()
    encoders = all_encoders()
    return encoders if size == "full" or model_path(folder, cache, encoders).exists() else encoders[:1]


def _train(folder: Path, cache: Path, encoders: Sequence[Encoder], progress: Progress) -> Model:
    # Only here: a server that starts from its cache does without 80 MB of scikit-learn.
    from nlu.fitting import fit  # noqa: PLC0415

    data = read_training_data(folder)
    texts = [tidy(example.text) for example in data.examples]
    vectors = [encode_cached(encoder, texts, cache, progress) for encoder in encoders]
    return fit(data, vectors, progress)


def _forget_older(current: Path) -> None:
    """Take away models of as many encoders for sentences that are no more."""
    for other in current.parent.glob(f"{current.name[: len('model-1-')]}*.npz"):
        if other != current:
            other.unlink(missing_ok=True)

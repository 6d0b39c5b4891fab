"""The file of a backup: a tar of what it is (`manifest.json`) and the database's own copy (`database`)."""

import io
import json
import os
import shutil
import tarfile
from dataclasses import asdict, dataclass
from pathlib import Path

from storage.errors import InvalidInput

FORMAT = 1
_MANIFEST, _DATABASE = "manifest.json", "database"
_LARGEST_MANIFEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup is. database: sqlite or postgresql. schema: the number of the last migration.

    keys: the ids of the secret keys that sealed what is in it; made_at: ISO 8601.
    """

    database: str
    schema: str
    keys: tuple[str, ...]
    made_at: str
    format: int = FORMAT


def pack(path: Path, manifest: Manifest, copy: Path) -> None:
    """Write a backup that only its owner can read, whole or not at all."""
    half = path.with_name(f".{path.name}.half")
    half.unlink(missing_ok=True)
    told = json.dumps(asdict(manifest), indent=1).encode()
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w") as tar:
                entry = tarfile.TarInfo(_MANIFEST)
                entry.size = len(told)
                tar.addfile(entry, io.BytesIO(told))
                tar.add(copy, _DATABASE)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def look(path: Path) -> Manifest:
    """What a backup says of itself; raises InvalidInput when it is none, or one of a later version."""
    try:
        with tarfile.open(path) as tar:
            entry = tar.extractfile(_MANIFEST)
            told = json.loads(entry.read(_LARGEST_MANIFEST) if entry else b"")
            tar.getmember(_DATABASE)
        if told["format"] > FORMAT:
            raise InvalidInput(f"{path} was made by a later version: upgrade first")
        return Manifest(told["database"], told["schema"], tuple(told["keys"]), told["made_at"])
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise InvalidInput(f"{path} is no backup of Samenspraak, or cannot be read") from error


def unpack(path: Path, copy: Path) -> None:
    """Write the database's copy out of a backup; raises InvalidInput when the backup is cut short."""
    try:
        with tarfile.open(path) as tar, copy.open("wb") as file:
            source = tar.extractfile(_DATABASE)
            if source is None:
                raise InvalidInput(f"{path} holds no database")
            shutil.copyfileobj(source, file)
    except (OSError, tarfile.TarError) as error:
        raise InvalidInput(f"{path} is damaged: {type(error).__name__}") from error

"""Makes Rasa's own environment: `python -m nlu.rasa_environment FOLDER REQUIREMENTS`.

Rasa 3.6 needs Python 3.10 and libraries of that time, so it never shares an environment with us.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_VERSION: Final = "3.10"

MISSING: Final = f"""\
Rasa needs Python {_VERSION}. Looked for python{_VERSION} on PATH, in pyenv, and by uv, which could not fetch it.
With pyenv: pyenv install {_VERSION}
With uv: uv python install {_VERSION}
On Debian and Ubuntu it may be a package: apt-get install python{_VERSION}-venv"""


def find_python() -> str:
    """A Python 3.10; FileNotFoundError says how to get one. Fetches it by uv where the machine has none."""
    for candidate in _candidates():
        if _runs(candidate):
            return candidate
    raise FileNotFoundError(MISSING)


def make(folder: Path, requirements: Path) -> None:
    """Install `requirements`, every file checked by its hash, into an environment in `folder`."""
    uv, python = _uv(), find_python()
    own = str(folder / "bin" / "python")
    for command in (
        [uv, "venv", "--quiet", "--allow-existing", "--python", python, str(folder)],
        [uv, "pip", "install", "--python", own, "--require-hashes", "-r", str(requirements)],
    ):
        subprocess.run(command, check=True)  # noqa: S603 - our own words


def _candidates() -> Iterator[str]:
    """From near to far; each is only asked for when those before it do not run."""
    yield f"python{_VERSION}"
    yield from _of_pyenv()
    for step in ("find", "install", "find"):
        yield _said([_uv(), "python", step, "--quiet", _VERSION]).strip()


def _of_pyenv() -> Iterator[str]:
    """What pyenv has installed, also where it is not switched on: its python3.10 on PATH then only complains."""
    if shutil.which("pyenv") is None:
        return
    for version in re.findall(rf"^{re.escape(_VERSION)}\.\d+$", _said(["pyenv", "versions", "--bare"]), re.MULTILINE):
        yield str(Path(_said(["pyenv", "prefix", version]).strip(), "bin", "python"))


def _runs(python: str) -> bool:
    if not python:
        return False
    return _said([python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]).strip() == _VERSION


def _said(command: list[str]) -> str:
    """What a command prints, nothing when it fails or is not there."""
    try:
        done = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - our own words
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout


def _uv() -> str:
    """The one beside our own Python, as `make setup` installs it, else the machine's."""
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else "uv"


if __name__ == "__main__":
    try:
        make(Path(sys.argv[1]), Path(sys.argv[2]))
    except FileNotFoundError as missing:
        sys.exit(str(missing))

"""Our wheel, installed as a municipality would: outside the checkout, with nothing but what it asks for."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[2]


def build_wheel(folder: Path) -> Path:
    """Builds the wheel from the checkout with the locked build tools."""
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, folder: Path) -> Path:
    """Installs the wheel in a new environment and returns that environment's `samenspraak` command.

    Downloading every requirement again would take minutes and need a network. Linking exactly those that
    requirements.txt names is as strict: neither the checkout nor a tool of development can be imported.
    """
    _run(sys.executable, "-m", "venv", "--without-pip", folder)
    (packages,) = folder.glob("lib/python3*/site-packages")
    for entry in required_files():
        if not (packages / entry.name).exists():
            (packages / entry.name).symlink_to(entry)
    pip = (sys.executable, "-m", "pip", "--python", folder / "bin/python", "--disable-pip-version-check")
    _run(*pip, "install", "--no-deps", "--no-index", wheel)
    return folder / "bin/samenspraak"


def required_files() -> Iterator[Path]:
    """What the distributions in requirements.txt put into our own environment's site-packages."""
    for name in re.findall(r"^([\w.-]+)==", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE):
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue  # asked for on another platform or Python only
        for top in {file.parts[0] for file in found.files or () if file.parts[0] not in {"..", "__pycache__"}}:
            yield Path(str(found.locate_file(top)))


def bare_environment(**settings: str) -> dict[str, str]:
    """The environment variables of a process that knows nothing of the checkout."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return kept | {"PYTHONNOUSERSITE": "1"} | settings


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command} failed:\n{done.stdout}")

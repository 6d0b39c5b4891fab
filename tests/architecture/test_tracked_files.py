"""What may be in git: our own work, that works on any machine."""

import json
import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, tracked_files

# Written in pieces, so that this file passes its own test.
REGISTRIES = [
    ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
]
LOCKS = sorted(ROOT.glob("requirements*.txt"))


MACHINE = r"(?<![\w.-])/(root|work|home/\w+|Users/\w+)/"


def matching(pattern: str) -> list[str]:
    expression = re.compile(pattern)
    files = tracked_files()
    return [
        str(file.relative_to(ROOT)) for file in files if expression.search(file.read_text("utf-8", errors="replace"))
    ]


def test_no_file_of_somebody_else_is_copied_in() -> None:
    foreign = [
        file
        for file in tracked_files()
        if file.name.endswith((".min.js", ".min.css", ".map", ".woff", ".woff2", ".whl"))
        or {"node_modules", "vendor", "site-packages"} & set(file.parts[len(ROOT.parts) :])
    ]
    assert not foreign


def test_no_registry_is_named() -> None:
    assert matching("|".join(map(re.escape, REGISTRIES))) == []


def test_no_folder_of_one_machine_is_named() -> None:
    assert matching(MACHINE) == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_requirements_are_pinned_by_hash_and_name_no_address(lock: Path) -> None:
    text = lock.read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip()]
    assert lines
    assert [line for line in lines if "--hash=sha256:" not in line or "==" not in line.split(" ")[0]] == []
    assert "://" not in text
    assert "--index" not in text


def test_front_end_packages_are_pinned_by_hash_and_name_no_address() -> None:
    text = (ROOT / "console/package-lock.json").read_text("utf-8")
    packages = {name: package for name, package in json.loads(text)["packages"].items() if name}
    assert packages
    assert [name for name, package in packages.items() if not package["integrity"].startswith("sha512-")] == []
    assert "resolved" not in text
    assert "://" not in text

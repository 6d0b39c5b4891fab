"""Our source as the architecture tests look at it: modules, what they import, what they call."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from samenspraak.names import PACKAGES

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Import:
    module: str  # dotted; for a relative import without its dots
    name: str | None  # what is taken from it: None for `import module`
    line: int

    @property
    def library(self) -> str:
        """The top-level package that the import reaches."""
        return self.module.split(".")[0]


@dataclass(frozen=True, slots=True)
class Module:
    path: PurePosixPath  # below the checkout
    tree: ast.Module

    def imports(self) -> Iterator[Import]:
        """All imports, also those inside functions."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (Import(alias.name, None, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield from (Import(node.module or "", alias.name, node.lineno) for alias in node.names)

    def attributes(self) -> Iterator[ast.Attribute]:
        """All expressions of the form `something.name`."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Attribute))

    def calls(self) -> Iterator[ast.Call]:
        """All calls."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def lies_in(self, *places: str) -> bool:
        """Whether the module is one of these files, or below one of these folders (which end in a slash)."""
        return any(
            str(self.path).startswith(place) if place.endswith("/") else str(self.path) == place for place in places
        )


def modules() -> list[Module]:
    """Every module of the wheel."""
    files = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
    return [
        Module(PurePosixPath(file.relative_to(ROOT)), ast.parse(file.read_text("utf-8"), file))
        for file in files
        if "node_modules" not in file.parts
    ]


def tracked_files() -> list[Path]:
    """Every file in git that is still there."""
    # Continuous integration may run as another user than the one who owns the checkout.
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]

"""What we import we ask for ourselves, and do not get by chance through somebody else."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from samenspraak.names import PACKAGES
from tests.architecture.source import ROOT, modules

RASA_PROJECT = "nlu/training/"
"""Runs in Rasa's environment, with Rasa's libraries."""


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {normalised(re.split(r"[\[<>=!~; ]", line)[0]) for line in project["dependencies"]}


def test_every_imported_library_is_a_declared_dependency() -> None:
    asked_for = declared()
    owners = packages_distributions()
    ours = [module for module in modules() if not module.lies_in(RASA_PROJECT)]
    libraries = {found.library for module in ours for found in module.imports()} - sys.stdlib_module_names
    strays = {
        library
        for library in libraries - set(PACKAGES)
        if not asked_for & {normalised(owner) for owner in owners.get(library, ())}
    }
    assert not strays

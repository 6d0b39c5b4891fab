"""A new package cannot escape the wheel, the type checker or the layers."""

import tomllib

from samenspraak.names import PACKAGES
from tests.architecture.source import ROOT

TOOL = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]


def test_every_package_in_the_checkout_is_known() -> None:
    assert sorted(folder.parent.name for folder in ROOT.glob("*/__init__.py")) == list(PACKAGES)


def test_every_package_is_in_the_wheel() -> None:
    assert TOOL["hatch"]["build"]["targets"]["wheel"]["packages"] == list(PACKAGES)


def test_every_package_is_type_checked_strictly() -> None:
    assert TOOL["mypy"]["strict"]
    assert set(PACKAGES) <= set(TOOL["mypy"]["files"])


def test_import_linter_sees_every_package_and_gives_it_a_layer() -> None:
    importlinter = TOOL["importlinter"]
    layers = importlinter["contracts"][0]["layers"]
    assert importlinter["root_packages"] == list(PACKAGES)
    assert {name for layer in layers for name in layer.split(" | ")} | {"simulator"} == set(PACKAGES)

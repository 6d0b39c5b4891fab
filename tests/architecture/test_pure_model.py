"""The model knows no database, web framework, HTTP client or SDK: it can be read, tested and trusted by itself."""

import sys

import pytest

from samenspraak.names import PACKAGES
from tests.architecture.source import Import, Module, modules

FOLDERS = ("bots/", "broadcast/", "messaging/", "people/")
NAMES = {
    "acknowledgement",
    "missed",
    "alert",
    "approval",
    "area",
    "audience",
    "caution",
    "cautions",
    "figures",
    "parity",
    "estimate",
    "consent",
    "conversation",
    "crowd",
    "dialogue",
    "event",
    "geojson",
    "home",
    "houses",
    "kinds",
    "meaning",
    "membership",
    "model",
    "policy",
    "preference",
    "selection",
    "sms",
    "blanks",
    "template",
    "street_map",
    "vocabulary",
    "watermark",
}
# A repository of the same name is the model's SQL, which stands there and nowhere else (test_sql.py).
MODEL = [
    module
    for module in modules()
    if module.lies_in(*FOLDERS) and module.path.stem in NAMES and "repository" not in module.path.parts
]

GEOMETRY = {"shapely"}
"""A library that is as pure as the standard library's mathematics."""
OUTSIDE_WORLD = {"asyncio", "http", "multiprocessing", "os", "smtplib", "socket", "sqlite3", "subprocess", "urllib"}
IMPURE_HOUSEMATES = {"database", "inbox", "jobs", "outbox", "repository", "tables", "webhooks"}


def is_pure(found: Import) -> bool:
    if found.library in PACKAGES:
        return not IMPURE_HOUSEMATES & {*found.module.split("."), found.name}
    return found.library in (sys.stdlib_module_names - OUTSIDE_WORLD) | GEOMETRY


@pytest.mark.parametrize("module", MODEL, ids=lambda module: str(module.path))
def test_a_module_of_the_model_reaches_nothing_outside(module: Module) -> None:
    assert [found for found in module.imports() if not is_pure(found)] == []

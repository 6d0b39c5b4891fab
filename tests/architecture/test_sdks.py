"""One place a library: what it does for us can be read, and replaced, there."""

import pytest

from tests.architecture.source import modules

PLACES = {
    "telegram": ("messaging/telegram/",),
    "twilio": ("messaging/twilio/",),
    "dbos": ("storage/jobs.py",),
    "lxml": ("broadcast/cap/",),
    "signxml": ("broadcast/cap/",),
    "xml": ("broadcast/cap/", "simulator/twilio_call.py"),
    "fastapi": ("console/", "simulator/", "messaging/webhooks.py", "samenspraak/asgi.py"),
    "starlette": ("console/", "simulator/", "messaging/webhooks.py", "samenspraak/asgi.py"),
    "alembic": ("samenspraak/migrations/",),
}


@pytest.mark.parametrize("library", PLACES)
def test_a_library_is_imported_in_its_place_only(library: str) -> None:
    strays = [
        f"{module.path}:{found.line}"
        for module in modules()
        for found in module.imports()
        if found.library == library and not module.lies_in(*PLACES[library])
    ]
    assert not strays, f"{library} belongs in {', '.join(PLACES[library])}"

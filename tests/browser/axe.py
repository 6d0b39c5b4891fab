"""Accessibility as axe-core judges it."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

import console

_AXE = Path(console.__file__).with_name("node_modules") / "axe-core" / "axe.min.js"
_RUN = "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}))"
GRAVE = ("serious", "critical")


@cache
def _script() -> str:
    return _AXE.read_text("utf-8")


def findings(page: Page) -> list[str]:
    """What is seriously or critically wrong with a page for people with a disability, a line each."""
    page.evaluate(_script())
    result: dict[str, Any] = page.evaluate(_RUN)
    return [
        f"{one['impact']} {one['id']}: {node['html'][:160]} {node['failureSummary']}"
        for one in result["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]

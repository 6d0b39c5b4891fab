"""A browser, the served console, and people at its pages."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from people.roles import Role
from tests.browser.officer import OfficerAtWork
from tests.browser.served import Served, served
from tests.chromium import chromium

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


# Not for the session: while it runs, playwright keeps an event loop in this thread, and other tests need their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=[*QUIET, "--disable-sync"])
        yield started
        started.close()


@pytest.fixture
def console(sqlite_url: str) -> Iterator[Served]:
    with served(sqlite_url) as running:
        yield running


@pytest.fixture
def page(browser: Browser, console: Served) -> Iterator[Page]:
    """Somebody who is not logged in, at a desk."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=console.url)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def at_work(browser: Browser, console: Served) -> Iterator[Callable[..., OfficerAtWork]]:
    """Officers of the town, each logged in in a browser of their own."""
    opened = []

    def open_one(role: Role, *, width: int = 1280, script: bool = True) -> OfficerAtWork:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, base_url=console.url, java_script_enabled=script
        )
        context.set_default_timeout(15_000)
        opened.append(context)
        return OfficerAtWork.log_in(context.new_page(), role)

    yield open_one
    for context in opened:
        context.close()

"""Puts the pages and the API on the web process."""

from fastapi import FastAPI

from console import api, cap
from console.assets import assets
from console.context import Console
from console.error_pages import add_error_pages
from console.feeds import Feeds
from console.headers import SecurityHeaders
from console.live import Live
from console.routes import every_router

_LARGEST_BODY = 256 * 1024


def mount(app: FastAPI, console: Console) -> None:
    """Put the API under /api/v1 and the pages under everything that has no other route; call it last.

    Raises ConfigurationError when the front-end packages are not installed.
    """
    assets()
    pages = FastAPI(openapi_url=None, max_body_size=_LARGEST_BODY)
    pages.add_middleware(SecurityHeaders, tiles=console.tiles)
    add_error_pages(pages)
    for router in every_router():
        pages.include_router(router)
    live = Live(console.database, console.stopping)
    for one in (app, pages):
        one.state.console = console
        one.state.live = live
    app.state.feeds = Feeds()
    for router in (api.router, cap.push, cap.router):
        app.include_router(router)
    app.mount("/", pages)

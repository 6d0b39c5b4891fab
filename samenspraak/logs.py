"""Logging to standard error; never a request's address, which may hold a token or a number."""

import logging
import sys


def configure(*, verbose: bool = False) -> None:
    """Set up logging for a command."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    for name in ("httpx", "aiohttp.access", "aiohttp.client", "telegram", "twilio", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.WARNING)

"""Starts Rasa's server: `python serve.py TOKEN_FILE …`, the rest as for `rasa run`. Runs in Rasa's own environment.

The token comes from a file: on a command line everybody on the machine could read it. And a new model is loaded
in a thread: Rasa loads it between two requests, which keeps everybody waiting for seconds.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import rasa.server
from rasa.__main__ import main
from rasa.core.agent import Agent

_load_between_requests = rasa.server._load_agent  # of the locked version; a contract test holds it


async def _load_beside_requests(**options: Any) -> Agent:
    def load() -> Agent:
        return asyncio.run(_load_between_requests(**options))

    return await asyncio.get_running_loop().run_in_executor(None, load)


if __name__ == "__main__":
    rasa.server._load_agent = _load_beside_requests
    token_file, *options = sys.argv[1:]
    token = Path(token_file).read_text(encoding="utf-8").strip()
    # In one word: a token may begin with a hyphen.
    sys.argv = ["rasa", "run", "--enable-api", f"--auth-token={token}", *options]
    main()

"""Ports for servers that tests start."""

import random
import socket

# Linux hands out outgoing ports from 32768 on: below it no connection of our own can sit on the port we pick.
FIRST, LAST = 20_000, 32_767


def free_port() -> int:
    """A loopback port on which nothing listens now."""
    for _ in range(100):
        port = random.randint(FIRST, LAST)  # noqa: S311 (no secret)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"no free port between {FIRST} and {LAST}")

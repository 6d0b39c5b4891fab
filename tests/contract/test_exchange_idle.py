"""A connection that was quiet for long is not used again: its far end may be closing it at that very moment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from messaging.exchange import exchange, open_session, timeout
from tests.ports import free_port

QUIET = 5.0
"""Seconds for which Node and uvicorn keep a quiet connection."""
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@asynccontextmanager
async def far_end() -> AsyncIterator[str]:
    """Answers, and closes instead when a request comes after it was quiet for so long: the two cross on the wire."""
    clock = asyncio.get_running_loop().time

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        last = clock()
        with suppress(asyncio.IncompleteReadError):  # the client has closed it
            while await reader.readuntil(b"\r\n\r\n") and clock() - last < QUIET:
                writer.write(_OK)
                last = clock()
        writer.close()

    port = free_port()
    async with await asyncio.start_server(serve, "127.0.0.1", port):
        yield f"http://127.0.0.1:{port}/"


async def test_what_is_sent_after_a_quiet_time_does_not_meet_a_connection_that_is_being_closed() -> None:
    async with far_end() as url, open_session() as session:
        for pause in (0.0, QUIET):
            await asyncio.sleep(pause)
            assert (await exchange(session, "POST", url, limits=timeout(2))).body == b"ok"

"""The leanest Bot API that python-telegram-bot accepts: `python -m benchmarks.telegram_far_end LATENCY_MS`.

It prints its port, takes every message, and tells at /busiest how many came in the fullest second. The simulator checks
what it is sent; this must cost as little as it can.
"""

import asyncio
import re
import sys
from collections.abc import Iterable
from itertools import count
from typing import ClassVar, cast

import uvloop

_LENGTH = re.compile(rb"[Cc]ontent-[Ll]ength: (\d+)")
_CHAT = re.compile(rb"chat_id=(-?\d+)")
_END = b"\r\n\r\n"
_RESULT = b'{"ok":true,"result":{"message_id":%d,"date":1700000000,"chat":{"id":%s,"type":"private"},"text":"x"}}'
_REPLY = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"


class FarEnd(asyncio.Protocol):
    """One connection. latency: seconds before each answer."""

    numbers = count(1)
    arrivals: ClassVar[list[float]] = []

    def __init__(self, latency: float) -> None:
        self._latency = latency
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what the answers go through (uvloop's transport is an asyncio.Transport in all but name)."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer as soon as a request is complete; the client sends one at a time."""
        self._received += data
        head, found, rest = self._received.partition(_END)
        length = _LENGTH.search(head)
        needed = int(length[1]) if length else 0
        if not found or len(rest) < needed:
            return
        self._received = rest[needed:]
        if head.startswith(b"GET /busiest"):
            body = b"%d" % busiest(self.arrivals)
            self._answer(_REPLY % (len(body), body))
            return
        self.arrivals.append(asyncio.get_running_loop().time())
        chat = _CHAT.search(rest[:needed])
        body = _RESULT % (next(self.numbers), chat[1] if chat else b"1")
        reply = _REPLY % (len(body), body)
        if self._latency:
            asyncio.get_running_loop().call_later(self._latency, self._answer, reply)
        else:
            self._answer(reply)

    def _answer(self, reply: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(reply)


def busiest(moments: Iterable[float]) -> int:
    """How many of these moments, in seconds, lie in the fullest second, wherever it begins."""
    ordered, first, most = sorted(moments), 0, 0
    for last, moment in enumerate(ordered):
        while ordered[first] <= moment - 1:
            first += 1
        most = max(most, last - first + 1)
    return most


async def serve(latency: float) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: FarEnd(latency), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(float(sys.argv[1]) / 1000))

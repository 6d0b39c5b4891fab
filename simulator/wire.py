"""Bare ASGI: what both wires need of a request, without a framework's cost for each message."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from simulator.faults import AFTER, BEFORE, Fault

RESET = "simulator.reset"
"""Key of the scope's state under which the server puts the function that resets the connection."""


class Malformed(ValueError):
    """The body is not what its content type promises."""


def header(scope: Scope, name: bytes) -> str:
    """A header's value; name in lower case; empty when absent."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


async def read_body(receive: Receive) -> bytes:
    """The whole body; what arrived of it when the client went away."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    return body


async def read_parameters(scope: Scope, receive: Receive) -> dict[str, Any]:
    """Parameters of the query, then of a form, a multipart form or a JSON object; raises Malformed.

    Uploaded files are given as bytes.
    """
    parameters: dict[str, Any] = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    kind = header(scope, b"content-type").partition(";")[0]
    if kind == "multipart/form-data":
        return parameters | await _multipart(scope, receive)
    body = await read_body(receive)
    return parameters | _decode(kind, body) if body else parameters


def _decode(kind: str, body: bytes) -> dict[str, Any]:
    try:
        if kind != "application/json":
            return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
        parsed = json.loads(body)
    except ValueError as error:
        raise Malformed("body cannot be read") from error
    if not isinstance(parsed, dict):
        raise Malformed("body is no JSON object")
    return parsed


async def _multipart(scope: Scope, receive: Receive) -> dict[str, Any]:
    request = Request(scope, receive)
    try:
        form = await MultiPartParser(request.headers, request.stream()).parse()
    except (MultiPartException, KeyError) as error:  # KeyError: no boundary
        raise Malformed("body cannot be read") from error
    return {name: value if isinstance(value, str) else await value.read() for name, value in form.multi_items()}


async def respond(
    send: Send, status: int, body: bytes, *, kind: bytes = b"application/json", extra: Mapping[str, str] | None = None
) -> None:
    """One complete answer."""
    headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body))]
    headers += [(name.encode(), value.encode()) for name, value in (extra or {}).items()]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def break_off(fault: Fault, scope: Scope, receive: Receive) -> None:
    """Answer nothing: at once by a reset, or after keeping the client waiting."""
    if fault.kind in ("timeout_before", "timeout_after"):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(_gone(receive), fault.seconds)
    scope["state"][RESET]()
    await _gone(receive)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in JSON."""

    status: int
    content: object
    headers: Mapping[str, str] | None = None


async def exchange(
    fault: Fault | None,
    answer: Callable[[], Awaitable[Reply]],
    latency: float,
    scope: Scope,
    receive: Receive,
    send: Send,
) -> None:
    """Work out the answer and give it after `latency` seconds, unless a fault breaks the connection before or after."""
    if fault and fault.kind in BEFORE:
        await break_off(fault, scope, receive)
        return
    reply = await answer()
    if latency:
        await asyncio.sleep(latency)
    if fault and fault.kind in AFTER:
        await break_off(fault, scope, receive)
        return
    await respond(send, reply.status, json.dumps(reply.content).encode(), extra=reply.headers)

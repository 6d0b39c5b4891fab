"""Twilio's requests over the shared aiohttp session, to another address where one is set."""

import json
import logging
from base64 import b64encode
from urllib.parse import urlencode, urlsplit

import aiohttp
from twilio.http import AsyncHttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response  # type: ignore[import-untyped]

from messaging.exchange import Reply, exchange, timeout
from messaging.twilio.errors import refusal

_TOO_MANY = 429


class SharedSessionClient(AsyncHttpClient):  # type: ignore[misc]
    """Sends each request once; neither logs nor keeps it, unlike Twilio's own asynchronous client.

    base_url: replaces scheme and host of every Twilio product; a path in it is put before theirs.
    """

    def __init__(self, session: aiohttp.ClientSession, base_url: str | None, answer_within: float) -> None:
        super().__init__(logging.getLogger(__name__), is_async=True)
        self._session = session
        self._base_url = base_url
        self._limits = timeout(answer_within)

    async def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 the library's signature; ours holds always
        allow_redirects: bool = False,  # noqa: ARG002 the library's signature; a redirect is never followed
    ) -> Response:
        """One exchange; raises SendError for what Twilio's exceptions cannot carry (network, 5xx, 429)."""
        reply = await exchange(
            self._session,
            method,
            self._address(uri, params),
            headers=_with_credentials(headers or {}, auth),
            body=urlencode(data, doseq=True).encode() if data else None,
            limits=self._limits,
        )
        if reply.status == _TOO_MANY:
            raise refusal(reply.status, _code(reply), _retry_after(reply))
        return Response(reply.status, reply.body.decode("utf-8", "replace"), reply.headers)

    def _address(self, uri: str, params: dict[str, object] | None) -> str:
        if self._base_url:
            whole = urlsplit(uri)
            uri = self._base_url.rstrip("/") + uri.removeprefix(f"{whole.scheme}://{whole.netloc}")
        return f"{uri}?{urlencode(params, doseq=True)}" if params else uri


def _with_credentials(headers: dict[str, str], auth: tuple[str, str] | None) -> dict[str, str]:
    if auth is None:
        return headers
    return {**headers, "Authorization": "Basic " + b64encode(":".join(auth).encode()).decode()}


def _code(reply: Reply) -> object:
    try:
        parsed = json.loads(reply.body)
    except ValueError:
        return None
    return parsed.get("code") if isinstance(parsed, dict) else None


def _retry_after(reply: Reply) -> float | None:
    header = reply.headers.get("Retry-After", "")
    return float(header) if header.isdecimal() else None

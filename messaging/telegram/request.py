"""python-telegram-bot's requests over the shared aiohttp session.

Its own httpx pool falls to 132 messages/s with 64 in flight; this carries about twenty times as many.
"""

import json
from typing import Any

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from messaging.channel import Failure, SendError
from messaging.exchange import CONNECT_SECONDS, Reply, exchange, timeout

_TOO_MANY = 429
_FORM = {"User-Agent": BaseRequest.USER_AGENT, "Content-Type": "application/x-www-form-urlencoded"}


class TelegramRequest(BaseRequest):
    """Sends each request once over a session that somebody else opens and closes.

    Network errors, 5xx and 429 leave as python-telegram-bot's TimedOut or NetworkError whose cause is the
    SendError that says whether the request may have been taken; other refusals as the library maps them.
    """

    __slots__ = ("_answer_within", "_session")

    def __init__(self, session: aiohttp.ClientSession, answer_within: float) -> None:
        self._session = session
        self._answer_within = answer_within

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer, to which long polling adds its own."""
        return self._answer_within

    async def initialize(self) -> None:
        """Nothing to open: the session is shared."""

    async def shutdown(self) -> None:
        """Nothing to close: the session is shared."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 the library's signature
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 the library's signature
    ) -> tuple[int, bytes]:
        """Post the parameters as a form; files are never uploaded by us."""
        body = request_data.url_encoded_parameters().encode() if request_data else None
        limits = timeout(_seconds(read_timeout, self._answer_within), _seconds(connect_timeout, CONNECT_SECONDS))
        try:
            reply = await exchange(self._session, method, url, headers=_FORM, body=body, limits=limits)
            _refuse_haste(reply)
        except SendError as error:
            kind = TimedOut if error.code == "timeout" else NetworkError
            raise kind(error.code) from error
        return reply.status, reply.body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Telegram's JSON object; the library's own version logs what it cannot read, texts included."""
        try:
            parsed = json.loads(payload)
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            raise TelegramError("unreadable answer")
        return parsed


def _seconds(given: object, default: float) -> float:
    return float(given) if isinstance(given, int | float) else default


def _refuse_haste(reply: Reply) -> None:
    if reply.status == _TOO_MANY:
        raise SendError(Failure.RATE_LIMITED, str(_TOO_MANY), retry_after=_retry_after(reply))


def _retry_after(reply: Reply) -> float | None:
    """Telegram says it in the body's parameters; a proxy in between says it in the header."""
    try:
        return float(json.loads(reply.body)["parameters"]["retry_after"])
    except (KeyError, TypeError, ValueError):
        header = reply.headers.get("Retry-After", "")
        return float(header) if header.isdecimal() else None

"""One HTTP exchange with a provider, and how sure we are that it was taken."""

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from messaging.channel import Failure, SendError

CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0
_IDLE_SECONDS = 4.0
"""Node and uvicorn keep a connection for 5 s, nginx for 75."""
SERVER_ERROR = 500

# Raised before a byte of the request is written; every other error may come after the provider took it.
_NEVER_LEFT = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    aiohttp.ServerFingerprintMismatch,
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the provider answered, always below 500."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def open_session(connections: int = 300) -> aiohttp.ClientSession:
    """The one client session that all channels share: no cookies, no environment, a bounded pool.

    Idle connections are dropped before uvicorn, Node or nginx drop them: a request written into a connection that is
    being closed has an unknown outcome.
    """
    connector = aiohttp.TCPConnector(limit=connections, keepalive_timeout=_IDLE_SECONDS, ttl_dns_cache=60)
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())


def timeout(read: float, connect: float = CONNECT_SECONDS) -> aiohttp.ClientTimeout:
    """Seconds for a connection (waiting for a free one included) and for the answer."""
    return aiohttp.ClientTimeout(total=connect + read + CONNECT_SECONDS, connect=connect, sock_read=read)


async def exchange(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    limits: aiohttp.ClientTimeout,
) -> Reply:
    """Send one request once and read its answer; no redirects, and aiohttp repeats no POST.

    Raises SendError: NOT_SENT when the request surely never left, UNKNOWN for a time-out or a reset after
    the connection stood and for every 5xx.
    """
    outcome = await _attempt(session, method, url, headers, body, limits)
    # Raised outside the except clause: aiohttp's errors hold the URL, and so a bot's token.
    if isinstance(outcome, SendError):
        raise outcome
    if outcome.status >= SERVER_ERROR:
        raise SendError(Failure.UNKNOWN, str(outcome.status))
    return outcome


async def _attempt(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    headers: Mapping[str, str] | None,
    body: bytes | None,
    limits: aiohttp.ClientTimeout,
) -> Reply | SendError:
    if session.closed:
        return SendError(Failure.NOT_SENT, "session_closed")
    try:
        async with session.request(
            method, url, headers=headers, data=body, timeout=limits, allow_redirects=False
        ) as response:
            return Reply(response.status, response.headers, await response.read())
    except _NEVER_LEFT as error:
        return SendError(Failure.NOT_SENT, type(error).__name__)
    except TimeoutError:
        return SendError(Failure.UNKNOWN, "timeout")
    except (aiohttp.ClientError, OSError) as error:
        return SendError(Failure.UNKNOWN, type(error).__name__)

"""Calls through one Twilio number: a text is read aloud, and pressing 1 says that it was heard."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import aiohttp
from twilio.rest import Client  # type: ignore[import-untyped]
from twilio.twiml.voice_response import VoiceResponse  # type: ignore[import-untyped]

from messaging.channel import Accepted, Capabilities, Failure, Outgoing, SendError
from messaging.exchange import READ_SECONDS
from messaging.incoming import ChannelKind, Incoming, storable
from messaging.twilio.channel import ENVIRONMENT, call
from messaging.twilio.http_client import SharedSessionClient
from storage.errors import ConfigurationError

HEARD = "1"
"""The key that says that the message was heard."""
_VOICES: Mapping[str, tuple[str, str]] = {
    "nl": ("nl-BE", "Polly.Lisa-Neural"),
    "fr": ("fr-BE", "Polly.Isabelle-Neural"),
    "de": ("de-DE", "Polly.Vicki-Neural"),
    "en": ("en-GB", "Polly.Amy-Neural"),
}
_LONGEST = 4_000  # characters of TwiML
_TIMES = 2  # so often it is read: who picks up needs a moment to listen
_RINGS_SECONDS = 30
_KEY_SECONDS = 5
_EVENTS = ["initiated", "ringing", "answered", "completed"]
_PAGE = 50


class VoiceChannel:
    """A number that calls people. Every method raises SendError and nothing else."""

    kind = ChannelKind.VOICE
    capabilities = Capabilities(_LONGEST, buttons=False, messages_per_second=1.0)

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        sender: str,
        session: aiohttp.ClientSession,
        base_url: str | None = None,
        answer_within: float = READ_SECONDS,
    ) -> None:
        if not (account_sid and auth_token and sender):
            raise ConfigurationError("Twilio needs an account SID, an auth token and a calling number; one is empty.")
        self._sender = sender
        transport = SharedSessionClient(session, base_url, answer_within)
        self._calls = Client(account_sid, auth_token, http_client=transport, environment=ENVIRONMENT).calls

    async def send(self, address: str, message: Outgoing) -> Accepted:
        """Call a number and read the message; the spoken form where it has one, else its text in Dutch."""
        callback = {"status_callback": message.status_callback, "status_callback_event": _EVENTS}
        created = await call(
            self._calls.create_async(
                to=address,
                from_=self._sender,
                twiml=spoken(message),
                timeout=_RINGS_SECONDS,
                **(callback if message.status_callback else {}),
            )
        )
        if not isinstance(created.sid, str):
            raise SendError(Failure.UNKNOWN, "unreadable")
        return Accepted(created.sid)

    async def acknowledge(self, incoming: Incoming) -> None:
        """Nothing waits on a phone."""

    async def find(self, address: str, since: datetime) -> list[str]:
        """The ids of the calls to a number since a moment, newest first, at most 50."""
        after = since.astimezone(UTC).date()
        listed = await call(
            self._calls.list_async(to=address, from_=self._sender, start_time_after=after, limit=_PAGE, page_size=_PAGE)
        )
        return [each.sid for each in listed if each.date_created is None or each.date_created >= since]


def spoken(message: Outgoing) -> str:
    """The call as TwiML: the message twice where that fits, each time followed by a moment to press a key.

    Raises SendError REJECTED for what is too long to be read, and where there is nothing to read.
    """
    if not any(text.strip() for _, text in _parts(message)):
        raise SendError(Failure.REJECTED, "empty")
    for times in range(_TIMES, 0, -1):
        answer = VoiceResponse()
        for _ in range(times):
            _read(answer, message)
        if len(found := str(answer)) <= _LONGEST:
            return found
    raise SendError(Failure.REJECTED, "too_long")


def _read(answer: VoiceResponse, message: Outgoing) -> None:
    heard = message.answer_callback
    part = answer if heard is None else answer.gather(num_digits=1, action=heard, method="POST", timeout=_KEY_SECONDS)
    for language, text in _parts(message):
        _say(part, language, text)


def _parts(message: Outgoing) -> Iterable[tuple[str, str]]:
    """What is read, by language: the spoken form where there is one, else the text in Dutch."""
    return message.spoken or (("nl", message.text),)


def _say(part: VoiceResponse, language: str, text: str) -> None:
    locale, voice = _VOICES[language]
    part.say(" ".join(storable(text).split()), language=locale, voice=voice)


def thanks(parts: Mapping[str, str]) -> str:
    """What somebody hears who pressed a key, as TwiML: a text by language."""
    answer = VoiceResponse()
    for language, text in parts.items():
        _say(answer, language, text)
    answer.hangup()
    return str(answer)

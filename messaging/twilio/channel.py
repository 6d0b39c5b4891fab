"""Messages by SMS or WhatsApp through one Twilio sender."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

import aiohttp
from twilio.base.exceptions import (  # type: ignore[import-untyped]
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)
from twilio.http.response import Response  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from messaging.channel import Accepted, Capabilities, Failure, Outgoing, SendError
from messaging.exchange import READ_SECONDS
from messaging.incoming import ChannelKind, Incoming
from messaging.twilio.errors import refusal
from messaging.twilio.http_client import SharedSessionClient
from messaging.twilio.message import MAX_LENGTH, on_channel, parameters
from storage.errors import ConfigurationError

# Usual rates of one sender; Twilio raises both on request, so the sender's own setting overrules them.
_CAPABILITIES = {
    ChannelKind.SMS: Capabilities(MAX_LENGTH, buttons=False, messages_per_second=10.0),
    ChannelKind.WHATSAPP: Capabilities(MAX_LENGTH, buttons=False, messages_per_second=80.0),
}
# Not empty, or the library would read the process's environment.
ENVIRONMENT = {"TWILIO_REGION": ""}
_MALFORMED = (AttributeError, KeyError, TypeError, ValueError)
_PAGE = 50
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Found:
    """A message that Twilio knows, by which an unknown outcome is settled."""

    provider_id: str
    status: str
    error_code: int | None
    text: str
    created: datetime | None


class TwilioChannel:
    """A number, a name or a Messaging Service (MG…) of an account, on SMS or on WhatsApp.

    sender: without "whatsapp:", which is put before it where needed.
    answer_within: seconds that Twilio may take; later than that, the outcome is unknown.
    """

    def __init__(
        self,
        kind: ChannelKind,
        *,
        account_sid: str,
        auth_token: str,
        sender: str,
        session: aiohttp.ClientSession,
        base_url: str | None = None,
        answer_within: float = READ_SECONDS,
    ) -> None:
        if not (account_sid and auth_token and sender):
            raise ConfigurationError("Twilio needs an account SID, an auth token and a sender; one is empty.")
        self.kind = kind
        self.capabilities = _CAPABILITIES[kind]
        self._sender = sender.removeprefix("whatsapp:")
        transport = SharedSessionClient(session, base_url, answer_within)
        client = Client(account_sid, auth_token, http_client=transport, environment=ENVIRONMENT)
        self._messages = client.messages

    async def send(self, address: str, message: Outgoing) -> Accepted:
        """Hand one message to Twilio; choices become numbered lines; a template leaves on WhatsApp only."""
        created = await call(self._messages.create_async(**parameters(self.kind, self._sender, address, message)))
        if not isinstance(created.sid, str):
            raise SendError(Failure.UNKNOWN, "unreadable")
        return Accepted(created.sid)

    async def acknowledge(self, incoming: Incoming) -> None:
        """Twilio's channels show nothing that waits."""

    async def find(self, address: str, since: datetime) -> list[Found]:
        """What was sent to an address since a moment (with its time zone), newest first, at most 50.

        A message that still waits in Twilio's queue may have no date yet and be missing.
        """
        listed = await call(
            self._messages.list_async(
                to=on_channel(self.kind, address),
                date_sent_after=since.astimezone(UTC),
                limit=_PAGE,
                page_size=_PAGE,
            )
        )
        return [Found(each.sid, each.status, each.error_code, each.body or "", each.date_created) for each in listed]


async def call(request: Awaitable[_T]) -> _T:
    """What Twilio answers, its library's errors as ours."""
    try:
        return await request
    except TwilioException as error:
        raise _refusal(error) from None
    except _MALFORMED:
        raise SendError(Failure.UNKNOWN, "unreadable") from None


def _refusal(error: TwilioException) -> SendError:
    """Lists fail with a plain TwilioException that holds the whole answer, everything else with its code."""
    if isinstance(error, TwilioRestException | TwilioServiceException):
        return refusal(error.status, error.code)
    answers = [each for each in error.args if isinstance(each, Response)]
    return refusal(answers[0].status_code, None) if answers else SendError(Failure.UNKNOWN, "unreadable")

"""The open channel of each sender: one line of registration a kind of channel."""

from collections.abc import Callable, Iterable
from datetime import datetime

import aiohttp

from messaging.channel import Channel, Outgoing
from messaging.incoming import ChannelKind
from messaging.sender import Sender
from messaging.telegram.channel import TelegramChannel
from messaging.twilio.channel import TwilioChannel
from messaging.twilio.message import parameters
from messaging.twilio.voice import VoiceChannel


def _telegram(sender: Sender, session: aiohttp.ClientSession) -> Channel:
    return TelegramChannel(sender.credentials.token, session, sender.base_url)


def _twilio(sender: Sender, session: aiohttp.ClientSession) -> Channel:
    return TwilioChannel(
        sender.channel,
        account_sid=sender.account,
        auth_token=sender.credentials.token,
        sender=sender.from_address,
        session=session,
        base_url=sender.base_url,
    )


def _voice(sender: Sender, session: aiohttp.ClientSession) -> Channel:
    return VoiceChannel(
        account_sid=sender.account,
        auth_token=sender.credentials.token,
        sender=sender.from_address,
        session=session,
        base_url=sender.base_url,
    )


_OPEN: dict[ChannelKind, Callable[[Sender, aiohttp.ClientSession], Channel]] = {
    ChannelKind.TELEGRAM: _telegram,
    ChannelKind.SMS: _twilio,
    ChannelKind.WHATSAPP: _twilio,
    ChannelKind.VOICE: _voice,
}


class Channels:
    """The channels of all senders over one shared HTTP session.

    public_url: where providers reach us; without one they are not asked for statuses.
    """

    def __init__(self, senders: Iterable[Sender], session: aiohttp.ClientSession, public_url: str | None) -> None:
        self._senders = {sender.id: sender for sender in senders}
        self._channels = {sender.id: _OPEN[sender.channel](sender, session) for sender in self._senders.values()}
        self._public_url = public_url

    def __contains__(self, sender_id: object) -> bool:
        """Whether this sender was there, and active, when the channels were opened."""
        return sender_id in self._senders

    def sender(self, sender_id: int) -> Sender:
        """The sender of this id."""
        return self._senders[sender_id]

    def all(self) -> list[Sender]:
        """Every sender."""
        return list(self._senders.values())

    def of(self, sender_id: int) -> Channel:
        """The channel of this sender."""
        return self._channels[sender_id]

    def telegram(self) -> list[tuple[Sender, TelegramChannel]]:
        """The Telegram bots, which are polled or given a webhook."""
        return [
            (self._senders[sender_id], channel)
            for sender_id, channel in self._channels.items()
            if isinstance(channel, TelegramChannel)
        ]

    def status_callback(self, sender_id: int, delivery_id: int) -> str | None:
        """Where Twilio tells what became of a delivery; our id in it finds the row before Twilio's id is known."""
        sender = self._senders[sender_id]
        if self._public_url is None or sender.channel is ChannelKind.TELEGRAM:
            return None
        return f"{self._public_url}/webhooks/twilio/{sender.slug}/status?delivery={delivery_id}"

    def answer_callback(self, sender_id: int, delivery_id: int) -> str | None:
        """Where Twilio tells which key was pressed in a call."""
        sender = self._senders[sender_id]
        if self._public_url is None or sender.channel is not ChannelKind.VOICE:
            return None
        return f"{self._public_url}/webhooks/twilio/{sender.slug}/voice?delivery={delivery_id}"

    async def find(self, sender_id: int, address: str, since: datetime, message: Outgoing) -> list[str]:
        """The provider's ids of messages like this one that it took since; empty where a provider cannot tell."""
        channel = self._channels[sender_id]
        if isinstance(channel, VoiceChannel):
            return await channel.find(address, since)
        if not isinstance(channel, TwilioChannel):
            return []
        sender = self._senders[sender_id]
        body = parameters(sender.channel, sender.from_address, address, message).get("body")
        return [found.provider_id for found in await channel.find(address, since) if found.text == body]

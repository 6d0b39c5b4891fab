"""The senders that the settings name: `telegram`, `sms`, `whatsapp` and `voice`, of the organisation that init made."""

import hashlib
import hmac
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from messaging.incoming import ChannelKind
from messaging.repository import senders
from messaging.sender import Credentials
from samenspraak.settings import MOST_BOTS, Settings, TelegramSettings, TwilioSettings
from storage.encryption import Vault

_BOTS = ("telegram", *(f"telegram-{number}" for number in range(2, MOST_BOTS + 1)))
FROM_SETTINGS = frozenset({*_BOTS, "sms", "whatsapp", "voice"})


def _named(settings: Settings) -> set[str]:
    twilio, telegram = settings.twilio, settings.telegram
    bots = 0 if telegram is None else 1 + len(telegram.others)
    present = {
        "sms": twilio is not None and twilio.sms_from is not None,
        "whatsapp": twilio is not None and twilio.whatsapp_from is not None,
        "voice": twilio is not None and twilio.voice_from is not None,
    }
    return {*_BOTS[:bots], *(slug for slug, there in present.items() if there)}


async def put_senders(connection: AsyncConnection, vault: Vault, settings: Settings, organisation_id: int) -> None:
    """Bring the senders in the database in line with the settings."""
    await senders.deactivate_missing(connection, organisation_id, FROM_SETTINGS - _named(settings))
    if settings.telegram is not None:
        await _put_telegram(connection, vault, settings.telegram, settings.require_secret_key(), organisation_id)
    if settings.twilio is not None:
        await _put_twilio(connection, vault, settings.twilio, organisation_id)


async def _put_telegram(
    connection: AsyncConnection, vault: Vault, telegram: TelegramSettings, secret_key: str, organisation_id: int
) -> None:
    newest = secret_key.split(",", maxsplit=1)[0].strip()
    made = hmac.new(newest.encode(), b"telegram webhook", hashlib.sha256).hexdigest()
    for slug, token in zip(_BOTS, (telegram.token, *telegram.others), strict=False):
        await senders.put(
            connection,
            vault,
            organisation_id=organisation_id,
            slug=slug,
            channel=ChannelKind.TELEGRAM,
            account=token.split(":")[0],
            from_address="bot",
            credentials=Credentials(token=token, secret=telegram.secret or made),
            base_url=telegram.base_url,
            messages_per_second=telegram.messages_per_second,
        )


async def _put_twilio(connection: AsyncConnection, vault: Vault, twilio: TwilioSettings, organisation_id: int) -> None:
    shared: dict[str, Any] = {
        "organisation_id": organisation_id,
        "account": twilio.account_sid,
        "credentials": Credentials(token=twilio.auth_token),
        "base_url": twilio.base_url,
    }
    if twilio.sms_from is not None:
        await senders.put(
            connection,
            vault,
            slug=ChannelKind.SMS,
            channel=ChannelKind.SMS,
            from_address=twilio.sms_from,
            messages_per_second=twilio.sms_per_second,
            price=twilio.sms_price,
            **shared,
        )
    if twilio.whatsapp_from is not None:
        await senders.put(
            connection,
            vault,
            slug=ChannelKind.WHATSAPP,
            channel=ChannelKind.WHATSAPP,
            from_address=twilio.whatsapp_from,
            messages_per_second=twilio.whatsapp_per_second,
            template=twilio.whatsapp_template,
            daily_limit=twilio.whatsapp_daily_limit,
            price=twilio.whatsapp_price,
            **shared,
        )
    if twilio.voice_from is not None:
        await senders.put(
            connection,
            vault,
            slug=ChannelKind.VOICE,
            channel=ChannelKind.VOICE,
            from_address=twilio.voice_from,
            messages_per_second=twilio.voice_per_second,
            price=twilio.voice_price,
            **shared,
        )

"""The settings: environment first, then samenspraak.toml, then sane defaults. Nothing else reads the environment.

Every secret may also be given as the path of a file, in the variable of the same name with _FILE behind it.
"""

import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast, get_args

from samenspraak.setting_source import PREFIX, Source
from storage.errors import ConfigurationError

NluSize = Literal["best", "full", "light"]
"""Of the embedded engine: all sentence encoders, one, or all where that was trained already and else one."""

_LONGEST_WORKER = 24
_TELEGRAM_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


MOST_BOTS = 9


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """A bot. secret: what Telegram repeats with each webhook; made from the secret key where none is set.

    others: tokens of further bots, which share the audience: each reaches those who opened its chat.
    """

    token: str = field(repr=False)
    secret: str | None = field(repr=False)
    base_url: str | None
    messages_per_second: float
    others: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class TwilioSettings:
    """A Twilio account with a number or messaging service for SMS, for WhatsApp, and a number that calls people.

    whatsapp_template: the approved template (ContentSid) that reaches people outside the window of 24 hours.
    whatsapp_daily_limit: people to whom the number may write first in a day; None: as many as it likes.
    sms_price, whatsapp_price, voice_price: of a part of an SMS, of a message, and of a call, in euro; None: not known,
    and so not shown.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    base_url: str | None
    sms_from: str | None
    whatsapp_from: str | None
    whatsapp_template: str | None
    sms_per_second: float
    whatsapp_per_second: float
    whatsapp_daily_limit: int | None = None
    sms_price: float | None = None
    whatsapp_price: float | None = None
    voice_from: str | None = None
    voice_per_second: float = 1.0
    voice_price: float | None = None


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The server through which officers are told by e-mail that somebody waits."""

    host: str
    port: int
    sender: str
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RasaSettings:
    """The server that understands messages where that engine is chosen.

    url: without a slash at the end. token: None: not made yet. environment: the folder of Rasa's own Python.
    """

    url: str
    token: str | None = field(repr=False)
    environment: Path


@dataclass(frozen=True, slots=True)
class Keep:
    """For how many days data is kept.

    messages: of closed conversations, and the texts of what was sent. people: of whom nothing was heard, who are in no
    network and agreed to nothing. intake: by which a message that comes again is known. cap: documents as they came in.
    """

    messages: int
    people: int
    intake: int
    cap: int


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of an installation.

    data: the folder for what is no database: the secret key that init made, the spool, and unless told otherwise
    `models`: what was trained.
    public_url: where providers and people reach us, without a slash at the end; None: Telegram is polled.
    worker: this worker's name, unique among workers and the same after a restart; the host's name by default.
    map_tiles: the address of the tiles of a map, with {z}, {x} and {y}; None: no map is asked of anybody.
    answers: the municipality's content file; None: the one that ships.
    streets: the municipality's streets (id and name, tabs between); None: streets are known by how they are called.
    cap_certificates: a PEM file of those whose signature on CAP messages is trusted.
    """

    database_url: str
    secret_key: str | None = field(repr=False)
    public_url: str | None
    data: Path
    models: Path
    answers: Path | None
    streets: Path | None
    telegram: TelegramSettings | None
    twilio: TwilioSettings | None
    mail: MailSettings | None
    cap_certificates: Path | None
    nlu_engine: str
    nlu_size: NluSize
    rasa: RasaSettings
    database_pool: int
    worker: str
    map_tiles: str | None
    keep: Keep

    @property
    def key_file(self) -> Path:
        """Where init puts the secret key that it makes."""
        return self.data / "secret.key"

    @property
    def rasa_token_file(self) -> Path:
        """Where the Rasa server that we start finds its token."""
        return self.data / "rasa.token"

    def require_secret_key(self) -> str:
        """The secret key; raises ConfigurationError when there is none."""
        if self.secret_key is None:
            raise ConfigurationError("There is no secret key: run `samenspraak init`, or set SAMENSPRAAK_SECRET_KEY")
        return self.secret_key


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raises ConfigurationError with what to change."""
    env = os.environ if environment is None else environment
    source = Source(env)
    data = Path(source.text("DATA") or "var")
    return Settings(
        database_url=source.secret("DATABASE_URL") or f"sqlite:///{data / 'samenspraak.db'}",
        secret_key=source.secret("SECRET_KEY") or _kept_secret(data / "secret.key"),
        public_url=_public_url(source.text("PUBLIC_URL")),
        data=data,
        models=Path(source.text("MODELS") or data / "nlu"),
        answers=_path(source.text("ANSWERS")),
        streets=_path(source.text("STREETS")),
        cap_certificates=_path(source.text("CAP_CERTIFICATES")),
        telegram=_telegram(source),
        twilio=_twilio(source),
        mail=_mail(source),
        nlu_engine=source.one_of("NLU_ENGINE", ("embedded", "rasa")),
        nlu_size=cast("NluSize", source.one_of("NLU_SIZE", get_args(NluSize))),
        rasa=_rasa(source, data),
        database_pool=int(source.number("DATABASE_POOL", 10)),
        map_tiles=_map_tiles(source.text("MAP_TILES")),
        keep=Keep(
            messages=source.days("KEEP_MESSAGES_DAYS", 365),
            people=source.days("KEEP_PEOPLE_DAYS", 730),
            intake=source.days("KEEP_INTAKE_DAYS", 30),
            cap=source.days("KEEP_CAP_DAYS", 1095),
        ),
        worker=(source.text("WORKER") or socket.gethostname())[:_LONGEST_WORKER],
    )


def _kept_secret(path: Path) -> str | None:
    if not path.exists():
        return None
    key = path.read_text().strip()
    if not key:
        raise ConfigurationError(f"{path} is empty: put the secret back, or remove it to have a new one made")
    return key


def _path(value: str | None) -> Path | None:
    return None if value is None else Path(value)


def _rasa(source: Source, data: Path) -> RasaSettings:
    url = source.text("RASA_URL") or "http://127.0.0.1:5005"
    if not url.startswith(("https://", "http://")):
        raise ConfigurationError(f"{PREFIX}RASA_URL must begin with http:// or https://")
    return RasaSettings(
        url=url.rstrip("/"),
        token=source.secret("RASA_TOKEN") or _kept_secret(data / "rasa.token"),
        environment=Path(source.text("RASA_ENVIRONMENT") or ".rasa"),
    )


def _public_url(value: str | None) -> str | None:
    if value is None:
        return None
    if not value.startswith(("https://", "http://")):
        raise ConfigurationError(f"{PREFIX}PUBLIC_URL must begin with https:// (or http:// for a trial)")
    return value.rstrip("/")


def _map_tiles(value: str | None) -> str | None:
    if value is None:
        return None
    if not value.startswith("https://") or not all(part in value for part in ("{z}", "{x}", "{y}")):
        raise ConfigurationError(f"{PREFIX}MAP_TILES must begin with https:// and hold {{z}}, {{x}} and {{y}}")
    return value


def _telegram(source: Source) -> TelegramSettings | None:
    tokens = [one.strip() for one in (source.secret("TELEGRAM_TOKEN") or "").split(",") if one.strip()]
    secret = source.secret("TELEGRAM_SECRET")
    if not tokens:
        return None
    if len(tokens) > MOST_BOTS:
        raise ConfigurationError(f"{PREFIX}TELEGRAM_TOKEN holds more than {MOST_BOTS} tokens")
    if secret is not None and not _TELEGRAM_SECRET.fullmatch(secret):
        raise ConfigurationError(f"{PREFIX}TELEGRAM_SECRET may hold letters, digits, _ and - only, at most 256")
    return TelegramSettings(
        token=tokens[0],
        secret=secret,
        base_url=source.text("TELEGRAM_BASE_URL"),
        messages_per_second=source.number("TELEGRAM_PER_SECOND", 30),
        others=tuple(tokens[1:]),
    )


def _twilio(source: Source) -> TwilioSettings | None:
    account, token = source.text("TWILIO_ACCOUNT_SID"), source.secret("TWILIO_AUTH_TOKEN")
    if account is None and token is None:
        return None
    if account is None or token is None:
        raise ConfigurationError(f"{PREFIX}TWILIO_ACCOUNT_SID and {PREFIX}TWILIO_AUTH_TOKEN go together")
    return TwilioSettings(
        account_sid=account,
        auth_token=token,
        base_url=source.text("TWILIO_BASE_URL"),
        sms_from=source.text("TWILIO_SMS_FROM"),
        whatsapp_from=source.text("TWILIO_WHATSAPP_FROM"),
        whatsapp_template=source.text("TWILIO_WHATSAPP_TEMPLATE"),
        sms_per_second=source.number("TWILIO_SMS_PER_SECOND", 10),
        whatsapp_per_second=source.number("TWILIO_WHATSAPP_PER_SECOND", 80),
        whatsapp_daily_limit=_limit(source.text("TWILIO_WHATSAPP_DAILY_LIMIT")),
        sms_price=source.known_number("TWILIO_SMS_PRICE"),
        whatsapp_price=source.known_number("TWILIO_WHATSAPP_PRICE"),
        voice_from=source.text("TWILIO_VOICE_FROM"),
        voice_per_second=source.number("TWILIO_VOICE_PER_SECOND", 1),
        voice_price=source.known_number("TWILIO_VOICE_PRICE"),
    )


def _limit(value: str | None) -> int | None:
    """How many a day; 250, as for a new number, unless the settings say otherwise."""
    if value == "unlimited":
        return None
    if value is not None and not value.isdecimal():
        raise ConfigurationError(f'{PREFIX}TWILIO_WHATSAPP_DAILY_LIMIT must be a number of people, or "unlimited"')
    return 250 if value is None else int(value)


def _mail(source: Source) -> MailSettings | None:
    host = source.text("MAIL_HOST")
    if host is None:
        return None
    return MailSettings(
        host=host,
        port=int(source.number("MAIL_PORT", 25)),
        sender=source.text("MAIL_FROM") or f"samenspraak@{host}",
        user=source.text("MAIL_USER") or "",
        password=source.secret("MAIL_PASSWORD") or "",
    )

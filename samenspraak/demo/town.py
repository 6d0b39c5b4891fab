"""Lindebeke and its police zone: who works there, which networks there are, how they are reached. Nobody is real."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bots.notify import TELEGRAM_CONTEXT
from broadcast.repository import templates
from messaging.incoming import ChannelKind
from messaging.repository import senders
from messaging.sender import Credentials
from people.organisation import BRUSSELS, OrganisationKind
from people.repository import networks, officers, organisations
from people.roles import Role
from samenspraak.senders import put_senders
from samenspraak.settings import Settings
from storage.encryption import Vault

INHABITANTS = 21_032
PASSWORD = "lindebeke-demo"  # noqa: S105 - printed for everybody who tries the demonstration
TELEGRAM_TOKENS = ("7000001:the-municipality-on-loopback-only", "7000002:the-police-zone-on-loopback-only")
TELEGRAM_USERNAME = "lindebeke_bot"
ACCOUNT_SID = "AC" + "5" * 32
AUTH_TOKEN = "demonstration-on-loopback-only"  # noqa: S105 - of an account that exists nowhere
TEMPLATE = "HX" + "b" * 32
GAS_TEMPLATE = "HX" + "c" * 32
GAS_TEMPLATE_TEXT = "Er is een gaslek in {{1}}. De hulpdiensten zijn ter plaatse."
TEMPLATE_TEXT = "{{1}} laat weten: {{2}} Antwoord STOP om geen berichten meer te krijgen."
ALWAYS_OPEN = [["00:00-23:59:59.999999"]] * 7


@dataclass(frozen=True, slots=True)
class Accounts:
    """An organisation's accounts at the providers: user name of the bot, and its two numbers."""

    bot: str
    sms: str
    whatsapp: str

    @property
    def in_log(self) -> tuple[str, ...]:
        """As the far end's log names them."""
        return self.bot, self.sms, f"whatsapp:{self.whatsapp}"


MUNICIPALITY = Accounts(TELEGRAM_USERNAME, "+32460000001", "+32460000002")
POLICE = Accounts(f"{TELEGRAM_USERNAME}_1", "+32460000011", "+32460000012")
POLICE_SLUGS = {str(channel): f"police-{channel}" for channel in ChannelKind}


@dataclass(frozen=True, slots=True)
class Seat:
    """An officer. chat_id: of their own Telegram, over which they are told that somebody waits."""

    email: str
    name: str
    role: Role
    chat_id: int | None = None


IN_TOWN_HALL = (
    Seat("els@lindebeke.example", "Els Peeters", Role.OFFICER, 900_001),
    Seat("pieter@lindebeke.example", "Pieter Wouters", Role.EDITOR),
    Seat("ann@lindebeke.example", "Ann Claes", Role.APPROVER),
    Seat("bart@lindebeke.example", "Bart Maes", Role.VIEWER),
    Seat("fatima@lindebeke.example", "Fatima Benali", Role.ADMINISTRATOR),
)
AT_THE_POLICE = (
    Seat("bram@politie.lindebeke.example", "Bram Jacobs", Role.OFFICER, 900_011),
    Seat("sofie@politie.lindebeke.example", "Sofie Lenaerts", Role.EDITOR),
    Seat("dirk@politie.lindebeke.example", "Dirk Vermeulen", Role.APPROVER),
    Seat("lien@politie.lindebeke.example", "Lien Goossens", Role.VIEWER),
    Seat("hilde@politie.lindebeke.example", "Hilde Aerts", Role.ADMINISTRATOR),
)
NEIGHBOURHOODS = ("Molenveld", "Statiewijk", "Dorpskern", "Bosrand", "Kouterhoek")


@dataclass(frozen=True, slots=True)
class Town:
    """What was made: ids of the two organisations, of the networks by name, and of the senders by channel."""

    municipality: int
    police: int
    networks: dict[str, int]
    works: int  # the municipality's own network
    municipal_senders: dict[str, int]
    police_senders: dict[str, int]


async def found(
    connection: AsyncConnection,
    vault: Vault,
    settings: Settings,
    at: datetime,
    *,
    municipal_hours: object = None,
    police_hours: object = None,
) -> Town:
    """Make both organisations with officers, networks and senders. Office hours: nine to five unless told."""
    municipality = await organisations.create(
        connection,
        kind=OrganisationKind.MUNICIPALITY,
        name="Gemeente Lindebeke",
        slug="lindebeke",
        at=at,
        inhabitants=INHABITANTS,
        inhabitants_year=2016,
        office_hours=municipal_hours,
        demonstration=True,
    )
    police = await organisations.create(
        connection,
        kind=OrganisationKind.POLICE_ZONE,
        name="Politiezone Lindebeke",
        slug="politiezone-lindebeke",
        at=at,
        inhabitants=INHABITANTS,
        inhabitants_year=2016,
        office_hours=police_hours,
        demonstration=True,
    )
    for organisation_id, seats in ((municipality, IN_TOWN_HALL), (police, AT_THE_POLICE)):
        for seat in seats:
            await _seat(connection, vault, organisation_id, seat, at)
        await templates.begin(connection, organisation_id, at, {"Gaslek": GAS_TEMPLATE})
    works = await networks.create(connection, municipality, "Hinder en werken", "hinder", at)
    made = {name: await networks.create(connection, police, name, name, at) for name in NEIGHBOURHOODS}
    await connect(connection, vault, settings, municipality, police)
    of_municipality = {str(one.channel): one.id for one in await senders.every(connection, vault, municipality)}
    of_police = {str(one.channel): one.id for one in await senders.every(connection, vault, police)}
    return Town(municipality, police, made, works, of_municipality, of_police)


async def _seat(connection: AsyncConnection, vault: Vault, organisation_id: int, seat: Seat, at: datetime) -> None:
    chat = None if seat.chat_id is None else vault.seal(str(seat.chat_id).encode(), TELEGRAM_CONTEXT)
    await officers.create(
        connection,
        organisation_id=organisation_id,
        email=seat.email,
        name=seat.name,
        role=seat.role,
        password=PASSWORD,
        at=at,
        telegram_sealed=chat,
    )


async def connect(
    connection: AsyncConnection, vault: Vault, settings: Settings, municipality: int, police: int
) -> None:
    """Give each organisation its accounts at the loopback providers, wherever those listen now."""
    await put_senders(connection, vault, settings, municipality)
    assert settings.telegram is not None and settings.twilio is not None  # noqa: S101, PT018 - the demo sets both
    bot, token = TELEGRAM_TOKENS[1].partition(":")[0], TELEGRAM_TOKENS[1]
    twilio = (ACCOUNT_SID, AUTH_TOKEN, settings.twilio.base_url, None)
    for channel, from_address, (account, secret, base_url, template), rate in (
        (ChannelKind.TELEGRAM, "bot", (bot, token, settings.telegram.base_url, None), 30.0),
        (ChannelKind.SMS, POLICE.sms, twilio, 10.0),
        (ChannelKind.WHATSAPP, POLICE.whatsapp, (*twilio[:3], TEMPLATE), 80.0),
    ):
        await senders.put(
            connection,
            vault,
            organisation_id=police,
            slug=POLICE_SLUGS[channel],
            channel=channel,
            account=account,
            from_address=from_address,
            credentials=Credentials(token=secret, secret="a-secret-that-only-the-simulator-repeats"),  # noqa: S106
            base_url=base_url,
            messages_per_second=rate,
            template=template,
        )


def closed_until_later_this_week(at: datetime) -> list[list[str]]:
    """Office hours that lie three days from now only, whatever the day and the hour: nobody is there at present."""
    day = (at + timedelta(days=3)).astimezone(BRUSSELS).weekday()
    return [["09:00-12:00"] if number == day else [] for number in range(7)]

"""A small town in a database: enough for every page to have something to show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from unittest.mock import patch

from argon2 import PasswordHasher
from sqlalchemy.ext.asyncio import AsyncConnection

from bots.conversation import Conversation, State
from bots.repository import conversations, messages
from bots.repository.messages import Author
from messaging.incoming import ChannelKind
from messaging.repository import senders
from messaging.sender import Credentials
from people import officer
from people.consent import Way
from people.organisation import OrganisationKind
from people.repository import networks, officers, organisations, residents
from people.roles import Role
from storage.clock import now
from storage.database import Database
from storage.encryption import Vault

PASSWORD = "een zin als wachtwoord"
SECRET = "only-for-tests-" + "0" * 32


# Argon2 with the least work: what it costs in earnest is of no interest to pages.
CHEAP = patch.object(officer, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@dataclass(frozen=True, slots=True)
class Town:
    """Ids of what was made. officers: by role; each logs in as role@town.example."""

    organisation_id: int
    sender_ids: dict[str, int]
    officers: dict[Role, int]
    conversation_ids: list[int]
    network_ids: list[int]
    resident_ids: list[int]


def email(role: Role, slug: str = "lindebeke") -> str:
    """With which address the officer of a role logs in."""
    return f"{role}@{slug}.example"


async def seed(
    database: Database, vault: Vault, slug: str = "lindebeke", name: str = "Lindebeke", roles: Iterable[Role] = Role
) -> Town:
    """Make a town with officers of all roles, three conversations, and two networks."""
    async with database.write() as connection:
        organisation_id = await organisations.create(
            connection, kind=OrganisationKind.MUNICIPALITY, name=name, slug=slug, at=now(), inhabitants=21_032
        )
        officer_ids = {role: await _officer(connection, organisation_id, role, slug) for role in roles}
        sender_ids = {
            str(channel): await _sender(connection, vault, organisation_id, slug, channel) for channel in ChannelKind
        }
        people = [
            await _resident(connection, vault, organisation_id, channel, value, called)
            for channel, value, called in (
                (ChannelKind.WHATSAPP, f"+3247012{organisation_id:04d}", "Emma De Smet"),
                (ChannelKind.TELEGRAM, f"90{organisation_id}11", "Lucas Peeters"),
                (ChannelKind.SMS, f"+3247099{organisation_id:04d}", None),
            )
        ]
        talks = [
            await _talk(connection, vault, organisation_id, sender_ids, who, at)
            for who, at in zip(people, (now() - timedelta(minutes=m) for m in (25, 9, 90)), strict=True)
        ]
        await _wait(connection, vault, talks[0], urgent=False)
        network_ids = [
            await networks.create(connection, organisation_id, called, word, now())
            for called, word in (("BIN Molenwijk", "molenwijk"), ("BIN Dorpskern", "dorpskern"))
        ]
        for resident_id, address_id, channel in people:
            await networks.join(connection, network_ids[0], resident_id, now())
            if channel != ChannelKind.SMS:
                known = await residents.addresses(connection, organisation_id, resident_id)
                one = next(item for item in known if item.id == address_id)
                await networks.give_consent(connection, organisation_id, one, now(), Way.CHAT, "Ja")
    return Town(
        organisation_id, sender_ids, officer_ids, [talk.id for talk in talks], network_ids, [one[0] for one in people]
    )


async def _officer(connection: AsyncConnection, organisation_id: int, role: Role, slug: str) -> int:
    names = {
        Role.VIEWER: "Vera Volgt",
        Role.OFFICER: "Jan Janssens",
        Role.EDITOR: "Els Editeert",
        Role.APPROVER: "An Akkoord",
        Role.ADMINISTRATOR: "Ad Beheert",
    }
    return await officers.create(
        connection,
        organisation_id=organisation_id,
        email=email(role, slug),
        name=names[role],
        role=role,
        password=PASSWORD,
        at=now(),
    )


async def _sender(
    connection: AsyncConnection, vault: Vault, organisation_id: int, slug: str, channel: ChannelKind
) -> int:
    return await senders.put(
        connection,
        vault,
        organisation_id=organisation_id,
        slug=f"{slug}-{channel}",
        channel=channel,
        account="AC0",
        from_address="+32460000000",
        credentials=Credentials("token"),
        base_url=None,
        messages_per_second=100.0,
        template="HX0" if channel is ChannelKind.WHATSAPP else None,
    )


async def _resident(
    connection: AsyncConnection, vault: Vault, organisation_id: int, channel: str, value: str, name: str | None
) -> tuple[int, int, str]:
    resident_id = await residents.create(connection, vault, organisation_id, now(), name=name, language="nl")
    one = await residents.get(connection, organisation_id, resident_id)
    return resident_id, await residents.add_address(connection, vault, one, channel, value, now()), channel


async def _talk(
    connection: AsyncConnection,
    vault: Vault,
    organisation_id: int,
    sender_ids: dict[str, int],
    who: tuple[int, int, str],
    at: datetime,
) -> Conversation:
    resident_id, address_id, channel = who
    talk = await conversations.create(
        connection,
        organisation_id=organisation_id,
        resident_id=resident_id,
        address_id=address_id,
        sender_id=sender_ids[channel],
        channel=channel,
        language="nl",
        at=at,
    )
    key = vault.person((await residents.get(connection, organisation_id, resident_id)).wrapped_key)
    asked = {"text": "Wanner wordt het papier opgehaald?", "intent": "waste_calendar", "confidence": 0.91}
    await messages.add(connection, key, talk, author=Author.RESIDENT, at=at, language="nl", **asked)  # type: ignore[arg-type]
    answer = "Ik ben de chatbot. Het papier wordt opgehaald op dinsdag 1 december."
    await messages.add(connection, key, talk, author=Author.BOT, text=answer, at=at + timedelta(seconds=1))
    return talk


async def _wait(connection: AsyncConnection, vault: Vault, talk: Conversation, *, urgent: bool) -> None:
    since = now() - timedelta(minutes=12)
    key = vault.person((await residents.get(connection, talk.organisation_id, talk.resident_id)).wrapped_key)
    text = "Kan ik een medewerker spreken? Het is niet duidelijk."
    await messages.add(connection, key, talk, author=Author.RESIDENT, text=text, at=since, language="nl")
    await conversations.change(
        connection,
        talk,
        state=State.WAITING,
        waiting_since=since,
        unanswered_since=since,
        last_message_at=since,
        urgent=urgent,
    )

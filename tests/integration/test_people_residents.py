"""Residents and officers in the database: found by keyed hash, sealed, kept apart per organisation."""

from datetime import UTC, datetime, timedelta

import pytest

from people.consent import Way
from people.organisation import OrganisationKind
from people.repository import networks, officers, organisations, residents
from people.resident import Resident
from people.roles import Action, Role
from people.tables import resident
from storage.database import Database
from storage.encryption import Vault
from storage.errors import NotFound

OLD, NEW = "an old secret that is long enough for it", "a new secret that is long enough for it"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NUMBER = "+32470123456"


async def organisation(database: Database, slug: str = "lindebeke") -> int:
    async with database.write() as connection:
        return await organisations.create(
            connection, kind=OrganisationKind.MUNICIPALITY, name=slug.title(), slug=slug, at=NOON
        )


async def person(database: Database, vault: Vault, organisation_id: int) -> Resident:
    async with database.write() as connection:
        made = await residents.create(connection, vault, organisation_id, NOON, name="An Peeters", language="nl")
        found = await residents.get(connection, organisation_id, made)
        await residents.add_address(connection, vault, found, "sms", NUMBER, NOON)
        return found


async def test_a_number_is_found_on_its_channel_in_its_organisation_only(database_url: str) -> None:
    database, vault = Database(database_url), Vault(OLD)
    here, elsewhere = await organisation(database), await organisation(database, "elders")
    an = await person(database, vault, here)
    async with database.read() as connection:
        found = await residents.find_address(connection, vault, here, "sms", NUMBER)
        assert found is not None
        assert found.resident_id == an.id
        assert await residents.find_address(connection, vault, elsewhere, "sms", NUMBER) is None
        assert await residents.find_address(connection, vault, here, "whatsapp", NUMBER) is None
        with pytest.raises(NotFound):
            await residents.get(connection, elsewhere, an.id)
        assert await residents.name(connection, vault, an) == "An Peeters"
        assert await residents.address_value(connection, vault, found.id) == NUMBER
    await database.close()


async def test_after_the_secret_was_rotated_people_are_still_found_and_reached(database_url: str) -> None:
    database = Database(database_url)
    here = await organisation(database)
    await person(database, Vault(OLD), here)
    rotated = Vault(f"{NEW},{OLD}")
    async with database.read() as connection:
        found = await residents.find_address(connection, rotated, here, "sms", NUMBER)
        assert found is not None
        assert await residents.address_value(connection, rotated, found.id) == NUMBER
        assert await residents.find_address(connection, Vault(NEW), here, "sms", NUMBER) is None
    await database.close()


async def test_an_erased_person_cannot_be_read_back(database_url: str) -> None:
    database, vault = Database(database_url), Vault(OLD)
    here = await organisation(database)
    an = await person(database, vault, here)
    async with database.write() as connection:
        await connection.execute(resident.update().values(wrapped_key=None))
        erased = await residents.get(connection, here, an.id)
        (address,) = await residents.addresses(connection, here, an.id)
        assert await residents.name(connection, vault, erased) is None
        with pytest.raises(NotFound, match="erased"):
            await residents.address_value(connection, vault, address.id)
    await database.close()


async def test_consent_is_given_once_withdrawn_once_and_may_be_given_again(database_url: str) -> None:
    database, vault = Database(database_url), Vault(OLD)
    here = await organisation(database)
    an = await person(database, vault, here)
    async with database.write() as connection:
        (address,) = await residents.addresses(connection, here, an.id)
        for expected in (True, False):
            assert await networks.give_consent(connection, here, address, NOON, Way.CHAT, "Ja") is expected
        assert await networks.opted_in(connection, here) == 1
        for expected in (True, False):
            assert await networks.withdraw_consent(connection, address.id, NOON, Way.CHAT) is expected
        assert not await networks.has_consent(connection, address.id)
        assert await networks.opted_in(connection, here) == 0
        assert await networks.give_consent(connection, here, address, NOON, Way.CONSOLE, "Ja, toch") is True
    await database.close()


async def test_five_wrong_passwords_lock_an_account_for_a_quarter_of_an_hour(database_url: str) -> None:
    database = Database(database_url)
    here = await organisation(database)
    async with database.write() as connection:
        await new_officer(connection, here)
        for _ in range(5):
            assert await officers.by_email(connection, "ELS@example.org ", NOON) is not None
            await officers.count_failed_login(connection, "els@example.org", NOON)
        assert await officers.by_email(connection, "els@example.org", NOON + timedelta(minutes=14)) is None
        assert await officers.by_email(connection, "els@example.org", NOON + timedelta(minutes=16)) is not None
    await database.close()


async def test_a_login_ends_by_time_by_idleness_by_leaving_and_by_a_new_password(database_url: str) -> None:
    database = Database(database_url)
    here = await organisation(database)
    async with database.write() as connection:
        els = await new_officer(connection, here)
        token = await officers.log_in(connection, els, NOON)
        assert await officers.logged_in(connection, token, NOON) is not None
        assert await officers.logged_in(connection, f"{token}x", NOON) is None
        assert await officers.logged_in(connection, token, NOON + officers.IDLE_LOGIN_LASTS) is None
        for hour in range(1, 12):
            await officers.touch_login(connection, token, NOON + timedelta(hours=hour))
        assert await officers.logged_in(connection, token, NOON + timedelta(hours=11, minutes=59)) is not None
        assert await officers.logged_in(connection, token, NOON + officers.LOGIN_LASTS) is None
        await officers.set_password(connection, els, "another long password")
        assert await officers.logged_in(connection, token, NOON) is None
        again = await officers.log_in(connection, els, NOON)
        await officers.deactivate(connection, here, els)
        assert await officers.logged_in(connection, again, NOON) is None
        assert await officers.who_may(connection, here, Action.REPLY) == []
    await database.close()


async def new_officer(connection: object, organisation_id: int) -> int:
    return await officers.create(
        connection,  # type: ignore[arg-type]
        organisation_id=organisation_id,
        email="Els@Example.org",
        name="Els",
        role=Role.OFFICER,
        password="a password of some length",
        at=NOON,
    )

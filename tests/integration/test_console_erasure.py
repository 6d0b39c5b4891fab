"""Somebody who asks to be forgotten is: nobody reads, finds or writes to them any more, and it is on the record."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from bots.conversation import Conversation, State
from bots.repository import conversations
from messaging.delivery import DeliveryState, Purpose
from messaging.repository import ledger
from messaging.repository.ledger import NewDelivery
from messaging.tables import delivery
from people.repository import members, networks, residents
from people.roles import Role
from storage.clock import now
from tests.integration.console_setting import Setting, console_at


@pytest.fixture
async def setting(database_url: str) -> AsyncIterator[Setting]:
    async with console_at(database_url) as made:
        yield made


async def queued_for(setting: Setting, one: Conversation) -> int:
    """A reply that waits to leave in this conversation."""
    new = NewDelivery(
        organisation_id=one.organisation_id,
        sender_id=one.sender_id,
        address_id=one.address_id,
        resident_id=one.resident_id,
        purpose=Purpose.REPLY,
        content=b"sealed",
        conversation_id=one.id,
    )
    async with setting.database.write() as connection:
        return await ledger.queue(connection, new, now())


async def test_an_erased_person_cannot_be_read_found_or_written_to(setting: Setting) -> None:
    administrator = await setting.officer(Role.ADMINISTRATOR)
    town, emma = setting.town, setting.town.resident_ids[0]
    before = await administrator.get(f"/residents/{emma}/erasure")
    assert "Emma De Smet" in before.text
    done = await administrator.post(f"/residents/{emma}/erasure", sure="1")
    assert done.headers["location"] == f"/residents/{emma}/erasure"
    assert "Deze persoon is gewist" in (await administrator.get(f"/residents/{emma}/erasure")).text
    assert "Emma" not in (await administrator.get("/members")).text
    assert "Emma" not in (await administrator.get("/")).text
    async with setting.database.read() as connection:
        person = await residents.get(connection, town.organisation_id, emma)
        assert person.wrapped_key is None
        assert await networks.of_resident(connection, emma) == []
        assert await members.with_number(connection, setting.vault, town.organisation_id, "+32470120001") == []
        for one in await residents.addresses(connection, town.organisation_id, emma):
            assert not await networks.has_consent(connection, one.id)
    assert "resident_erase" in [line.action for line in await setting.audit()]


async def test_what_waits_for_an_erased_person_does_not_leave(setting: Setting) -> None:
    administrator, talk = await setting.officer(Role.ADMINISTRATOR), setting.town.conversation_ids[0]
    async with setting.database.read() as connection:
        one = await conversations.get(connection, setting.town.organisation_id, talk)
    waiting = await queued_for(setting, one)
    await administrator.post(f"/residents/{one.resident_id}/erasure", sure="1")
    async with setting.database.read() as connection:
        state = await connection.scalar(select(delivery.c.state).where(delivery.c.id == waiting))
        closed = await conversations.get(connection, setting.town.organisation_id, talk)
    assert (state, closed.state) == (DeliveryState.CANCELLED, State.CLOSED)
    assert "Gewiste inwoner" in (await administrator.get(f"/conversations/{talk}")).text


async def test_nobody_is_erased_by_a_slip_of_the_hand_or_by_another_organisation(setting: Setting) -> None:
    emma = setting.town.resident_ids[0]
    here = await setting.officer(Role.ADMINISTRATOR)
    assert (await here.post(f"/residents/{emma}/erasure")).status_code == 422
    elsewhere = await setting.officer(Role.ADMINISTRATOR, "elders")
    assert (await elsewhere.post(f"/residents/{emma}/erasure", sure="1")).status_code == 404
    editor = await setting.officer(Role.EDITOR)
    assert (await editor.post(f"/residents/{emma}/erasure", sure="1")).status_code == 403
    assert "Emma De Smet" in (await editor.get("/members")).text

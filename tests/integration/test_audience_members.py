"""Who is in an audience, as the database finds them: each person once, in slices of any size."""

import asyncio
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from broadcast.repository import audience
from broadcast.selection import Selection
from messaging.incoming import ChannelKind
from messaging.repository import broadcasts
from messaging.repository.attempts import Attempt
from people.membership import MemberRole
from people.repository import networks
from storage.clock import now
from tests.integration.broadcast_setting import Zone, police_zone

TELEGRAM, SMS = ChannelKind.TELEGRAM, ChannelKind.SMS


async def _found(zone: Zone, selection: Selection, *, after: int = 0, limit: int | None = None) -> list[int]:
    async with zone.database.read() as connection:
        found = await audience.members(connection, zone.vault, zone.id, selection, after=after, limit=limit)
        return [resident_id for resident_id, _ in found]


async def _second_network(zone: Zone, *people: int, role: MemberRole = MemberRole.MEMBER) -> int:
    async with zone.database.write() as connection:
        second = await networks.create(connection, zone.id, "BIN Zuid", "zuid", now())
        for person in people:
            await networks.join(connection, second, person, now(), role)
    return second


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
async def test_slices_of_any_size_give_everybody_once(database_url: str, limit: int) -> None:
    async with police_zone(database_url) as zone:
        people = [await zone.member((TELEGRAM, str(number)), (SMS, f"+3247012340{number}")) for number in range(5)]
        second = await _second_network(zone, *people[1:4])
        both = Selection(networks=frozenset({zone.network, second}))
        found: list[int] = []
        while part := await _found(zone, both, after=max(found, default=0), limit=limit):
            assert len(part) <= limit
            found += part
        assert found == sorted(people)


async def test_who_told_no_language_counts_as_dutch_and_a_request_goes_before_what_they_write(
    database_url: str,
) -> None:
    async with police_zone(database_url) as zone:
        silent = await zone.member((TELEGRAM, "1"))
        french = await zone.member((TELEGRAM, "2"), language="fr")
        here = frozenset({zone.network})
        assert await _found(zone, Selection(networks=here, languages=frozenset({"fr"}))) == [french]
        assert await _found(zone, Selection(networks=here, languages=frozenset({"nl"}))) == [silent]


async def test_a_channel_leaves_out_people_and_addresses_of_other_channels(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        both = await zone.member((TELEGRAM, "1"), (SMS, "+32470123401"))
        await zone.member((TELEGRAM, "2"))
        by_sms = Selection(networks=frozenset({zone.network}), channels=frozenset({"sms"}))
        async with zone.database.read() as connection:
            found = await audience.members(connection, zone.vault, zone.id, by_sms)
        assert [(person, [one.channel for one in addresses]) for person, addresses in found] == [(both, ["sms"])]


async def test_who_coordinates_one_of_the_networks_is_a_coordinator_and_the_others_are_members(
    database_url: str,
) -> None:
    async with police_zone(database_url) as zone:
        people = [await zone.member((TELEGRAM, str(number))) for number in range(3)]
        second = await _second_network(zone, people[1], role=MemberRole.COORDINATOR)
        both = Selection(networks=frozenset({zone.network, second}))
        assert await _found(zone, replace(both, role=MemberRole.COORDINATOR)) == [people[1]]
        assert await _found(zone, replace(both, role=MemberRole.MEMBER)) == [people[0], people[2]]


async def test_coordinators_are_told_before_the_others(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM, rate=5)
        people = [await zone.member((TELEGRAM, str(number))) for number in range(3)]
        async with zone.database.write() as connection:
            await networks.set_role(connection, zone.network, people[2], MemberRole.COORDINATOR)
        async with zone.dispatching():
            first = replace(zone.content().audience, coordinators_first=True)
            _, event_id = await zone.sent(audience=first)
            await zone.until(event_id, "sent")
        assert [one["address"] for one in zone.arrived()] == ["2", "0", "1"]


async def test_who_is_first_in_the_ledger_leaves_first_also_when_their_claim_takes_long(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, calls = broadcasts.claim, count()

    async def first_is_slow(*arguments: Any) -> list[Attempt]:
        claimed = await claim(*arguments)
        if next(calls) == 0:
            await asyncio.sleep(0.3)
        return claimed

    monkeypatch.setattr(broadcasts, "claim", first_is_slow)
    async with police_zone(database_url) as zone:
        await zone.sender(TELEGRAM, rate=5)
        chats = await zone.members(3)
        async with zone.dispatching():
            _, event_id = await zone.sent()
            await zone.until(event_id, "sent")
        assert [one["address"] for one in zone.arrived()] == chats


async def test_nobody_is_in_an_audience_that_names_nobody(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await zone.member((TELEGRAM, "1"))
        assert await _found(zone, Selection()) == []

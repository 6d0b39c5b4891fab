"""An audience by where people live, and by what they want to hear of."""

from dataclasses import replace

import pytest

from broadcast.places.area import Area, Circle
from broadcast.places.houses import Houses
from broadcast.repository import audience, places
from broadcast.selection import Selection
from broadcast.vocabulary import Kind, Severity, Status
from messaging.incoming import ChannelKind
from people.home import Home
from people.kinds import MessageKind
from people.repository import homes, kinds, residents
from storage.clock import now
from storage.errors import NotFound
from tests.integration.broadcast_setting import Zone, police_zone

TELEGRAM = ChannelKind.TELEGRAM


async def _settle(zone: Zone, *where: Home) -> list[int]:
    people = [await zone.member((TELEGRAM, str(number))) for number in range(len(where))]
    async with zone.database.write() as connection:
        for resident_id, home in zip(people, where, strict=True):
            person = await residents.get(connection, zone.id, resident_id)
            await homes.put(connection, zone.vault, zone.id, [(person, home)], now())
    return people


async def _found(zone: Zone, selection: Selection, after: int = 0, limit: int | None = None) -> list[int]:
    async with zone.database.read() as connection:
        found = await audience.members(connection, zone.vault, zone.id, selection, after=after, limit=limit)
        return [resident_id for resident_id, _ in found]


def _houses(*lines: str) -> Selection:
    return Selection(houses=frozenset(map(Houses.parse, lines)))


def _home(street: str, number: str, post_code: str = "9000") -> Home:
    return Home(street=street, number=number, post_code=post_code, place="Lindebeke")


async def test_streets_and_house_numbers_choose_who_lives_there(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        one, two, three, plein = await _settle(
            zone, _home("Kerkstraat", "1"), _home("Kerkstr.", "2"), _home("Kerkstraat", "3A"), _home("Plein", "1")
        )
        assert await _found(zone, _houses("kerkstraat")) == [one, two, three]
        assert await _found(zone, _houses("Kerkstraat oneven")) == [one, three]
        assert await _found(zone, _houses("Kerkstraat 2-3", "Plein")) == [two, three, plein]
        assert await _found(zone, _houses("Kerkstraat 2-3", "Plein"), after=two, limit=1) == [three]


async def test_post_codes_and_municipalities_choose_by_the_address(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        ghent, sint_denijs, _elsewhere = await _settle(
            zone, _home("A", "1", "9000"), _home("B", "1", "9051"), _home("C", "1", "8000")
        )
        assert await _found(zone, Selection(post_codes=frozenset({"9051"}))) == [sint_denijs]
        assert await _found(zone, Selection(municipalities=frozenset({"44021"}))) == [ghent, sint_denijs]


async def test_an_area_chooses_by_the_point_of_the_home_and_follows_whoever_moves(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        near, far, unknown = await _settle(
            zone,
            Home(street="A", latitude=51.05, longitude=3.72),
            Home(street="B", latitude=51.05, longitude=3.9),
            Home(street="C"),
        )
        area, _ = Area.of([], [Circle((3.72, 51.05), 500)])
        around = Selection(area=area)
        assert await _found(zone, around) == [near]
        assert await _found(zone, replace(around, houses=frozenset({Houses.parse("C")}))) == [near, unknown]
        async with zone.database.write() as connection:
            person = await residents.get(connection, zone.id, far)
            moved = Home(street="A", latitude=51.051, longitude=3.721)
            await homes.put(connection, zone.vault, zone.id, [(person, moved)], now())
        assert await _found(zone, around) == [near, far]


async def test_places_are_kept_by_name_for_their_own_organisation(database_url: str) -> None:
    async with police_zone(database_url) as zone, zone.database.write() as connection:
        first = await places.keep(connection, zone.id, "Centrum", _houses("Plein"), now())
        where = replace(_houses("Kerkstraat 1-9"), networks=frozenset({zone.network}))
        assert await places.keep(connection, zone.id, "Centrum", where, now()) == first
        (kept,) = await places.kept(connection, zone.id)
        assert (kept.name, kept.selection) == ("Centrum", _houses("Kerkstraat 1-9"))
        with pytest.raises(NotFound):
            await places.forget(connection, zone.id + 1, first)
        await places.forget(connection, zone.id, first)
        assert await places.kept(connection, zone.id) == []


async def test_a_network_and_a_place_together_choose_members_who_live_there(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        (member,) = await _settle(zone, _home("Kerkstraat", "1"))
        async with zone.database.write() as connection:
            neighbour = await residents.create(connection, zone.vault, zone.id, now())
            person = await residents.get(connection, zone.id, neighbour)
            await homes.put(connection, zone.vault, zone.id, [(person, _home("Kerkstraat", "2"))], now())
        street = frozenset({Houses.parse("Kerkstraat")})
        assert await _found(zone, Selection(houses=street)) == [member, neighbour]
        assert await _found(zone, Selection(networks=frozenset({zone.network}), houses=street)) == [member]


async def test_who_does_not_want_a_kind_of_message_is_left_out_of_it_alone(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        person = await zone.member((TELEGRAM, "1"))
        async with zone.database.write() as connection:
            await kinds.choose(connection, person, set(MessageKind) - {MessageKind.NEWS})
        here = frozenset({zone.network})
        assert await _found(zone, Selection(networks=here, kind=MessageKind.NEWS)) == []
        assert await _found(zone, Selection(networks=here, kind=MessageKind.CRIME)) == [person]
        newsletter = zone.content(severity=Severity.MINOR, kind=Kind.NEWSLETTER)
        assert await _found(zone, newsletter.goes_to) == []
        assert await _found(zone, replace(newsletter, status=Status.EXERCISE).goes_to) == [person]
        assert await _found(zone, replace(newsletter, severity=Severity.SEVERE).goes_to) == [person]


async def test_a_home_is_stored_without_a_readable_street(sqlite_url: str) -> None:
    async with police_zone(sqlite_url) as zone:
        await _settle(zone, _home("Kerkstraat", "1"))
    with open(sqlite_url.removeprefix("sqlite:///"), "rb") as file:  # noqa: ASYNC230, PTH123
        assert b"Kerkstraat" not in file.read()

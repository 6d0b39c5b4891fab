"""Members from a list: nobody twice, nobody without evidence, nothing lost when the process dies."""

from datetime import date, timedelta

from sqlalchemy import text

from broadcast.members.columns import Field
from broadcast.members.evidence import Evidence
from broadcast.members.importing import Imports, open_list
from broadcast.repository import audience, imports
from broadcast.repository.imports import Import
from broadcast.selection import Selection
from people.consent import Way
from people.membership import MemberRole
from people.repository import homes, networks, residents
from storage.clock import now
from tests.integration.broadcast_setting import Zone, police_zone

LIST = """voornaam;naam;gsm;straat;nr;postcode;rol
An;Peeters;0470 12 34 01;Kerkstraat;1;9000;coördinator
Jan;De Smet;+32470123402;Kerkstr.;2;9000;lid
Fatima;Benali;geen;Plein;3;9000;lid
An;Peeters;0470123401;Kerkstraat;1;9000;
"""
EVIDENCE = Evidence(on=date(2026, 1, 31), how="papieren formulier", wording="Ja, stuur mij meldingen", everybody=True)


async def _upload(zone: Zone, text: str = LIST, evidence: Evidence | None = EVIDENCE, state: str = "importing") -> int:
    content = text.encode()
    opened = open_list("leden.csv", content)
    async with zone.database.write() as connection:
        made = await imports.create(
            connection, zone.vault, zone.id, None, "leden.csv", content, opened.digest, opened.rows, now()
        )
        one = await imports.get(connection, zone.id, made)
        await imports.start(
            connection,
            one,
            state,
            ["uploaded"],
            now(),
            network_id=zone.network,
            columns=opened.columns,
            evidence=evidence.as_json() if evidence else None,
        )
    return made


async def _run(zone: Zone, import_id: int) -> Import:
    while await Imports(zone.database, zone.vault).work():
        pass
    async with zone.database.read() as connection:
        return await imports.get(connection, zone.id, import_id)


async def _members(zone: Zone) -> list[tuple[int, bool]]:
    async with zone.database.read() as connection:
        here = Selection(networks=frozenset({zone.network}))
        found = await audience.members(connection, zone.vault, zone.id, here)
        return [(person, any(one.consent == "given" for one in addresses)) for person, addresses in found]


async def test_a_list_makes_members_with_name_home_role_and_consent(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        done = await _run(zone, await _upload(zone))
        assert (done.state, done.done) == ("done", 4)
        assert done.counts == {"new": 2, "known": 1, "agreed": 3, "refused": 1}
        (an, agreed), (jan, _) = await _members(zone)
        assert agreed
        async with zone.database.read() as connection:
            person = await residents.get(connection, zone.id, an)
            assert await residents.name(connection, zone.vault, person) == "An Peeters"
            found = await homes.of_residents(connection, zone.vault, zone.id, [an, jan])
            assert [home.street for home in found.values()] == ["Kerkstraat", "Kerkstr."]
            first = Selection(networks=frozenset({zone.network}), role=MemberRole.COORDINATOR)
            coordinators = await audience.members(connection, zone.vault, zone.id, first)
            assert [one for one, _ in coordinators] == [an]
            (refused,) = await imports.refused(connection, zone.vault, done.id)
            assert (refused.number, refused.cells[0]) == (4, "Fatima")
            assert "phone number" in refused.reason


async def test_the_same_list_again_makes_nobody_twice(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await _run(zone, await _upload(zone))
        before = await _members(zone)
        again = await _run(zone, await _upload(zone))
        assert again.counts == {"known": 3, "agreed": 3, "refused": 1}
        assert await _members(zone) == before


async def test_after_a_list_postgresql_knows_how_many_members_there_are(postgresql_url: str) -> None:
    async with police_zone(postgresql_url) as zone:
        await _run(zone, await _upload(zone))
        async with zone.database.read() as connection:
            known = await connection.scalar(text("SELECT reltuples FROM pg_class WHERE relname = 'membership'"))
            members = await connection.scalar(text("SELECT count(*) FROM membership"))
        assert known == members > 0


async def test_without_evidence_people_become_members_who_are_sent_nothing(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        done = await _run(zone, await _upload(zone, evidence=None))
        assert (done.counts["silent"], "agreed" in done.counts) == (3, False)
        assert [agreed for _, agreed in await _members(zone)] == [False, False]


async def test_a_list_does_not_undo_a_later_stop(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        await _run(zone, await _upload(zone))
        (an, _), *_ = await _members(zone)
        await zone.stop((await zone.addresses(an))[0])
        await _run(zone, await _upload(zone))
        assert [agreed for _, agreed in await _members(zone)] == [False, True]


async def test_looking_through_a_list_counts_and_changes_nothing(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        checked = await _run(zone, await _upload(zone, state="checking"))
        assert checked.state == "checked"
        assert checked.counts == {"new": 2, "known": 1, "agreed": 3, "refused": 1}
        assert await _members(zone) == []
        async with zone.database.write() as connection:
            await imports.start(connection, checked, "importing", ["checked"], now())
        assert (await _run(zone, checked.id)).counts == checked.counts


async def test_a_list_whose_process_died_goes_on_after_its_last_batch(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        made = await _upload(zone)
        async with zone.database.write() as connection:
            one = await imports.claim(connection, "the dead one", now() - timedelta(minutes=2))
            assert one is not None
            moment = now() - timedelta(minutes=2)
            await imports.advance(
                connection, zone.vault, one, "the dead one", moment, done=1, counts={"new": 1}, refused=[]
            )
        done = await _run(zone, made)
        assert (done.state, done.done) == ("done", 4)
        assert len(await _members(zone)) == 2  # the first row was taken by the dead process alone, in this test


async def test_a_file_is_dropped_once_it_is_imported_and_its_columns_are_remembered(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        done = await _run(zone, await _upload(zone))
        async with zone.database.read() as connection:
            opened = open_list("leden.csv", LIST.encode())
            assert await imports.remembered(connection, zone.id, opened.digest) == opened.columns
            assert await imports.remembered(connection, zone.id + 1, opened.digest) is None
            assert done.columns[Field.MOBILE] == 2


async def test_a_person_who_writes_already_keeps_their_own_consent_and_name(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        async with zone.database.write() as connection:
            person = await residents.create(connection, zone.vault, zone.id, now(), name="An P.")
            known = await residents.get(connection, zone.id, person)
            await residents.add_address(connection, zone.vault, known, "sms", "+32470123401", now())
        (address,) = await zone.addresses(person)
        async with zone.database.write() as connection:
            await networks.give_consent(connection, zone.id, address, now(), Way.CHAT, "Ja")
        await _run(zone, await _upload(zone))
        async with zone.database.read() as connection:
            assert await residents.name(connection, zone.vault, known) == "An P."
        assert (person, True) in await _members(zone)

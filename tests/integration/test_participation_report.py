"""The figures of an organisation, from its people and its log."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from participation import report
from participation.metrics import Cohort, Rate, Share
from participation.period import Period
from participation.report import Figures
from participation.rollup import Rollups
from people.consent import Way
from people.repository import networks, organisations, residents
from people.resident import Address
from storage.database import Database
from storage.encryption import Vault
from storage.facts import Fact, FactKind
from tests.integration.participation_setting import append, catch_up, make_organisation
from tests.participation_log import MORNING, dialogue, fact

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
VAULT = Vault("a secret for tests of more than thirty-two characters")
INHABITANTS = 21_032


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


async def figures(database: Database, organisation_id: int, period: Period = MARCH) -> Figures:
    await catch_up(Rollups(database))
    async with database.read() as connection:
        return await report.figures(connection, await organisations.get(connection, organisation_id), period)


async def residents_with_address(database: Database, organisation_id: int, count: int) -> list[Address]:
    async with database.write() as connection:
        made: list[Address] = []
        for number in range(count):
            one = await residents.create(connection, VAULT, organisation_id, MORNING)
            person, value = await residents.get(connection, organisation_id, one), f"+3247000000{number}"
            await residents.add_address(connection, VAULT, person, "sms", value, MORNING)
            made += await residents.addresses(connection, organisation_id, one)
        return made


async def test_dialogues_come_to_figures(database: Database) -> None:
    organisation_id = await make_organisation(database)
    for number in range(8):
        await append(
            database,
            [replace(one, conversation_id=number, resident_id=number % 6) for one in dialogue(organisation_id)],
        )
    found = await figures(database, organisation_id)
    assert found.answered == Rate(8, 8, 1.0, Cohort.QUESTIONS)
    assert found.response.officer.clock.median == 600
    assert found.response.bot.clock.answers is None
    assert found.conversations.discussed == Rate(8, 8, 1.0, Cohort.CONVERSATIONS)
    assert found.reach.active_30 == Rate(6, INHABITANTS, 6 / INHABITANTS, Cohort.INHABITANTS)
    assert found.languages.shares == (Share("nl", 16), Share("fr", 8))
    assert found.topics.shares == (Share("waste_paper", 8),)
    assert found.events[FactKind.HANDOVER_REQUESTED] == 8
    assert [(day.received, day.questions) for day in found.days if day.received] == [(24, 8)]
    assert len(found.days) == 31


async def test_what_lies_outside_the_period_is_not_in_it(database: Database) -> None:
    organisation_id = await make_organisation(database)
    await append(database, dialogue(organisation_id))
    found = await figures(database, organisation_id, Period(date(2026, 3, 3), date(2026, 3, 31)))
    assert (found.questions, found.conversations.opened, found.events[FactKind.MESSAGE_RECEIVED]) == (0, 0, 0)
    assert found.reach.active_30.numerator == 1, "active residents are counted over their own thirty days"


async def test_active_residents_are_different_ones_in_the_thirty_and_ninety_days_up_to_the_last(
    database: Database,
) -> None:
    organisation_id = await make_organisation(database)
    days_ago = {1: 0, 2: 29, 3: 30, 4: 89, 5: 90}
    last = MORNING.date() + timedelta(days=90)
    for resident_id, days in days_ago.items():
        wrote = fact(organisation_id, FactKind.MESSAGE_RECEIVED, (90 - days) * 24 * 60, resident_id=resident_id)
        await append(database, [wrote, wrote])
    found = await figures(database, organisation_id, Period.until(last, 7))
    assert (found.reach.active_30.numerator, found.reach.active_90.numerator) == (2, 4)


async def test_who_opted_out_is_not_reachable(database: Database) -> None:
    organisation_id = await make_organisation(database)
    first, second = await residents_with_address(database, organisation_id, 2)
    async with database.write() as connection:
        for one in (first, second):
            await networks.give_consent(connection, organisation_id, one, MORNING, Way.CHAT, "yes")
        await networks.withdraw_consent(connection, second.id, MORNING, Way.CHAT)
    found = await figures(database, organisation_id)
    assert found.reach.reachable == Rate(1, INHABITANTS, 1 / INHABITANTS, Cohort.INHABITANTS)


async def test_a_network_is_a_community_once_three_different_members_replied(database: Database) -> None:
    organisation_id = await make_organisation(database)
    members = await residents_with_address(database, organisation_id, 3)
    async with database.write() as connection:
        made = [
            await networks.create(connection, organisation_id, f"Network {number}", f"n{number}", MORNING)
            for number in range(5)
        ]
        for one in members:
            await networks.join(connection, made[0], one.resident_id, MORNING)
        await networks.join(connection, made[1], members[0].resident_id, MORNING)

    def reply(number: int) -> Fact:
        return fact(organisation_id, FactKind.ALERT_REPLIED, number, resident_id=members[number].resident_id)

    await append(database, [reply(0), reply(0), reply(1)])
    assert (await figures(database, organisation_id)).community == Rate(0, 5, 0.0, Cohort.NETWORKS)
    await append(database, [reply(2)])
    assert (await figures(database, organisation_id)).community == Rate(1, 5, 0.2, Cohort.NETWORKS)


async def test_residents_who_took_part_are_a_share_of_those_who_wrote(database: Database) -> None:
    organisation_id = await make_organisation(database)
    wrote = [fact(organisation_id, FactKind.MESSAGE_RECEIVED, 0, resident_id=one) for one in range(6)]
    ideas = [fact(organisation_id, FactKind.IDEA_SHARED, minute, resident_id=1) for minute in range(3)]
    await append(database, [*wrote, *ideas])
    assert (await figures(database, organisation_id)).participating == Rate(1, 6, 1 / 6, Cohort.WRITERS)


async def test_an_organisation_sees_nothing_of_another(database: Database) -> None:
    first, second = await make_organisation(database), await make_organisation(database, "politiezone")
    await append(database, dialogue(first))
    found = await figures(database, second)
    assert found.questions == 0
    assert found.reach.active_90.numerator == 0
    assert not any(found.events.values())


async def test_figures_can_be_read_by_other_programs(database: Database) -> None:
    organisation_id = await make_organisation(database)
    await append(database, dialogue(organisation_id))
    found = json.loads((await figures(database, organisation_id)).to_json())
    assert found["first"] == "2026-03-01"
    assert found["answered"] == {
        "numerator": None,
        "denominator": None,
        "value": None,
        "cohort": "questions asked in the period",
        "hidden": True,
    }

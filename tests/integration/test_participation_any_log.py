"""Any log, in any order of its moments and any split into stretches, is counted as if at once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from participation import repository, rollup
from participation.rollup import Rollups
from storage.database import Database
from storage.facts import Fact, FactKind
from tests.integration.participation_setting import append, catch_up, content, make_organisation
from tests.participation_log import MORNING

OF_A_MESSAGE = st.fixed_dictionaries(
    {
        "purpose": st.sampled_from(["reply", "officer", "system"]),
        "substantive": st.booleans(),
        "seconds": st.none() | st.floats(0, 10**6),
        "count": st.integers(0, 1000),
    }
)
FACTS = st.builds(
    Fact,
    kind=st.sampled_from(FactKind),
    organisation_id=st.just(0),
    at=st.integers(0, 10 * 86_400 * 10**6).map(lambda microseconds: MORNING + timedelta(microseconds=microseconds)),
    channel=st.sampled_from([None, "telegram", "sms", "whatsapp"]),
    language=st.sampled_from([None, "nl", "fr"]),
    resident_id=st.none() | st.integers(1, 4),
    conversation_id=st.none() | st.integers(1, 3),
    intent=st.sampled_from([None, "waste_paper", "parking_permit"]),
    data=st.none() | OF_A_MESSAGE,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.lists(FACTS, max_size=12), max_size=5), stretch=st.integers(1, 9))
def test_any_split_comes_to_the_same_as_counting_anew(database_url: str, parts: list[list[Fact]], stretch: int) -> None:
    asyncio.run(_compare(database_url, parts, stretch))


async def _compare(url: str, parts: list[list[Fact]], stretch: int) -> None:
    database = Database(url)
    async with database.read() as connection:
        before = len(await repository.watermarks(connection))
    organisation_id = await make_organisation(database, f"example-{before}")
    for part in parts:
        await append(database, [replace(one, organisation_id=organisation_id) for one in part])
        await catch_up(Rollups(database, stretch=stretch))
    kept = await content(database, organisation_id)
    async with database.write() as connection:
        await rollup.rebuild(connection, organisation_id, await repository.settled(connection))
    assert await content(database, organisation_id) == kept
    assert sum(cell[3] for cell in kept[0] if cell.metric == "happened") == sum(map(len, parts))
    await database.close()

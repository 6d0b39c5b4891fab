"""Who is warned says whether they are safe; who needs help is told whom to call, and officers are told."""

from pathlib import Path

from bots import handover
from bots.tables import conversation, notification
from broadcast.acknowledgement import Answer
from broadcast.alert import Severity
from broadcast.event import EventKind
from broadcast.repository import acknowledgements
from broadcast.tables import acknowledgement
from people.roles import Role
from storage.facts import FactKind
from storage.tables import fact
from tests.integration.alert_in_town import dispatching, follow, member, warn
from tests.integration.test_conversation_networks import done
from tests.town import AN, Town, town


async def press(lindebeke: Town, number: int) -> str:
    """An presses a button below the last message that has some; gives the answer."""
    asking = next(one for one in reversed(lindebeke.sent()) if one.get("choices"))
    label, choice, *_ = asking["choices"][number]
    before = len(lindebeke.sent())
    await lindebeke.press(choice, label)
    await done(lindebeke)
    return lindebeke.sent()[before]["text"]


async def counted(lindebeke: Town, alert_id: int) -> dict[Answer, int]:
    async with lindebeke.database.read() as connection:
        return await acknowledgements.counts(connection, lindebeke.id, alert_id)


async def test_who_is_safe_says_so_with_a_button_and_is_thanked(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke, dispatching(lindebeke, database_url):
        _, alert_id = await warn(lindebeke, await member(lindebeke))
        assert "weten dat u veilig bent" in await press(lindebeke, 0)
        assert await counted(lindebeke, alert_id) == {Answer.SAFE: 1, Answer.NEED_HELP: 0}
        (talk,) = await lindebeke.rows(conversation)
        assert (talk.state, talk.urgent) == ("open", False)
        assert await lindebeke.rows(notification) == []


async def test_who_needs_help_is_told_whom_to_call_first_and_officers_are_told(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke, dispatching(lindebeke, database_url):
        await lindebeke.officer(Role.OFFICER)
        _, alert_id = await warn(lindebeke, await member(lindebeke))
        assert (await press(lindebeke, 1)).startswith("Bel nu 112")
        assert await counted(lindebeke, alert_id) == {Answer.SAFE: 0, Answer.NEED_HELP: 1}
        (talk,) = await lindebeke.rows(conversation)
        assert (talk.state, talk.urgent) == ("waiting", True)
        assert {one.reason for one in await lindebeke.rows(notification)} == {"need_help"}
        logged = [row for row in await lindebeke.rows(fact) if row.kind == FactKind.ALERT_ACKNOWLEDGED]
        assert [row.resident_id for row in logged] == [talk.resident_id]


async def test_the_last_word_counts_and_those_before_it_are_kept(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke, dispatching(lindebeke, database_url):
        approver, alert_id = await warn(lindebeke, await member(lindebeke))
        await press(lindebeke, 1)
        await follow(lindebeke, approver, alert_id, EventKind.UPDATE, "De brandweer is er.")
        await press(lindebeke, 0)
        assert await counted(lindebeke, alert_id) == {Answer.SAFE: 1, Answer.NEED_HELP: 0}
        said = [(row.answer, row.counts) for row in await lindebeke.rows(acknowledgement)]
        assert said == [("need_help", False), ("safe", True)]


async def test_a_number_answers_whoever_asked_last(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke, dispatching(lindebeke, sqlite_url):
        network = await member(lindebeke)
        await lindebeke.reply_to("blabla")
        _, alert_id = await warn(lindebeke, network)
        assert (await lindebeke.reply_to("2")).startswith("Bel nu 112")
        assert await counted(lindebeke, alert_id) == {Answer.SAFE: 0, Answer.NEED_HELP: 1}
        await lindebeke.network("BIN Station", "station")
        await lindebeke.network("BIN Haven", "haven")
        await lindebeke.reply_to("buurtnetwerk")
        await lindebeke.reply_to("1")
        assert len(await lindebeke.rows(acknowledgement)) == 1


async def test_what_asks_nobody_is_not_answered_by_a_number(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke, dispatching(lindebeke, sqlite_url):
        await warn(lindebeke, await member(lindebeke), Severity.MODERATE)
        await lindebeke.reply_to("1")
        assert await lindebeke.rows(acknowledgement) == []


async def test_an_alert_asks_as_its_author_says_however_grave(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke, dispatching(lindebeke, database_url):
        network = await member(lindebeke)
        await warn(lindebeke, network, ask_if_safe=False)
        await lindebeke.reply_to("1")
        assert await lindebeke.rows(acknowledgement) == []
        _, alert_id = await warn(lindebeke, network, Severity.MINOR, ask_if_safe=True)
        assert "weten dat u veilig bent" in await press(lindebeke, 0)
        assert await counted(lindebeke, alert_id) == {Answer.SAFE: 1, Answer.NEED_HELP: 0}


async def test_nobody_answers_an_alert_that_they_were_not_sent(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke, dispatching(lindebeke, sqlite_url):
        await warn(lindebeke, await member(lindebeke))
        choice = next(one for one in reversed(lindebeke.sent()) if one.get("choices"))["choices"][0][1]
        await lindebeke.press(choice, "Ik ben veilig", chat=AN + 1)
        await done(lindebeke)
        assert await lindebeke.rows(acknowledgement) == []


async def test_need_for_help_is_heard_while_an_officer_has_the_conversation(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke, dispatching(lindebeke, sqlite_url):
        officer = await lindebeke.officer()
        _, alert_id = await warn(lindebeke, await member(lindebeke))
        (talk,) = await lindebeke.rows(conversation)
        async with lindebeke.desk(officer) as desk:
            await handover.take_over(desk, talk.id)
        await done(lindebeke)
        await lindebeke.telegram("2")
        await done(lindebeke)
        assert await counted(lindebeke, alert_id) == {Answer.SAFE: 0, Answer.NEED_HELP: 0}
        assert (await press(lindebeke, 1)).startswith("Bel nu 112")
        assert (await lindebeke.rows(conversation))[0].urgent

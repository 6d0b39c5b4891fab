"""An officer takes a conversation over, answers, gives it back or closes it."""

from pathlib import Path

import pytest

from bots import handover
from bots.repository import conversations
from bots.tables import conversation, message
from people.roles import Role
from storage.errors import Conflict, Forbidden, InvalidInput, NotFound
from storage.facts import FactKind
from storage.repository import broken_audit_line
from storage.tables import audit, fact
from tests.town import AN_MOBILE, town


async def test_an_officer_takes_over_answers_and_gives_back_and_the_resident_hears_who_speaks(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        officer = await lindebeke.officer()
        await lindebeke.reply_to("een medewerker aub")
        async with lindebeke.desk(officer) as desk:
            await handover.take_over(desk, 1)
        async with lindebeke.desk(officer) as desk:
            await handover.reply(desk, 1, " Ik kijk het na. ")
        await lindebeke.send()
        async with lindebeke.desk(officer) as desk:
            await handover.give_back(desk, 1)
        await lindebeke.send()
        texts = [one["text"] for one in lindebeke.sent()][1:]
        assert "Els" in texts[0]
        assert texts[1] == "Ik kijk het na."
        assert "chatbot van Lindebeke" in texts[2]
        assert "papier en karton" in await lindebeke.reply_to("papier")
        kinds = [row.kind for row in await lindebeke.rows(fact)]
        for kind in (FactKind.OFFICER_TOOK_OVER, FactKind.OFFICER_REPLIED, FactKind.OFFICER_GAVE_BACK):
            assert kinds.count(kind) == 1
        assert [row.action for row in await lindebeke.rows(audit)] == kinds_of_audit()
        async with lindebeke.database.read() as connection:
            assert await broken_audit_line(connection, lindebeke.id) is None


def kinds_of_audit() -> list[str]:
    return [FactKind.OFFICER_TOOK_OVER, FactKind.OFFICER_REPLIED, FactKind.OFFICER_GAVE_BACK]


async def test_a_colleague_may_take_it_from_an_officer_who_then_cannot_answer(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        els, jan = await lindebeke.officer(), await lindebeke.officer(name="Jan")
        await lindebeke.reply_to("een medewerker aub")
        for officer in (els, jan):
            async with lindebeke.desk(officer) as desk:
                await handover.take_over(desk, 1)
        with pytest.raises(Conflict):
            async with lindebeke.desk(jan) as desk:
                await handover.take_over(desk, 1)
        with pytest.raises(Conflict):
            async with lindebeke.desk(els) as desk:
                await handover.give_back(desk, 1)
        with pytest.raises(Conflict):
            async with lindebeke.desk(els) as desk:
                await handover.reply(desk, 1, "Ik kijk het na.")


async def test_a_closed_conversation_is_followed_by_a_new_one_that_says_a_bot_speaks(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        officer = await lindebeke.officer()
        await lindebeke.reply_to("papier")
        async with lindebeke.desk(officer) as desk:
            await handover.close(desk, 1)
        assert "Ik ben de chatbot" in await lindebeke.reply_to("papier")
        assert [row.state for row in await lindebeke.rows(conversation)] == ["closed", "open"]
        with pytest.raises(Conflict):
            async with lindebeke.desk(officer) as desk:
                await handover.take_over(desk, 1)


async def test_who_may_not_answer_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        viewer = await lindebeke.officer(Role.VIEWER)
        await lindebeke.reply_to("papier")
        with pytest.raises(Forbidden):
            async with lindebeke.desk(viewer) as desk:
                await handover.take_over(desk, 1)
        assert [row.owner for row in await lindebeke.rows(conversation)] == ["bot"]


async def test_a_conversation_of_another_organisation_does_not_exist(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        await lindebeke.reply_to("papier")
        async with lindebeke.database.read() as connection:
            with pytest.raises(NotFound):
                await conversations.get(connection, lindebeke.id + 1, 1)


@pytest.mark.parametrize("text", ["", "   ", "x" * 1501])
async def test_an_empty_or_endless_reply_is_refused_with_a_reason(sqlite_url: str, tmp_path: Path, text: str) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        officer = await lindebeke.officer()
        await lindebeke.reply_to("papier")
        async with lindebeke.desk(officer) as desk:
            await handover.take_over(desk, 1)
        with pytest.raises(InvalidInput, match="1 to 1500"):
            async with lindebeke.desk(officer) as desk:
                await handover.reply(desk, 1, text)


async def test_no_text_and_no_number_stands_readable_in_the_database(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        await lindebeke.sms("papier voor Hippopotamus")
        await lindebeke.answer()
        await lindebeke.send()
        assert len(await lindebeke.rows(message)) == 2
        database = Path(sqlite_url.removeprefix("sqlite:///"))
        content = b"".join(file.read_bytes() for file in database.parent.glob(f"{database.name}*"))
        assert b"lindebeke" in content
        for personal in (b"Hippopotamus", AN_MOBILE.encode(), AN_MOBILE[3:].encode()):
            assert personal not in content

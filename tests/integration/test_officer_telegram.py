"""An officer connects their own Telegram, and is told there that somebody waits."""

from datetime import timedelta
from pathlib import Path

import pytest

from bots.notify import Notifier
from messaging.incoming import ChannelKind
from people import officer_link
from people.roles import Role
from storage.clock import now
from storage.tables import audit, fact
from tests.integration.console_setting import console_at
from tests.town import town

ELS = 777


@pytest.mark.parametrize("before", ["/start ", ""])
async def test_who_sends_the_word_is_told_there_when_somebody_waits(
    database_url: str, tmp_path: Path, before: str
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        officer = await lindebeke.officer()
        word = officer_link.word(lindebeke.vault, officer.id, now())
        assert "collega wacht" in await lindebeke.reply_to(before + word, chat=ELS)
        await lindebeke.reply_to("odeur de gaz")
        bots = {lindebeke.id: lindebeke.sender[ChannelKind.TELEGRAM]}
        await Notifier(
            lindebeke.database, lindebeke.vault, lindebeke.channels, bots, None, "https://console.example"
        ).work()
        notice = lindebeke.sent(str(ELS))[-1]["text"]
        assert "https://console.example/conversations/2" in notice
        assert [row.action for row in await lindebeke.rows(audit)] == ["telegram_link"]
        assert [row.kind for row in await lindebeke.rows(fact)].count("question_asked") == 1


async def test_a_word_of_earlier_is_a_message_like_any_other(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        officer = await lindebeke.officer()
        word = officer_link.word(lindebeke.vault, officer.id, now() - timedelta(hours=1))
        assert "collega wacht" not in await lindebeke.reply_to(word, chat=ELS)
        assert await lindebeke.rows(audit) == []


async def test_the_account_page_gives_the_word_and_takes_the_connection_away(database_url: str) -> None:
    async with console_at(database_url) as setting:
        visitor = await setting.officer(Role.OFFICER)
        page = (await visitor.post("/account/telegram")).text
        word = page.split('class="password" tabindex="0">')[1].split("<")[0]
        assert officer_link.officer_of(setting.vault, word, now()) == setting.town.officers[Role.OFFICER]
        assert (await visitor.post("/account/telegram/end")).status_code == 303
        assert "telegram_unlink" in str(await setting.audit())

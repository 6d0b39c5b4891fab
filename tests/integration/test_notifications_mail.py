"""Officers are told by e-mail that somebody waits, and the mail gives away nothing of what was written."""

from pathlib import Path

import pytest

from bots.notify import Mail, Notifier
from bots.tables import notification
from storage.clock import now
from tests.mail_server import PASSWORD, USER, certificate, mail_server
from tests.ports import free_port
from tests.town import AN_MOBILE, Town, town

CONSOLE = "https://console.example"


def notifier(place: Town, mail: Mail | None) -> Notifier:
    return Notifier(place.database, place.vault, place.channels, bots={}, mail=mail, console_url=CONSOLE)


def plain(port: int) -> Mail:
    return Mail("127.0.0.1", port, "bot@lindebeke.example")


async def test_an_officer_gets_a_link_to_the_conversation_and_no_word_of_it(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        officer = await lindebeke.officer()
        await lindebeke.sms("ik ruik gas bij Jan")
        await lindebeke.answer()
        with mail_server() as mailbox:
            await notifier(lindebeke, plain(mailbox.port)).work()
        (message,) = mailbox.messages
        text = message.as_string()
        assert (message["To"], message["From"]) == (officer.email, "bot@lindebeke.example")
        assert f"{CONSOLE}/conversations/1" in text
        assert message["Date"]
        assert message["Message-ID"]
        assert not [private for private in ("gas bij Jan", AN_MOBILE, AN_MOBILE[1:]) if private in text]


async def test_while_the_mail_server_is_away_the_notice_waits_and_then_leaves(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        await lindebeke.officer()
        await lindebeke.reply_to("odeur de gaz")
        await notifier(lindebeke, plain(free_port())).work()
        (waiting,) = await lindebeke.rows(notification)
        assert (waiting.state, waiting.attempts) == ("queued", 0)
        async with lindebeke.database.write() as connection:
            await connection.execute(notification.update().values(due_at=now()))
        with mail_server() as mailbox:
            await notifier(lindebeke, plain(mailbox.port)).work()
        assert len(mailbox.messages) == 1


async def test_a_password_is_given_over_an_encrypted_line_only(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    async with town(sqlite_url, tmp_path) as lindebeke:
        await lindebeke.officer()
        await lindebeke.reply_to("odeur de gaz")
        with mail_server(own) as mailbox:
            mail = Mail("127.0.0.1", mailbox.port, "bot@lindebeke.example", USER, PASSWORD)
            await notifier(lindebeke, mail).work()
        assert len(mailbox.messages) == 1


async def test_a_mail_server_that_nobody_vouches_for_gets_no_password(sqlite_url: str, tmp_path: Path) -> None:
    own = certificate(tmp_path)
    async with town(sqlite_url, tmp_path) as lindebeke:
        await lindebeke.officer()
        await lindebeke.reply_to("odeur de gaz")
        with mail_server(own) as mailbox:
            mail = Mail("127.0.0.1", mailbox.port, "bot@lindebeke.example", USER, PASSWORD)
            await notifier(lindebeke, mail).work()
        assert mailbox.messages == []

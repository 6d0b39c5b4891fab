"""Residents choose in the chat which kinds of message they get; what may save lives comes to everybody."""

from dataclasses import replace
from pathlib import Path

import pytest

from broadcast.alert import Content, Severity
from broadcast.repository import audience
from broadcast.selection import Selection
from broadcast.vocabulary import Kind
from people.kinds import MessageKind
from people.repository import kinds
from storage.clock import now
from storage.facts import FactKind
from storage.tables import fact
from tests.integration.alert_in_town import dispatching, warn
from tests.integration.test_conversation_networks import done, joined
from tests.town import AN_MOBILE, Town, town


async def declined(lindebeke: Town) -> frozenset[MessageKind]:
    async with lindebeke.database.read() as connection:
        return await kinds.declined(connection, 1)


async def press(lindebeke: Town, label: str) -> str:
    """Press the button that begins so below the last message; gives the answer."""
    shown, choice, *_ = next(one for one in lindebeke.sent()[-1]["choices"] if one[0].startswith(label))
    await lindebeke.press(choice, shown)
    await done(lindebeke)
    return lindebeke.sent()[-1]["text"]


async def test_joining_tells_the_word_that_opens_the_menu(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        await lindebeke.network()
        await joined(lindebeke)
        assert "Met KEUZE kiest u waarover" in lindebeke.sent()[-1]["text"]
        assert "iedereen altijd" in await lindebeke.reply_to("KEUZE")
        assert all(one[0].endswith(": ja") for one in lindebeke.sent()[-1]["choices"][:-1])


async def test_a_button_switches_a_kind_off_and_on_again_and_each_time_is_written_down(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        await lindebeke.reply_to("keuze")
        await press(lindebeke, "Nieuws en activiteiten")
        assert await declined(lindebeke) == {MessageKind.NEWS}
        assert "Nieuws en activiteiten: nee" in [one[0] for one in lindebeke.sent()[-1]["choices"]]
        await press(lindebeke, "Verkeer")
        assert "geen meldingen over: Verkeer en wegenwerken, Nieuws" in await press(lindebeke, "Klaar")
        await lindebeke.reply_to("keuze")
        await press(lindebeke, "Nieuws en activiteiten")
        assert await declined(lindebeke) == {MessageKind.TRAFFIC}
        logged = [row.data for row in await lindebeke.rows(fact) if row.kind == FactKind.KIND_CHOSEN]
        assert logged == [
            {"kind": "news", "wanted": False},
            {"kind": "traffic", "wanted": False},
            {"kind": "news", "wanted": True},
        ]


async def test_by_sms_it_is_done_with_numbers(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        for text in ("Keuze", "6", "7"):
            await lindebeke.sms(text)
            await done(lindebeke)
        assert await declined(lindebeke) == {MessageKind.NEWS}
        menu = lindebeke.sent(AN_MOBILE)[0]["text"]
        assert "6. Nieuws en activiteiten: ja\n7. Klaar" in menu


@pytest.mark.parametrize(
    ("word", "language", "said"),
    [("CHOIX", "français", "Terminé"), ("Auswahl", "deutsch", "Fertig"), ("choice", "english", "Done")],
)
async def test_it_speaks_the_language_that_somebody_asked_for(
    sqlite_url: str, tmp_path: Path, word: str, language: str, said: str
) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        await lindebeke.reply_to(language)
        await lindebeke.reply_to(word)
        assert lindebeke.sent()[-1]["choices"][-1][0] == said


async def test_a_mere_yes_shows_the_menu_again(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        await lindebeke.reply_to("keuze")
        assert "Waarover wilt u meldingen?" in await lindebeke.reply_to("ja")
        assert await declined(lindebeke) == frozenset()


async def test_the_word_is_no_answer_to_an_alert_that_runs(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke, dispatching(lindebeke, sqlite_url):
        network = await lindebeke.network()
        await joined(lindebeke)
        await warn(lindebeke, network, Severity.MODERATE)
        assert "Waarover wilt u meldingen?" in await lindebeke.reply_to("keuze")


async def test_who_wants_no_kind_at_all_is_warned_where_lives_may_depend_on_it(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        network = await lindebeke.network()
        await joined(lindebeke)
        await lindebeke.reply_to("keuze")
        for label in ("Inbraak", "Vermiste", "Verkeer", "Weer", "Water", "Nieuws"):
            await press(lindebeke, label)
        assert await declined(lindebeke) == frozenset(MessageKind)
        flood = Content(
            severity=Severity.MODERATE,
            kind=Kind.FLOOD,
            title="Water",
            texts={"nl": "Hoog water."},
            audience=Selection(networks=frozenset({network})),
            expires_at=now(),
        )
        assert await _people(lindebeke, flood) == 0
        assert await _people(lindebeke, replace(flood, severity=Severity.EXTREME)) == 1


async def _people(lindebeke: Town, content: Content) -> int:
    async with lindebeke.database.read() as connection:
        return len(await audience.members(connection, lindebeke.vault, lindebeke.id, content.goes_to))

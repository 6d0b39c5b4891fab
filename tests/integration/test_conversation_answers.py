"""What residents are answered: first contact, choices, languages, danger, and what is no text."""

from pathlib import Path
from typing import Any

import pytest

from bots import handover
from bots.tables import conversation, message, notification
from messaging.tables import delivery, inbox
from people.tables import resident
from storage.facts import FactKind
from storage.tables import fact
from tests.keywords import UNCLEAR
from tests.town import telegram_message, town

NEVER_OPEN: list[list[str]] = [[] for _ in range(7)]
BOT = "Ik ben de chatbot van Lindebeke."


async def test_the_first_answer_says_that_a_bot_speaks_and_the_second_does_not(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        first = await lindebeke.reply_to("Wanneer halen jullie papier op?")
        assert first.startswith(BOT)
        assert "papier en karton" in first
        assert BOT not in await lindebeke.reply_to("Wanneer halen jullie papier op?")


async def test_start_on_telegram_is_greeted(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        assert "Waarmee kan ik u helpen?" in await lindebeke.reply_to("/start")
        assert "afval" in await lindebeke.reply_to("/help")
        assert FactKind.QUESTION_ASKED not in {row.kind for row in await lindebeke.rows(fact) if row.intent == "greet"}


LONG = "Wanneer halen jullie papier op? " + "x" * 4064


@pytest.mark.parametrize(
    "text", [LONG, "papier 📦🎉👨‍👩‍👧‍👦", "papier متى تجمعون الورق؟ מתי", "papier \u202eabc\u202c", "papier\n\n\t?"]
)
async def test_any_text_is_answered_and_kept_as_it_was_written(database_url: str, tmp_path: Path, text: str) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        assert "papier en karton" in await lindebeke.reply_to(text)
        rows = await lindebeke.rows(message)
        (person,) = await lindebeke.rows(resident)
        assert lindebeke.vault.person(person.wrapped_key).open(rows[0].content) == text


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"photo": [{"file_id": "f"}]}, "beelden"),
        ({"voice": {"file_id": "f"}}, "spraakberichten"),
        ({"location": {"latitude": 50.9, "longitude": 4.2}}, "plaats"),
        ({"sticker": {"file_id": "f"}}, "tekst"),
    ],
)
async def test_what_is_no_text_gets_an_answer_that_helps_on(
    sqlite_url: str, tmp_path: Path, content: dict[str, Any], expected: str
) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        assert expected in await lindebeke.reply_to(**content)


async def test_groups_are_ignored(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        group = telegram_message("Ik ruik gas") | {"chat": {"id": -1001, "type": "supergroup", "title": "Straat"}}
        assert (await lindebeke.post_telegram({"update_id": 1, "message": group})).status_code == 200
        await lindebeke.answer()
        assert [row.state for row in await lindebeke.rows(inbox)] == ["done"]
        assert await lindebeke.rows(resident) == []
        assert await lindebeke.rows(delivery) == []


async def test_an_unclear_question_is_answered_with_buttons_on_telegram(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        asked = await lindebeke.reply_to(f"Ik zoek mijn {UNCLEAR}")
        assert "Bedoelt u" in asked
        buttons = lindebeke.sent()[-1]["choices"]
        assert [data for _, data in buttons] == ["topic:identity_card", "topic:driving_licence", "neither"]
        await lindebeke.press("topic:driving_licence", "Rijbewijs")
        await lindebeke.answer()
        await lindebeke.send()
        assert "rijbewijs" in lindebeke.sent()[-1]["text"].lower()


async def test_an_unclear_question_is_answered_with_numbers_over_sms(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        for text in (f"Ik zoek mijn {UNCLEAR}", "2"):
            await lindebeke.sms(text)
            await lindebeke.answer()
            await lindebeke.send()
        asked, answered = lindebeke.sent()
        assert "\n1. " in asked["text"]
        assert "\n3. " in asked["text"]
        assert "rijbewijs" in answered["text"].lower()
        intents = [row.intent for row in await lindebeke.rows(message) if row.author == "resident"]
        assert intents[-1] == "driving_licence"


async def test_a_mere_yes_to_several_choices_is_asked_again_and_hands_nothing_over(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        await lindebeke.reply_to(f"Ik zoek mijn {UNCLEAR}")
        assert "Bedoelt u" in await lindebeke.reply_to("ja")
        assert len(lindebeke.sent()[-1]["choices"]) == 3
        assert await lindebeke.rows(notification) == []


async def test_a_person_is_offered_after_two_messages_that_were_not_understood(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        await lindebeke.reply_to("blabla")
        assert "medewerker" in await lindebeke.reply_to("blabla")
        await lindebeke.officer()
        assert "Ik vraag een medewerker" in await lindebeke.reply_to("ja")
        assert [row.state for row in await lindebeke.rows(conversation)] == ["waiting"]


async def test_who_waits_for_a_person_already_is_not_announced_again(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        await lindebeke.officer()
        await lindebeke.reply_to("een medewerker aub")
        await lindebeke.reply_to("blabla")
        await lindebeke.press("person", "Vraag een medewerker")
        await lindebeke.answer()
        await lindebeke.send()
        assert "verwittigd" in lindebeke.sent()[-1]["text"]
        assert len(await lindebeke.rows(notification)) == 1


async def test_outside_office_hours_the_resident_hears_when_a_person_answers(sqlite_url: str, tmp_path: Path) -> None:
    closed_now = [["00:00-00:01"]] * 7
    async with town(sqlite_url, tmp_path, hours=closed_now) as lindebeke:
        text = await lindebeke.reply_to("een medewerker aub")
        assert "gesloten" in text
        assert "00:00" in text


async def test_an_office_that_never_opens_promises_no_moment(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path, hours=NEVER_OPEN) as lindebeke:
        assert "U krijgt hier antwoord." in await lindebeke.reply_to("een medewerker aub")


async def test_a_message_in_french_is_answered_in_dutch_with_an_offer_once(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        first = await lindebeke.reply_to("Bonjour, je voudrais un passeport")
        assert "reispas" in first
        assert "FRANÇAIS" in first
        assert "FRANÇAIS" not in await lindebeke.reply_to("Bonjour, je voudrais un passeport")


@pytest.mark.parametrize("word", ["FRANÇAIS", "français", "FRANC\u0327AIS", "Francais."])
async def test_asking_for_french_switches_and_marks_each_answer_as_a_translation(
    sqlite_url: str, tmp_path: Path, word: str
) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        assert "français" in await lindebeke.reply_to(word)
        answer = await lindebeke.reply_to("passeport")
        assert "passeport" in answer.lower()
        assert answer.endswith("(Traduction ; seul le texte néerlandais fait foi.)")
        assert [row.requested_language for row in await lindebeke.rows(resident)] == ["fr"]


async def test_danger_is_answered_first_with_112_in_dutch_and_the_writers_language(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        await lindebeke.officer()
        text = await lindebeke.reply_to("Bonjour, odeur de gaz")
        assert text.startswith("Bel nu 112")
        assert text.index("Appelez") < text.index("chatbot")
        (told,) = await lindebeke.rows(notification)
        assert told.reason == "emergency"
        assert [(row.state, row.urgent) for row in await lindebeke.rows(conversation)] == [("waiting", True)]
        assert [row.purpose for row in await lindebeke.rows(delivery)] == ["safety"]


async def test_a_danger_that_is_not_ruled_out_puts_whom_to_call_above_the_ordinary_answer(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        await lindebeke.officer()
        text = await lindebeke.reply_to("Hello, rook! Wanneer halen jullie papier op?")
        assert text.startswith("Is er nu iemand in gevaar? Bel 112.\n\nIs somebody in danger now? Call 112.\n\n")
        assert "papier en karton" in text
        assert await lindebeke.rows(notification) == []
        assert [row.purpose for row in await lindebeke.rows(delivery)] == ["reply"]
        assert "1813" in await lindebeke.reply_to("ik ben moe")


async def test_a_choice_a_command_and_a_stop_are_never_answered_with_whom_to_call(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        lindebeke.interpreter.suspected = "emergency"
        assert "112" in await lindebeke.reply_to(f"Ik zoek mijn {UNCLEAR}")
        for text in ("2", "/help", "stopzetten"):
            assert "112" not in await lindebeke.reply_to(text)


async def test_an_officer_who_answers_is_not_interrupted_by_a_suspicion(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        officer = await lindebeke.officer()
        await lindebeke.reply_to("papier")
        (talk,) = await lindebeke.rows(conversation)
        async with lindebeke.desk(officer) as desk:
            await handover.take_over(desk, talk.id)
        before = len(await lindebeke.rows(delivery))
        await lindebeke.telegram("er is rook")
        await lindebeke.answer()
        assert len(await lindebeke.rows(delivery)) == before


async def test_who_wants_to_die_is_told_1813(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        told = await lindebeke.reply_to("ik wil dood")
        assert "1813" in told
        assert told.count("Een medewerker is verwittigd.") == 1


async def test_the_offer_of_a_translation_does_not_part_a_question_from_its_choices(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        asked = await lindebeke.reply_to(f"Bonjour, {UNCLEAR}")
        assert asked.index("FRANÇAIS") < asked.index("Bedoelt u:")
        assert asked.endswith("Bedoelt u:")

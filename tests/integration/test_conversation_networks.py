"""Joining a neighbourhood network with consent, and STOP."""

from pathlib import Path

from people.consent import Way
from people.tables import address, consent, membership
from storage.facts import FactKind
from storage.tables import fact
from tests.town import AN, Town, town


async def joined(lindebeke: Town) -> str:
    """Somebody agrees on Telegram to the alerts of the one network; gives the wording that they saw."""
    asked = await lindebeke.reply_to("buurtnetwerk")
    (yes, _), *_ = [(one[1], one[0]) for one in lindebeke.sent()[-1]["choices"]]
    await lindebeke.press(yes, "Ja")
    await done(lindebeke)
    return asked


async def done(lindebeke: Town) -> None:
    await lindebeke.answer()
    await lindebeke.send()


async def kinds(lindebeke: Town) -> list[str]:
    return [row.kind for row in await lindebeke.rows(fact)]


async def test_joining_keeps_when_how_and_to_which_words_somebody_agreed(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        network = await lindebeke.network()
        wording = await joined(lindebeke)
        (given,) = await lindebeke.rows(consent)
        assert wording.endswith(given.wording)
        assert "BIN Centrum" in given.wording
        assert (given.way, given.withdrawn_at) == (Way.CHAT, None)
        assert [row.network_id for row in await lindebeke.rows(membership)] == [network]
        assert FactKind.CONSENT_GIVEN in await kinds(lindebeke)


async def test_of_several_networks_one_is_chosen_first(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        await lindebeke.network()
        station = await lindebeke.network("BIN Station", "station")
        for text in ("buurtnetwerk", "2", "1"):
            await lindebeke.sms(text)
            await done(lindebeke)
        assert [row.network_id for row in await lindebeke.rows(membership)] == [station]


async def test_the_word_of_a_network_is_enough_to_join_it(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        await lindebeke.network()
        station = await lindebeke.network("BIN Station", "station")
        assert "BIN Station" in await lindebeke.reply_to("Station!")
        assert await lindebeke.reply_to("ja")
        assert [row.network_id for row in await lindebeke.rows(membership)] == [station]


async def test_who_answers_no_gives_no_consent(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        await lindebeke.network()
        await lindebeke.reply_to("buurtnetwerk")
        assert "geen meldingen" in await lindebeke.reply_to("nee")
        assert await lindebeke.rows(consent) == []


async def test_a_yes_button_of_an_older_question_gives_no_consent(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        await lindebeke.network()
        await lindebeke.reply_to("blabla")
        await lindebeke.reply_to("blabla")
        await lindebeke.reply_to("buurtnetwerk")
        await lindebeke.press("yes", "Ja")
        await done(lindebeke)
        assert await lindebeke.rows(consent) == []


async def test_stop_withdraws_consent_is_confirmed_and_questions_are_answered_after(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        await lindebeke.network()
        await joined(lindebeke)
        told = await lindebeke.reply_to("STOP")
        assert "geen meldingen meer" in told
        assert "het woord van uw netwerk" in told
        (given,) = await lindebeke.rows(consent)
        assert given.withdrawn_at is not None
        assert (await kinds(lindebeke)).count(FactKind.CONSENT_WITHDRAWN) == 1
        assert "papier" in await lindebeke.reply_to("papier?")
        assert [row.state for row in await lindebeke.rows(address)] == ["active"]


async def test_stop_over_sms_is_confirmed_by_twilio_and_not_by_us(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        await lindebeke.network()
        for text in ("buurtnetwerk", "1"):
            await lindebeke.sms(text)
            await done(lindebeke)
        before = len(lindebeke.sent())
        await lindebeke.sms("STOP", OptOutType="STOP")
        await done(lindebeke)
        assert len(lindebeke.sent()) == before
        (given,) = await lindebeke.rows(consent)
        assert given.withdrawn_way == Way.PROVIDER
        assert [row.state for row in await lindebeke.rows(address)] == ["blocked"]


async def test_start_over_sms_after_stop_opens_the_address_without_an_answer_of_ours(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        for keyword in ("STOP", "START"):
            await lindebeke.sms(keyword, OptOutType=keyword)
            await done(lindebeke)
        assert lindebeke.sent() == []
        assert [row.state for row in await lindebeke.rows(address)] == ["active"]


async def test_yes_over_sms_agrees_although_twilio_takes_it_for_start(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        await lindebeke.network()
        await lindebeke.sms("buurtnetwerk")
        await done(lindebeke)
        await lindebeke.sms("Ja", OptOutType="START")
        await done(lindebeke)
        assert len(await lindebeke.rows(consent)) == 1


async def test_stop_as_the_first_message_is_confirmed_by_a_bot_that_says_so(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        assert (await lindebeke.reply_to("STOP")).startswith("Ik ben de chatbot")


async def test_stop_answers_no_question_that_is_still_open(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        await lindebeke.officer()
        await lindebeke.reply_to("een medewerker aub")
        await lindebeke.reply_to("STOP")
        sent = [row.data["substantive"] for row in await lindebeke.rows(fact) if row.kind == FactKind.MESSAGE_SENT]
        assert sent == [False, False]


async def test_who_blocks_the_bot_is_sent_nothing_until_they_write_again(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        await lindebeke.network()
        await joined(lindebeke)
        chat = {"id": AN, "type": "private", "first_name": "An"}
        left = {"chat": chat, "from": chat, "new_chat_member": {"status": "kicked"}}
        assert (await lindebeke.post_telegram({"update_id": 900, "my_chat_member": left})).status_code == 200
        await done(lindebeke)
        assert [row.state for row in await lindebeke.rows(address)] == ["blocked"]
        assert [row.withdrawn_way for row in await lindebeke.rows(consent)] == [Way.PROVIDER]
        await lindebeke.reply_to("papier?")
        assert [row.state for row in await lindebeke.rows(address)] == ["active"]


async def test_a_stranger_who_blocks_the_bot_leaves_no_trace(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        chat = {"id": AN, "type": "private", "first_name": "An"}
        left = {"chat": chat, "from": chat, "new_chat_member": {"status": "kicked"}}
        assert (await lindebeke.post_telegram({"update_id": 900, "my_chat_member": left})).status_code == 200
        await done(lindebeke)
        assert await lindebeke.rows(address) == []

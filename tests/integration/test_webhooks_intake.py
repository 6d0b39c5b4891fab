"""What providers hand over: genuine or not, once or often, whatever it holds."""

import asyncio
import logging
from pathlib import Path

import pytest

from messaging.tables import inbox
from tests.town import AN, AN_MOBILE, TELEGRAM_SECRET, sms_form, telegram_message, town


async def test_telegram_without_our_secret_is_refused_and_has_no_effect(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        for secret in (None, "", "another"):
            answer = await lindebeke.post_telegram({"update_id": 1, "message": telegram_message("x")}, secret=secret)
            assert answer.status_code == 403
        assert await lindebeke.rows(inbox) == []


async def test_twilio_without_a_right_signature_is_refused_and_has_no_effect(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        for signature in ("", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="):
            assert (await lindebeke.post_twilio(sms_form("x"), signature=signature)).status_code == 403
            status = {"MessageSid": "SM1", "MessageStatus": "delivered"}
            assert (await lindebeke.post_twilio(status, "sms/status", signature=signature)).status_code == 403
        assert await lindebeke.rows(inbox) == []


async def test_the_same_event_ten_times_is_one_row_and_one_reply(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        form = sms_form("Wanneer halen jullie papier op?")
        update = {"update_id": 7, "message": telegram_message("Wanneer halen jullie papier op?")}
        for _ in range(10):
            assert (await lindebeke.post_telegram(update)).status_code == 200
            assert (await lindebeke.post_twilio(form)).status_code == 200
            await lindebeke.answer()
            await lindebeke.send()
        assert len(await lindebeke.rows(inbox)) == 2
        assert sorted(one["address"] for one in lindebeke.sent()) == [AN_MOBILE, str(AN)]


async def test_what_is_no_json_object_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        headers = {"X-Telegram-Bot-Api-Secret-Token": TELEGRAM_SECRET}
        for body in (b"", b"{", b"[1]", b'"text"', b"\xff\xfe", b"[" * 100_000):
            answer = await lindebeke.web.post("/webhooks/telegram/telegram", content=body, headers=headers)
            assert answer.status_code == 400
        assert await lindebeke.rows(inbox) == []


ODD_UPDATES: list[dict[str, object]] = [
    {},
    {"update_id": "\ud800"},
    {"update_id": "\0"},
    {"update_id": [1, 2, 3]},
    {"update_id": 10**30},
    {"update_id": 1, "message": "text"},
    {"update_id": 2, "message": {"chat": {"id": 10**30}}},
    {"update_id": 3, "message": telegram_message("\0\ud83d")},
    {"update_id": 4, "edited_message": telegram_message("x")},
    {"update_id": 5, "message": {**telegram_message("x"), "from": None, "entities": 7}},
]


async def test_a_genuine_object_is_stored_whatever_it_holds_and_the_next_message_is_answered(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        for number, body in enumerate(ODD_UPDATES, start=1):
            assert (await lindebeke.post_telegram(body)).status_code == 200
            assert len(await lindebeke.rows(inbox)) == 2 * number - 1
            await lindebeke.telegram("Wanneer halen jullie papier op?", chat=77, update_id=1000 + number)
            await lindebeke.answer()
            await lindebeke.send()
            assert len(lindebeke.sent("77")) == number
        assert {row.state for row in await lindebeke.rows(inbox)} == {"done"}


async def test_different_updates_without_a_number_are_all_stored(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        for last in "ab":
            assert (await lindebeke.post_telegram({"update_id": "x" * 100 + last})).status_code == 200
        assert len(await lindebeke.rows(inbox)) == 2


ODD_FORMS = [
    {},
    {"From": AN_MOBILE},
    {"MessageSid": "SM1", "From": "fax:1"},
    {"MessageSid": "é" * 300, "From": AN_MOBILE},
    {"MessageSid": "a/../b\0", "From": AN_MOBILE, "Body": "\0" * 10},
]


async def test_a_genuine_form_is_stored_whatever_it_holds(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        for form in ODD_FORMS:
            assert (await lindebeke.post_twilio(form)).status_code == 200
        await lindebeke.answer()
        assert [row.state for row in await lindebeke.rows(inbox)] == ["done"] * len(ODD_FORMS)


async def test_a_status_that_tells_nothing_is_taken_and_forgotten(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        odd: tuple[dict[str, str], ...] = (
            {},
            {"MessageSid": "SM1"},
            {"MessageSid": "SM1", "MessageStatus": "dreaming"},
        )
        for status in (*odd, {"MessageSid": "SM1", "MessageStatus": "delivered"}):
            for query in ("", "?delivery=9", "?delivery=x", f"?delivery={'9' * 50}"):
                assert (await lindebeke.post_twilio(status, f"sms/status{query}")).status_code == 204


async def test_a_body_above_a_megabyte_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        update = {"update_id": 1, "message": telegram_message("x" * 1_000_001)}
        assert (await lindebeke.post_telegram(update)).status_code == 413
        assert (await lindebeke.post_twilio(sms_form("x" * 1_000_001))).status_code == 413
        assert await lindebeke.rows(inbox) == []


async def test_a_sender_that_is_not_ours_is_not_found(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        for path in ("telegram/nobody", "telegram/sms", "twilio/nobody", "twilio/telegram", "twilio/telegram/status"):
            assert (await lindebeke.web.post(f"/webhooks/{path}", json={})).status_code == 404


async def test_five_hundred_at_once_are_all_stored(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        await asyncio.gather(
            *(lindebeke.telegram(f"Vraag {number}", chat=number) for number in range(1, 251)),
            *(lindebeke.sms(f"Vraag {number}", number=f"+3247{number:07}") for number in range(250)),
        )
        rows = await lindebeke.rows(inbox)
        assert len(rows) == 500
        assert len({row.lane for row in rows}) == 500


async def test_logs_hold_no_personal_data(database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with town(database_url, tmp_path) as lindebeke:
        lindebeke.interpreter.errors = [ValueError("Mijn geheim")]
        await lindebeke.sms("Mijn geheim")
        await lindebeke.post_twilio(sms_form("Mijn geheim"), signature="forged")
        await lindebeke.telegram("Mijn geheim", chat=987654321)
        await lindebeke.answer()
        await lindebeke.send()
    ours = "\n".join(record.getMessage() + str(record.exc_text or "") for record in caplog.records)
    for personal in ("Mijn geheim", AN_MOBILE.removeprefix("+"), "987654321", "simulated-bot-token"):
        assert personal not in ours

"""Statuses of the provider move a message forward, whenever and however often they come."""

from itertools import permutations
from pathlib import Path

import pytest

from messaging.delivery import DeliveryState, provider_state
from messaging.repository import attempts, statuses
from messaging.tables import delivery
from storage.clock import now
from storage.facts import FactKind
from storage.tables import fact
from tests.deliveries import asked, fault, states
from tests.town import Town, town

SID = "SM" + "f" * 32


async def status(lindebeke: Town, word: str, query: str = "", sid: str | None = None) -> None:
    """Twilio tells what became of the one message."""
    (row,) = await lindebeke.rows(delivery)
    form = {"MessageSid": sid or row.provider_id or SID, "MessageStatus": word, "To": "+32470123456"}
    path = f"sms/status?delivery={row.id}" if query else "sms/status"
    assert (await lindebeke.post_twilio(form, path)).status_code == 204


async def sent_count(lindebeke: Town) -> int:
    return sum(row.kind == FactKind.MESSAGE_SENT for row in await lindebeke.rows(fact))


async def test_statuses_in_any_order_end_in_the_furthest(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        await asked(lindebeke, "sms")
        await lindebeke.send()
        furthest = 0
        words = ("queued", "sent", "delivered", "read")
        for order in permutations(words):
            for word in order:
                await status(lindebeke, word)
                furthest = max(furthest, words.index(word))
                state = provider_state(words[furthest])
                assert await states(lindebeke) == [state]
        await status(lindebeke, "failed")
        assert await states(lindebeke) == [DeliveryState.READ]
        (row,) = await lindebeke.rows(delivery)
        assert row.delivered_at is None or row.delivered_at <= row.read_at
        assert await sent_count(lindebeke) == 1


async def test_a_failure_after_acceptance_is_final(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        await asked(lindebeke, "sms")
        await lindebeke.send()
        for word in ("undelivered", "sent", "delivered"):
            await status(lindebeke, word)
            assert await states(lindebeke) == [DeliveryState.FAILED]


@pytest.mark.parametrize("word", ["sent", "delivered", "failed"])
async def test_a_status_that_overtakes_the_answer_to_our_request_counts(
    database_url: str, tmp_path: Path, word: str
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        await asked(lindebeke, "sms")
        ids = [row.id for row in await lindebeke.rows(delivery)]
        async with lindebeke.database.write() as connection:
            (attempt,) = await attempts.start(connection, ids, "worker:1", now())
        await status(lindebeke, word, "with our id")
        async with lindebeke.database.write() as connection:
            assert not await attempts.accept(connection, attempt, SID, now())
        (row,) = await lindebeke.rows(delivery)
        assert (row.state, row.provider_id) == (provider_state(word), SID)
        assert await sent_count(lindebeke) == (0 if word == "failed" else 1)


async def test_a_status_settles_an_unknown_outcome_without_a_second_message(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        await asked(lindebeke, "sms")
        fault(lindebeke, "reset_after")
        await lindebeke.send()
        assert await states(lindebeke) == [DeliveryState.UNKNOWN]
        await status(lindebeke, "delivered", "with our id")
        await lindebeke.send()
        (row,) = await lindebeke.rows(delivery)
        assert (row.state, row.possible_duplicate) == (DeliveryState.DELIVERED, False)
        assert len(lindebeke.sent()) == 1


async def test_a_status_about_a_message_of_another_sender_changes_nothing(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        await asked(lindebeke)
        await lindebeke.send()
        await status(lindebeke, "read", "with our id")
        await status(lindebeke, "read")
        assert await states(lindebeke) == [DeliveryState.ACCEPTED]


async def test_the_same_status_is_news_once(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        await asked(lindebeke, "sms")
        ids = [row.id for row in await lindebeke.rows(delivery)]
        async with lindebeke.database.write() as connection:
            await attempts.start(connection, ids, "worker:1", now())
            told = [
                await statuses.advance(
                    connection,
                    sender_id=(await lindebeke.rows(delivery))[0].sender_id,
                    provider_id=SID,
                    state=state,
                    at=now(),
                    delivery_id=ids[0],
                )
                for state in (DeliveryState.ACCEPTED, DeliveryState.ACCEPTED, DeliveryState.READ, DeliveryState.READ)
            ]
        assert told == [True, False, True, False]

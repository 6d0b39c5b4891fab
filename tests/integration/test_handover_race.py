"""An officer takes over while the bot answers: whichever comes first, no bot message is attempted after."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import permutations
from pathlib import Path

import pytest

from bots import handover
from messaging.channel import Failure, SendError
from messaging.delivery import DeliveryState
from messaging.incoming import ChannelKind
from messaging.repository import attempts, unclear
from messaging.repository.attempts import Attempt
from messaging.tables import delivery
from people.officer import Officer
from storage.clock import now
from tests.deliveries import asked, fault, later, script, states
from tests.town import Town, town


async def take_over(lindebeke: Town, officer: Officer, conversation_id: int = 1) -> int:
    async with lindebeke.desk(officer) as desk:
        return await handover.take_over(desk, conversation_id)


async def bot_rows(lindebeke: Town) -> list[str]:
    return [row.state for row in await lindebeke.rows(delivery) if row.purpose == "reply"]


async def test_a_reply_that_waits_is_withdrawn_by_a_takeover(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        officer = await lindebeke.officer()
        await asked(lindebeke)
        assert await take_over(lindebeke, officer) == 0
        await lindebeke.send()
        assert await bot_rows(lindebeke) == [DeliveryState.CANCELLED]
        assert ["Els" in one["text"] for one in lindebeke.sent()] == [True]


@pytest.mark.parametrize("failure", [Failure.NOT_SENT, Failure.RATE_LIMITED, Failure.UNKNOWN])
async def test_a_reply_withdrawn_while_in_flight_is_never_tried_again(
    database_url: str, tmp_path: Path, failure: Failure
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        officer = await lindebeke.officer()
        channel = script(lindebeke, SendError(failure, "x", retry_after=0.01))
        await asked(lindebeke)
        async with lindebeke.database.write() as connection:
            ids = [row.id for row in await lindebeke.rows(delivery)]
            (attempt,) = await attempts.start(connection, ids, "worker:1", now())
        assert await take_over(lindebeke, officer) == 1
        await lindebeke.outbox._deliver(attempt, 0)
        for _ in range(3):
            await later(lindebeke)
            await lindebeke.send()
        assert await bot_rows(lindebeke) == [
            DeliveryState.UNKNOWN if failure is Failure.UNKNOWN else DeliveryState.CANCELLED
        ]
        assert ["papier" in text for text in channel.sent] == [True, False]


async def test_a_bot_message_that_was_taken_just_before_the_takeover_counts_as_sent(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        officer = await lindebeke.officer()
        await asked(lindebeke)
        async with lindebeke.database.write() as connection:
            ids = [row.id for row in await lindebeke.rows(delivery)]
            (attempt,) = await attempts.start(connection, ids, "worker:1", now())
        assert await take_over(lindebeke, officer) == 1
        await lindebeke.outbox._deliver(attempt, 0)
        assert await bot_rows(lindebeke) == [DeliveryState.ACCEPTED]


async def test_a_message_answered_after_the_takeover_gets_no_bot_reply(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        officer = await lindebeke.officer()
        await lindebeke.reply_to("papier")
        await lindebeke.telegram("papier")
        await take_over(lindebeke, officer)
        await lindebeke.answer()
        await lindebeke.send()
        assert len(await bot_rows(lindebeke)) == 1


async def test_danger_is_answered_also_while_an_officer_owns_the_conversation(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        officer = await lindebeke.officer()
        await lindebeke.reply_to("papier")
        await take_over(lindebeke, officer)
        await lindebeke.send()
        assert "112" in await lindebeke.reply_to("Ik ruik gas")


@pytest.mark.parametrize("order", list(permutations(("take over", "attempt", "fail", "look"))))
async def test_no_order_of_committed_steps_attempts_a_bot_message_after_the_takeover(
    sqlite_url: str, tmp_path: Path, order: Sequence[str]
) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        officer = await lindebeke.officer()
        channel = script(lindebeke, SendError(Failure.UNKNOWN, "x"))
        await asked(lindebeke)
        under_way: list[Attempt] = []
        attempted_at: list[int] = []

        async def attempt() -> None:
            async with lindebeke.database.write() as connection:
                claimed = await attempts.claim_single(
                    connection, lindebeke.sender[ChannelKind.TELEGRAM], "w:1", now(), 9
                )
                under_way.extend(one for one in claimed if one.purpose == "reply")

        async def fail() -> None:
            while under_way:
                await lindebeke.outbox._deliver(under_way.pop(), 0)

        async def look() -> None:
            await later(lindebeke)
            await lindebeke.outbox.work()
            await lindebeke.outbox.finish()

        async def over() -> None:
            attempted_at.append(sum(row.attempts for row in await lindebeke.rows(delivery) if row.purpose == "reply"))
            await take_over(lindebeke, officer)

        steps: dict[str, Callable[[], Awaitable[None]]] = {
            "take over": over,
            "attempt": attempt,
            "fail": fail,
            "look": look,
        }
        for step in order:
            await steps[step]()
        for _ in range(3):
            await look()
            await lindebeke.send()
        (row,) = [one for one in await lindebeke.rows(delivery) if one.purpose == "reply"]
        assert row.attempts == attempted_at[0]
        assert sum("papier" in text for text in channel.sent) <= attempted_at[0]


async def test_real_concurrency_never_lets_a_bot_message_be_attempted_after_the_takeover(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        officer = await lindebeke.officer()
        for conversation_id in range(1, 13):
            chat = 5000 + conversation_id
            await lindebeke.telegram("goeiedag", chat=chat)
            await lindebeke.answer()
            await lindebeke.telegram("papier", chat=chat)
            await asyncio.gather(
                lindebeke.inbox.work(),
                lindebeke.outbox.work(),
                take_over(lindebeke, officer, conversation_id),
                lindebeke.outbox.work(),
            )
            await lindebeke.answer()
            await lindebeke.send()
            await lindebeke.outbox.finish()
            await lindebeke.send()
        rows = await lindebeke.rows(delivery)
        handed = {row.conversation_id: row.queued_at for row in rows if row.purpose == "system"}
        assert len(handed) == 12
        late = [row for row in rows if row.purpose == "reply" and (row.queued_at > handed[row.conversation_id])]
        assert late == []
        assert {row.state for row in rows} <= {DeliveryState.ACCEPTED, DeliveryState.CANCELLED}


async def test_between_two_states_no_reply_slips_past_the_withdrawal(postgresql_url: str, tmp_path: Path) -> None:
    async with town(postgresql_url, tmp_path) as lindebeke:
        officer = await lindebeke.officer()
        await asked(lindebeke)
        fault(lindebeke, "reset_before")
        await lindebeke.send()
        assert await states(lindebeke) == [DeliveryState.UNKNOWN]
        async with lindebeke.database.write() as looking:
            await unclear.send_again(looking, (await lindebeke.rows(delivery))[0].id)
            taking = asyncio.create_task(take_over(lindebeke, officer))
            await asyncio.sleep(0.1)
        assert await taking == 0
        await lindebeke.send()
        assert await bot_rows(lindebeke) == [DeliveryState.CANCELLED]

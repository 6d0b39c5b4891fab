"""How single messages leave: in order, once, in the provider's pace, and what follows from each way to fail."""

from pathlib import Path

import pytest
from sqlalchemy import update

from messaging.channel import Failure, SendError
from messaging.delivery import DeliveryState
from messaging.repository import attempts, unclear
from messaging.tables import delivery
from people.tables import address
from storage.clock import now
from tests.deliveries import QUESTION, asked, fault, later, script, states
from tests.town import town


async def test_an_attempt_is_committed_before_its_request_leaves(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        channel = script(lindebeke)
        await asked(lindebeke)
        await lindebeke.send()
        assert channel.states == [DeliveryState.SENDING]
        assert await states(lindebeke) == [DeliveryState.ACCEPTED]


@pytest.mark.parametrize("failure", [Failure.RATE_LIMITED, Failure.NOT_SENT])
async def test_what_the_provider_did_not_take_is_sent_again(
    database_url: str, tmp_path: Path, failure: Failure
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        channel = script(lindebeke, SendError(failure, "x", retry_after=0.01))
        await asked(lindebeke)
        await lindebeke.send()
        await later(lindebeke)
        await lindebeke.send()
        (row,) = await lindebeke.rows(delivery)
        assert (row.state, row.attempts, row.possible_duplicate) == (DeliveryState.ACCEPTED, 2, False)
        assert len(channel.sent) == 2


async def test_a_429_holds_back_everybody_whom_the_sender_speaks_to(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        channel = script(lindebeke, SendError(Failure.RATE_LIMITED, "429", retry_after=60))
        await asked(lindebeke)
        await lindebeke.send()
        await lindebeke.telegram(QUESTION, chat=77)
        await lindebeke.answer()
        await lindebeke.send()
        assert len(channel.sent) == 1
        assert await states(lindebeke) == [DeliveryState.RETRY_WAIT, DeliveryState.QUEUED]
        async with lindebeke.database.read() as connection:
            (sender_id,) = {row.sender_id for row in await lindebeke.rows(delivery)}
            ((_, busy),) = await attempts.senders_due(connection, now(), [sender_id])
            assert 50 < busy <= 60


async def test_one_sender_that_is_held_back_holds_back_no_other(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        script(lindebeke, SendError(Failure.RATE_LIMITED, "429", retry_after=60))
        await asked(lindebeke)
        await lindebeke.send()
        await asked(lindebeke, "sms")
        await lindebeke.send()
        assert await states(lindebeke) == [DeliveryState.RETRY_WAIT, DeliveryState.ACCEPTED]


@pytest.mark.parametrize(
    ("failure", "mark"), [(Failure.BLOCKED, "blocked"), (Failure.BAD_ADDRESS, "bad"), (Failure.REJECTED, "active")]
)
async def test_a_refusal_ends_the_message_and_marks_the_address(
    database_url: str, tmp_path: Path, failure: Failure, mark: str
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        script(lindebeke, SendError(failure, "403"))
        await asked(lindebeke)
        await lindebeke.send()
        assert await states(lindebeke) == [DeliveryState.FAILED]
        assert [row.state for row in await lindebeke.rows(address)] == [mark]


async def test_an_unknown_outcome_is_looked_up_and_taken_for_accepted_when_found(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        lindebeke.far_end.world.account.statuses = ("sent",)
        lindebeke.far_end.world.account.status_delay = 0
        await asked(lindebeke, "sms")
        fault(lindebeke, "reset_after")
        await lindebeke.send()
        assert await states(lindebeke) == [DeliveryState.UNKNOWN]
        await later(lindebeke)
        await lindebeke.outbox.work()
        await lindebeke.outbox.finish()
        (row,) = await lindebeke.rows(delivery)
        assert (row.state, row.possible_duplicate) == (DeliveryState.ACCEPTED, False)
        assert row.provider_id == lindebeke.sent()[0]["provider_id"]
        assert len(lindebeke.sent()) == 1


@pytest.mark.parametrize("channel", ["sms", "telegram"])
async def test_an_unknown_outcome_that_is_not_found_is_sent_again_and_marked(
    database_url: str, tmp_path: Path, channel: str
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        await asked(lindebeke, channel)
        fault(lindebeke, "reset_before")
        await lindebeke.send()
        for _ in range(2):
            await later(lindebeke)
            await lindebeke.outbox.work()
            await lindebeke.outbox.finish()
        (row,) = await lindebeke.rows(delivery)
        assert (row.state, row.possible_duplicate) == (DeliveryState.ACCEPTED, True)
        assert len(lindebeke.sent()) == 1


async def test_where_the_provider_cannot_be_asked_others_are_served_meanwhile(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        await asked(lindebeke, "sms")
        fault(lindebeke, "reset_before", "Messages.create")
        fault(lindebeke, "server_error", "Messages.list")
        await lindebeke.send()
        await later(lindebeke)
        await asked(lindebeke)
        await lindebeke.send()
        assert await states(lindebeke) == [DeliveryState.UNKNOWN, DeliveryState.ACCEPTED]


async def test_one_persons_messages_leave_in_order_and_one_after_the_other(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        channel = script(lindebeke, SendError(Failure.NOT_SENT, "refused"))
        await asked(lindebeke, text="goeiedag")
        await asked(lindebeke)
        await lindebeke.send()
        assert len(channel.sent) == 1
        await later(lindebeke)
        await lindebeke.send()
        first, again, second = channel.sent
        assert first == again != second


async def test_what_may_save_a_life_waits_for_no_earlier_message(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        channel = script(lindebeke, SendError(Failure.NOT_SENT, "refused"))
        await asked(lindebeke)
        await lindebeke.send()
        await asked(lindebeke, text="Ik ruik gas")
        await lindebeke.send()
        assert "112" in channel.sent[-1]
        assert await states(lindebeke) == [DeliveryState.RETRY_WAIT, DeliveryState.ACCEPTED]


async def test_a_message_that_expired_does_not_leave(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        channel = script(lindebeke)
        await asked(lindebeke)
        async with lindebeke.database.write() as connection:
            await connection.execute(update(delivery).values(expires_at=now()))
        await lindebeke.send()
        assert channel.sent == []
        assert await states(lindebeke) == [DeliveryState.EXPIRED]


async def test_a_worker_that_starts_again_knows_at_once_that_it_died_while_sending(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        await asked(lindebeke)
        async with lindebeke.database.write() as connection:
            ids = [row.id for row in await lindebeke.rows(delivery)]
            await attempts.start(connection, ids, "worker:before", now())
        await lindebeke.outbox.recover()
        assert await states(lindebeke) == [DeliveryState.UNKNOWN]
        for _ in range(2):
            await lindebeke.outbox.work()
            await lindebeke.outbox.finish()
        (row,) = await lindebeke.rows(delivery)
        assert (row.state, row.possible_duplicate) == (DeliveryState.ACCEPTED, True)


async def test_a_worker_leaves_alone_what_another_one_is_sending(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        await asked(lindebeke)
        async with lindebeke.database.write() as connection:
            ids = [row.id for row in await lindebeke.rows(delivery)]
            await attempts.start(connection, ids, "worker2:now", now())
        await lindebeke.outbox.recover()
        await lindebeke.send()
        assert await states(lindebeke) == [DeliveryState.SENDING]
        assert lindebeke.sent() == []


async def test_the_outcome_of_a_lease_that_was_lost_does_not_count(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        await asked(lindebeke)
        moment = now()
        async with lindebeke.database.write() as connection:
            ids = [row.id for row in await lindebeke.rows(delivery)]
            (lost,) = await attempts.start(connection, ids, "one:1", moment - attempts.LEASE * 2)
            await unclear.abandon_dead(connection, moment)
            await unclear.send_again(connection, lost.id)
            await attempts.start(connection, ids, "two:2", moment)
            assert not await attempts.accept(connection, lost, "4242:1", moment)
            await attempts.retry(connection, lost, moment, "refused")
            await attempts.fail(connection, lost, "refused")
        (row,) = await lindebeke.rows(delivery)
        assert (row.state, row.lease) == (DeliveryState.SENDING, "two:2")

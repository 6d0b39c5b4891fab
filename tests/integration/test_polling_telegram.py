"""Polling: updates are stored before the offset moves, by one worker at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from messaging.polling import LEASE, Polling
from messaging.repository import inbox as inbox_rows
from messaging.repository import senders
from messaging.repository.inbox import Arrival
from messaging.tables import inbox, sender
from simulator.personas import persona
from simulator.resident import Act
from storage.clock import now
from tests.town import AN, Town, town


def poller(lindebeke: Town, worker: str = "worker") -> Polling:
    ((one, channel),) = lindebeke.channels.telegram()
    return Polling(lindebeke.database, lindebeke.intake, one, channel, worker)


@asynccontextmanager
async def running(*pollers: Polling) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(one.run()) for one in pollers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def write(lindebeke: Town, *texts: str) -> None:
    """An writes to the bot."""
    an = persona("An", chat_id=AN)
    lindebeke.far_end.world.people.register(an)
    for text in texts:
        lindebeke.far_end.world.residents.send(an, "telegram", Act(text))


async def stored(lindebeke: Town, count: int) -> None:
    """Wait for so many rows."""
    async with asyncio.timeout(10):
        while len(await lindebeke.rows(inbox)) < count:  # noqa: ASYNC110 the poller has no event for it
            await asyncio.sleep(0.02)


async def test_updates_are_stored_once_in_order_and_then_taken_from_telegram(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        write(lindebeke, "een", "twee")
        async with running(poller(lindebeke)):
            await stored(lindebeke, 2)
            write(lindebeke, "drie")
            await stored(lindebeke, 3)
        (row,) = [one for one in await lindebeke.rows(sender) if one.channel == "telegram"]
        assert row.poll_offset == 4
        assert [one.provider_id for one in await lindebeke.rows(inbox)] == ["1", "2", "3"]


async def test_a_webhook_that_was_set_before_is_taken_away(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        ((_, channel),) = lindebeke.channels.telegram()
        await channel.set_webhook("https://elsewhere.example/hook", "secret")
        async with running(poller(lindebeke)):
            write(lindebeke, "een")
            await stored(lindebeke, 1)


async def test_after_a_crash_before_the_commit_telegram_sends_again(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        write(lindebeke, "een")
        failures = [RuntimeError("crash")]
        really = inbox_rows.store

        async def store(connection: object, arrivals: list[Arrival]) -> None:
            await really(connection, arrivals)  # type: ignore[arg-type]
            if failures:
                raise failures.pop()

        monkeypatch.setattr(inbox_rows, "store", store)
        async with running(poller(lindebeke)):
            await stored(lindebeke, 1)
        assert failures == []


async def test_a_worker_that_starts_again_polls_at_once_and_others_once_its_lease_ended(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        telegram = next(one.id for one in await lindebeke.rows(sender) if one.channel == "telegram")
        moment = now()
        async with lindebeke.database.write() as connection:
            assert await senders.lease_polling(connection, telegram, "first", moment, LEASE) == 0
            assert await senders.lease_polling(connection, telegram, "second", moment + LEASE, LEASE) is None
            assert await senders.lease_polling(connection, telegram, "first", moment, LEASE) == 0
            assert await senders.lease_polling(connection, telegram, "second", moment + LEASE * 2, LEASE) == 0
            assert not await senders.move_offset(connection, telegram, "first", 9)
            await senders.release_polling(connection, telegram, "second")
            assert await senders.lease_polling(connection, telegram, "first", moment, LEASE) == 0


async def test_a_new_bot_begins_at_its_own_first_update(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        ((one, _),) = lindebeke.channels.telegram()
        async with lindebeke.database.write() as connection:
            await senders.lease_polling(connection, one.id, "first", now(), LEASE)
            await senders.move_offset(connection, one.id, "first", 1000)
        for account, offset in ((one.account, 1000), ("another", 0)):
            async with lindebeke.database.write() as connection:
                await senders.put(
                    connection,
                    lindebeke.vault,
                    organisation_id=lindebeke.id,
                    slug=one.slug,
                    channel=one.channel,
                    account=account,
                    from_address=one.from_address,
                    credentials=one.credentials,
                    base_url=one.base_url,
                    messages_per_second=30,
                )
            (row,) = [each for each in await lindebeke.rows(sender) if each.id == one.id]
            assert row.poll_offset == offset

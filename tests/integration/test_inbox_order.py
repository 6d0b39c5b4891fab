"""Stored messages are answered in each person's order, again after an error, and never twice."""

import asyncio
from pathlib import Path
from typing import Any

from sqlalchemy import update

from messaging.incoming import Incoming
from messaging.repository import inbox as rows_of
from messaging.repository.inbox import Claimed
from messaging.tables import delivery, inbox
from simulator.personas import persona
from storage.clock import now
from tests.town import AN, Town, town


class Watched:
    """Stands for who answers: notes who is being answered at the same time, and the order."""

    def __init__(self, lindebeke: Town) -> None:
        self.town = lindebeke
        self.active: list[str] = []
        self.order: list[tuple[str, str]] = []
        self.together = 0

    async def handle(self, claimed: Claimed, incoming: Incoming | None) -> None:
        assert incoming is not None
        assert incoming.address not in self.active
        self.active.append(incoming.address)
        self.together = max(self.together, len(self.active))
        await asyncio.sleep(0.001)
        async with self.town.database.write() as connection:
            await rows_of.finish(connection, claimed, now())
        self.order.append((incoming.address, incoming.text))
        self.active.remove(incoming.address)


def watch(lindebeke: Town) -> Watched:
    """Nobody else answers from now on."""
    watched = Watched(lindebeke)
    lindebeke.inbox._handle = watched.handle
    return watched


async def rested(lindebeke: Town) -> None:
    """What rests after an error is due now."""
    async with lindebeke.database.write() as connection:
        await connection.execute(update(inbox).values(lease_until=None))


async def inbox_rows(lindebeke: Town) -> list[Any]:
    return await lindebeke.rows(inbox)


async def test_each_persons_messages_are_answered_in_order_and_different_people_at_once(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        watched = watch(lindebeke)
        for number in range(4):
            for chat in (1, 2, 3):
                await lindebeke.telegram(str(number), chat=chat)
        await asyncio.gather(*(lindebeke.answer() for _ in range(3)))
        for one in ("1", "2", "3"):
            assert [text for address, text in watched.order if address == one] == ["0", "1", "2", "3"]
        assert watched.together > 1


async def test_a_message_that_rests_after_an_error_holds_back_only_its_own_writer(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        lindebeke.interpreter.errors = [RuntimeError("engine")]
        await lindebeke.telegram("papier een")
        await lindebeke.answer()
        await lindebeke.telegram("papier twee")
        await lindebeke.telegram("papier drie", chat=77)
        await lindebeke.answer()
        assert lindebeke.interpreter.parsed == ["papier een", "papier drie"]
        await rested(lindebeke)
        await lindebeke.answer()
        await lindebeke.send()
        assert lindebeke.interpreter.parsed[2:] == ["papier een", "papier twee"]
        assert len(lindebeke.sent(str(AN))) == 2


async def test_what_fails_is_tried_six_times_with_growing_pauses_and_then_stays_for_an_officer_to_see(
    database_url: str, tmp_path: Path
) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        lindebeke.interpreter.errors = [RuntimeError("engine") for _ in range(6)]
        await lindebeke.telegram("papier")
        pauses = []
        for _ in range(6):
            await rested(lindebeke)
            before = now()
            await lindebeke.answer()
            (row,) = await inbox_rows(lindebeke)
            pauses.append(round((row.lease_until - before).total_seconds()))
        assert pauses == [2, 4, 8, 16, 32, 64]
        assert (row.state, row.error) == ("failed", "RuntimeError")
        assert row.payload is not None
        async with lindebeke.database.read() as connection:
            assert await rows_of.waiting(connection) == (0, 1)
        assert "papier en karton" in await lindebeke.reply_to("papier")


async def test_who_lost_the_lease_while_answering_has_no_effect(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        await lindebeke.telegram("papier")
        async with lindebeke.database.write() as connection:
            (slow,) = await rows_of.claim(connection, "slow", now(), 1)
        await rested(lindebeke)
        await lindebeke.answer()
        await lindebeke.inbox._deal_with(slow)
        assert len(await lindebeke.rows(delivery)) == 1
        assert [row.state for row in await inbox_rows(lindebeke)] == ["done"]


async def test_a_lease_keeps_others_away_until_it_ends(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        await lindebeke.telegram("papier")
        moment = now()
        async with lindebeke.database.write() as connection:
            assert len(await rows_of.claim(connection, "one", moment, 5)) == 1
            assert await rows_of.claim(connection, "two", moment + rows_of.LEASE, 5) == []
            assert not await rows_of.has_waiting(connection, moment + rows_of.LEASE)
            assert len(await rows_of.claim(connection, "two", moment + rows_of.LEASE * 2, 5)) == 1


async def test_what_was_answered_is_kept_nowhere_but_in_the_conversation(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        await lindebeke.reply_to("papier")
        (row,) = await inbox_rows(lindebeke)
        assert (row.state, row.payload, row.lease) == ("done", None, None)


async def test_a_pressed_button_stops_waiting_on_telegram(sqlite_url: str, tmp_path: Path) -> None:
    async with town(sqlite_url, tmp_path) as lindebeke:
        lindebeke.far_end.world.people.register(persona("An", chat_id=AN))
        await lindebeke.reply_to("kaart")
        (asked,) = lindebeke.sent()
        query = lindebeke.far_end.world.residents.press(
            persona("An", chat_id=AN), "telegram", asked["provider_id"], "neither"
        )
        await lindebeke.press("neither", query=query)
        await lindebeke.answer()
        async with asyncio.timeout(5):
            while "telegram.answered" not in lindebeke.far_end.world.log.counts:  # noqa: ASYNC110 it has no event
                await asyncio.sleep(0.01)


async def test_a_worker_that_starts_again_answers_at_once_what_it_died_over(database_url: str, tmp_path: Path) -> None:
    async with town(database_url, tmp_path) as lindebeke:
        await lindebeke.telegram("papier")
        async with lindebeke.database.write() as connection:
            assert len(await rows_of.claim(connection, "worker:before", now(), 1)) == 1
        await lindebeke.answer()
        assert await lindebeke.rows(delivery) == []
        await lindebeke.inbox.recover()
        await lindebeke.answer()
        assert len(await lindebeke.rows(delivery)) == 1

"""The spool: one file an arrival, sealed already, in the order in which they came."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from messaging.repository.inbox import Arrival
from messaging.spool import Spool
from tests.town import sms_form, town

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ARRIVAL = Arrival(
    organisation_id=1, sender_id=2, provider_id="SM1", lane="lane", payload=b"\0sealed\xff", received_at=NOON
)


def kept(spool: Spool) -> list[Arrival]:
    return [arrival for _, arrival in spool.waiting()]


def test_what_was_kept_comes_back_as_it_was_and_in_the_order_of_arrival(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "new" / "folder")
    later = [
        replace(ARRIVAL, provider_id=f"SM{9 - number}", received_at=NOON + timedelta(microseconds=number))
        for number in range(9)
    ]
    for arrival in reversed(later):
        spool.keep(arrival)
    assert kept(spool) == later


def test_whatever_a_provider_calls_its_message_it_stays_in_the_folder(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    for name in ("../../x", "/etc/x", "é" * 80, ".", ""):
        spool.keep(replace(ARRIVAL, provider_id=name))
    assert sorted(one.provider_id for one in kept(spool)) == sorted(("../../x", "/etc/x", "é" * 80, ".", ""))
    assert {path.parent for path in tmp_path.rglob("*.json")} == {tmp_path / "spool"}


def test_a_file_that_cannot_be_read_is_set_aside_and_stops_no_other(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    (tmp_path / "0000.json").write_text("{")
    (tmp_path / "0001.json").write_text("{}")
    spool.keep(ARRIVAL)
    assert kept(spool) == [ARRIVAL]
    assert len(list(tmp_path.glob("*.unreadable"))) == 2


def test_a_draft_that_a_crash_left_is_no_arrival(tmp_path: Path) -> None:
    (tmp_path / "0000.draft").write_text("{")
    assert kept(Spool(tmp_path)) == []


async def test_without_database_and_disk_the_message_is_not_acknowledged(sqlite_url: str, tmp_path: Path) -> None:
    no_folder = tmp_path / "file"
    no_folder.write_text("")
    async with town(sqlite_url, no_folder) as lindebeke:

        async def away(_: object) -> None:
            raise TimeoutError

        lindebeke.intake.store = away  # type: ignore[method-assign,assignment]
        assert (await lindebeke.post_twilio(sms_form("papier"))).status_code == 503

"""The databases that tests get are real, empty and their own."""

from sqlalchemy import create_engine, text

from samenspraak.migrations import is_current
from storage.database import driver_url


def write_one_row(url: str) -> int:
    engine = create_engine(driver_url(url, synchronous=True))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE leftover (id INTEGER)"))
        connection.execute(text("INSERT INTO leftover VALUES (1)"))
        rows: int = connection.execute(text("SELECT count(*) FROM leftover")).scalar_one()
    engine.dispose()
    return rows


def test_a_test_can_write_to_its_database(database_url: str) -> None:
    assert write_one_row(database_url) == 1


def test_what_another_test_wrote_is_not_there(database_url: str) -> None:
    assert write_one_row(database_url) == 1


def test_a_database_has_the_present_schema(database_url: str) -> None:
    assert is_current(database_url)


def test_both_kinds_can_be_had_in_one_test(sqlite_url: str, postgresql_url: str) -> None:
    assert sqlite_url.startswith("sqlite:///")
    assert postgresql_url.startswith("postgresql://")

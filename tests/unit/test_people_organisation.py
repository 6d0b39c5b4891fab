"""Office hours in local time, roles, passwords."""

from datetime import UTC, datetime

import pytest

from people.officer import hash_password, password_matches
from people.organisation import BRUSSELS, OfficeHours
from people.roles import ALLOWED, Action, Role, may, require
from storage.errors import Forbidden, InvalidInput

HOURS = OfficeHours.read([["09:00-12:00", "13:00-17:00"]] * 5 + [[], []])


def moment(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BRUSSELS).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (moment(23, 8, 59), False),
        (moment(23, 9), True),
        (moment(23, 12), False),
        (moment(23, 16, 59), True),
        (moment(28, 10), False),
    ],
)
def test_the_office_is_open_from_the_first_minute_until_before_the_last(at: datetime, is_open: bool) -> None:
    assert HOURS.is_open(at) is is_open


@pytest.mark.parametrize(
    ("at", "opening"),
    [
        (moment(23, 8), moment(23, 9)),
        (moment(23, 9), moment(23, 13)),
        (moment(23, 18), moment(24, 9)),
        (moment(27, 18), moment(30, 9)),
    ],
)
def test_the_next_opening_is_the_next_moment_at_which_somebody_comes_in(at: datetime, opening: datetime) -> None:
    assert HOURS.next_opening(at) == opening


def test_nine_is_nine_before_and_after_the_change_of_summer_time() -> None:
    assert HOURS.next_opening(moment(27, 20, month=3)) == datetime(2026, 3, 30, 7, tzinfo=UTC)  # summer from the 29th
    assert HOURS.next_opening(moment(23, 20, month=10)) == datetime(2026, 10, 26, 8, tzinfo=UTC)  # winter from the 25th
    assert HOURS.is_open(datetime(2026, 7, 1, 7, tzinfo=UTC))
    assert not HOURS.is_open(datetime(2026, 12, 1, 7, tzinfo=UTC))


def test_an_office_that_never_opens_has_no_next_opening() -> None:
    assert OfficeHours.read([[]] * 7).next_opening(moment(23, 8)) is None


def test_hours_of_a_day_may_be_written_in_any_order() -> None:
    hours = OfficeHours.read([["13:00-17:00", "09:00-12:00"]] * 7)
    assert hours.next_opening(moment(23, 8)) == moment(23, 9)


@pytest.mark.parametrize(
    "value", [None, 7, [], [[]] * 6, [["9-12"]] * 7, [["12:00-09:00"]] * 7, [["09:00"]] * 7, [[1]] * 7]
)
def test_hours_that_cannot_be_read_are_refused_with_a_reason(value: object) -> None:
    with pytest.raises(InvalidInput, match="Office hours"):
        OfficeHours.read(value)


def test_each_role_may_do_what_the_table_says_and_nothing_else() -> None:
    for role in Role:
        for action in Action:
            assert may(role, action) is (action in ALLOWED[role])
            if not may(role, action):
                with pytest.raises(Forbidden, match=role):
                    require(role, action)


def test_only_approvers_and_administrators_approve_and_only_administrators_administer() -> None:
    assert {role for role in Role if may(role, Action.APPROVE_ALERT)} == {Role.APPROVER, Role.ADMINISTRATOR}
    assert {role for role in Role if may(role, Action.ADMINISTER)} == {Role.ADMINISTRATOR}
    assert not may(Role.VIEWER, Action.READ_CONVERSATIONS)


def test_a_password_matches_its_own_hash_only() -> None:
    hashed = hash_password("correct horse battery")
    assert "correct" not in hashed
    assert password_matches(hashed, "correct horse battery")
    assert not password_matches(hashed, "wrong horse battery")
    assert not password_matches("no hash", "correct horse battery")


def test_a_short_password_is_refused() -> None:
    with pytest.raises(InvalidInput, match="12"):
        hash_password("short")

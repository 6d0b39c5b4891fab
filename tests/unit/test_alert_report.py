"""The report of an alert adds up, tells no secrets in small numbers, and costs what was sent."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcast.event import Event, in_full
from broadcast.results.missed import MAY_PASS, Reason, reason
from broadcast.results.report import FEW, Account, EventReport, hidden, of_event
from messaging.delivery import DeliveryState as S
from messaging.repository.handed import Handed
from messaging.repository.tallies import Count
from messaging.sms import segments
from tests.unit.test_alert_event import EVENT

COUNTS = [
    Count(S.DELIVERED, "sms", None, possible_duplicate=False, number=10),
    Count(S.ACCEPTED, "telegram", None, possible_duplicate=True, number=7),
    Count(S.FAILED, "telegram", "403", possible_duplicate=False, number=2),
    Count(S.SUPPRESSED, None, "no_consent", possible_duplicate=False, number=6),
]

SMS, TELEGRAM = 1, 2
ACCOUNTS = {SMS: Account("sms", 0.05), TELEGRAM: Account("telegram", None)}
HANDED = (
    Handed(SMS, None, other_way=False, within=0, number=10),
    Handed(TELEGRAM, None, other_way=False, within=7, number=7),
)


def _report(event: Event = EVENT, handed: tuple[Handed, ...] = HANDED, *, hide_few: bool = False) -> EventReport:
    return of_event(event, COUNTS, handed, ACCOUNTS, hide_few=hide_few)


def test_it_says_who_was_reached_and_why_others_were_not() -> None:
    found = _report()
    assert (found.people, found.reached, found.delivered, found.possible_duplicates) == (25, 17, 10, 7)
    assert found.missed == {Reason.NO_CONSENT: 6, Reason.BLOCKED: 2}
    assert found.by_channel == {"sms": 10, "telegram": 7}
    assert (found.within["sms"][0], found.within["telegram"][-1]) == (10, 7)


def test_an_sms_costs_its_parts_in_the_language_that_was_asked_for() -> None:
    long = replace(EVENT, texts={"nl": "a" * 100, "fr": "b" * 300})
    handed = (
        Handed(SMS, None, other_way=False, within=0, number=4),
        Handed(SMS, "fr", other_way=True, within=None, number=1),
        Handed(TELEGRAM, None, other_way=False, within=0, number=9),
    )
    found = _report(long, handed)
    in_dutch, in_french = (segments(in_full(long, asked, sms=True)).parts for asked in (None, "fr"))
    assert in_french > in_dutch > 1
    assert found.parts == 4 * in_dutch + in_french
    assert found.euros == pytest.approx(found.parts * 0.05)
    assert found.told_otherwise == {"sms": 1}


def test_without_a_price_there_is_no_cost() -> None:
    assert _report(handed=(HANDED[1],)).euros is None


def test_small_groups_are_hidden_from_who_may_not_know_and_cannot_be_counted_back() -> None:
    assert _report(hide_few=True).missed == {Reason.NO_CONSENT: None, Reason.BLOCKED: None}


@given(st.dictionaries(st.sampled_from(list(Reason)), st.integers(1, 50)))
def test_what_is_hidden_is_never_one_small_group_among_shown_ones(groups: dict[Reason, int]) -> None:
    shown = hidden(groups)
    left_out = [number for name, number in groups.items() if shown[name] is None]
    assert all(number is None or number >= FEW for number in shown.values())
    assert not left_out or sum(left_out) >= FEW or len(left_out) == len(groups)


@pytest.mark.parametrize(
    ("state", "error", "expected"),
    [
        (S.FAILED, "403", Reason.BLOCKED),
        (S.FAILED, "21610", Reason.BLOCKED),
        (S.FAILED, "63024", Reason.BAD_ADDRESS),
        (S.FAILED, "30003", Reason.PROVIDER),
        (S.FAILED, "401", Reason.ACCOUNT),
        (S.FAILED, None, Reason.PROVIDER),
        (S.EXPIRED, "30001", Reason.TOO_LATE),
        (S.SUPPRESSED, "no_consent", Reason.NO_CONSENT),
    ],
)
def test_a_code_of_the_provider_becomes_a_reason(state: S, error: str | None, expected: Reason) -> None:
    assert reason(state, error) == expected


def test_nobody_who_refused_counts_as_one_to_try_again() -> None:
    assert not {Reason.NO_CONSENT, Reason.BLOCKED, Reason.BAD_ADDRESS, Reason.WITHDRAWN} & MAY_PASS

"""The word by which an officer's own Telegram is known."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.officer_link import LASTS, officer_of, word
from storage.encryption import Vault

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
VAULT = Vault("a secret that is long enough for the tests")


@given(officer_id=st.integers(1, 999_999_999))
def test_a_word_tells_whose_it_is_and_fits_into_a_link_of_telegrams(officer_id: int) -> None:
    made = word(VAULT, officer_id, AT)
    assert officer_of(VAULT, f" {made} ", AT) == officer_id
    assert len(made) <= 64


def test_a_word_counts_for_a_quarter_of_an_hour() -> None:
    assert officer_of(VAULT, word(VAULT, 7, AT), AT + LASTS - timedelta(seconds=1)) == 7
    assert officer_of(VAULT, word(VAULT, 7, AT), AT + LASTS) is None


def test_a_word_counts_after_the_secret_was_renewed() -> None:
    renewed = Vault("another secret that is long enough!!,a secret that is long enough for the tests")
    assert officer_of(renewed, word(VAULT, 7, AT), AT) == 7


@pytest.mark.parametrize("said", ["", "officer-7", "hallo", word(VAULT, 7, AT).replace("-7-", "-8-")])
def test_what_the_console_did_not_give_out_is_nobodys(said: str) -> None:
    assert officer_of(VAULT, said, AT) is None

"""Whom an alert is for, as it is written down and read back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcast.places.houses import Houses, Side
from broadcast.selection import Selection
from people.kinds import MessageKind
from people.membership import MemberRole
from storage.errors import InvalidInput

selections = st.builds(
    Selection,
    networks=st.frozensets(st.integers(1, 99)),
    languages=st.frozensets(st.sampled_from(["nl", "fr"])),
    channels=st.frozensets(st.sampled_from(["sms", "telegram"])),
    houses=st.frozensets(
        st.builds(Houses, street=st.sampled_from(["Dorp", "Kerkstraat"]), side=st.none() | st.sampled_from(Side))
    ),
    post_codes=st.frozensets(st.sampled_from(["9000", "9030"])),
    kind=st.none() | st.sampled_from(MessageKind),
    role=st.none() | st.sampled_from(MemberRole),
    coordinators_first=st.booleans(),
)


@given(selections)
def test_what_is_written_is_read_back_the_same(selection: Selection) -> None:
    assert Selection.read(selection.as_json()) == selection


def test_conditions_that_are_not_given_are_not_written_so_that_old_digests_still_hold() -> None:
    assert Selection(networks=frozenset({2, 1})).as_json() == {"networks": [1, 2]}


@pytest.mark.parametrize(
    "value",
    [
        {"streets": []},
        {"houses": [{}]},
        {"post_codes": "9000"},
        {"kind": "gossip"},
        {"networks": ["x"]},
        {"networks": 3},
        {"role": "mayor"},
    ],
)
def test_what_is_no_audience_is_refused(value: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        Selection.read(value)

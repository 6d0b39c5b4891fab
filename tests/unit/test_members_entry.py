"""One row of a list as a member, or why not."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcast.members.columns import Field
from broadcast.members.entry import Entry, read
from broadcast.members.evidence import Evidence
from people.membership import MemberRole
from people.organisation import BRUSSELS
from storage.errors import InvalidInput


def _read(**told: str) -> Entry:
    told = {"mobile": "0470 12 34 01"} | told
    return read(list(told.values()), {Field(name): place for place, name in enumerate(told)})


@pytest.mark.parametrize("typed", ["0470/12.34.01", "+32 470 12 34 01", "470123401", "32470123401", "0032470123401"])
def test_a_number_is_read_also_where_the_spreadsheet_ate_its_first_sign(typed: str) -> None:
    assert _read(mobile=typed).mobile == "+32470123401"


@pytest.mark.parametrize("typed", ["", "geen", "02 555 12 12", "112", "0470"])
def test_a_row_without_a_mobile_number_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        _read(mobile=typed)


def test_a_house_number_is_found_behind_the_street() -> None:
    home = _read(street="Sint-Jansstraat 12 A bus 3", post_code="9000").home
    assert home is not None
    assert (home.street, home.number, home.box) == ("Sint-Jansstraat", "12 A", "3")


def test_a_row_without_an_address_has_no_home() -> None:
    assert _read(street="", place="Gent").home is None


@pytest.mark.parametrize(("latitude", "known"), [("51,05", True), ("0", False), ("91", False), ("noord", False)])
def test_a_point_is_taken_only_where_it_can_be_one(latitude: str, known: bool) -> None:
    home = _read(street="Dorp", latitude=latitude, longitude="0" if latitude == "0" else "3.72").home
    assert home is not None
    assert (home.point is not None) is known


@pytest.mark.parametrize(
    ("field", "typed", "meant"),
    [
        ("language", "Néerlandais", "nl"),
        ("language", "FR", "fr"),
        ("language", "nl-BE", "nl"),
        ("language", "klingon", None),
        ("role", "Coördinator BIN", MemberRole.COORDINATOR),
        ("role", "lid", MemberRole.MEMBER),
        ("role", "", None),
        ("consent", "JA", True),
        ("consent", "", False),
        ("consent_date", "31/01/2026", date(2026, 1, 31)),
        ("consent_date", "2026-01-31", date(2026, 1, 31)),
    ],
)
def test_words_are_understood(field: str, typed: str, meant: Any) -> None:
    taken = {"consent_date": "consent_on"}.get(field, field)
    assert getattr(_read(**{field: typed}), taken) == meant


@pytest.mark.parametrize(("field", "typed"), [("consent", "misschien"), ("consent_date", "gisteren")])
def test_what_cannot_be_meant_is_refused_rather_than_guessed(field: str, typed: str) -> None:
    with pytest.raises(InvalidInput):
        _read(**{field: typed})


@given(st.dictionaries(st.sampled_from(Field), st.text(max_size=40)))
def test_any_row_is_a_member_or_refused(told: dict[Field, str]) -> None:
    columns = {field: place for place, field in enumerate(told)}
    with suppress(InvalidInput):
        assert read(list(told.values()), columns).addresses


TODAY = date(2026, 3, 1)


def _evidence(on: str = "2026-01-31", *, everybody: bool = True) -> Evidence:
    evidence = Evidence.given(on, "formulier", "Ja", everybody=everybody, today=TODAY)
    assert evidence is not None
    return evidence


def test_consent_holds_from_the_day_of_the_row_else_of_the_list() -> None:
    own = _read(consent="ja", consent_date="2025-12-24")
    assert _evidence().given_at(own) == datetime(2025, 12, 24, tzinfo=BRUSSELS)
    assert _evidence().given_at(_read()) == datetime(2026, 1, 31, tzinfo=BRUSSELS)


def test_who_said_no_did_not_agree_whatever_the_list_says_of_everybody() -> None:
    assert _evidence().given_at(_read(consent="nee")) is None
    assert _evidence(everybody=False).given_at(_read()) is None


def test_nothing_given_is_no_evidence_and_half_of_it_is_refused() -> None:
    assert Evidence.given("", "", " ", everybody=False, today=TODAY) is None
    for on, how, wording, everybody in [
        ("2026-01-31", "", "Ja", True),
        ("2026-01-31", "formulier", "", True),
        ("", "formulier", "Ja", True),
        ("", "", "", True),
        ("2026-03-02", "formulier", "Ja", True),
        ("31/1", "formulier", "Ja", False),
    ]:
        with pytest.raises(InvalidInput):
            Evidence.given(on, how, wording, everybody=everybody, today=TODAY)
    assert Evidence.read(_evidence().as_json()) == _evidence()

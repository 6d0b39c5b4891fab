"""Houses in a street, as an officer writes them and as people live in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcast.places.houses import Houses, Side
from people.home import Home, street_key
from storage.errors import InvalidInput


@pytest.mark.parametrize(
    ("line", "houses"),
    [
        ("Kerkstraat", Houses(street="Kerkstraat")),
        ("  Kerkstraat   12 ", Houses(street="Kerkstraat", first=12, last=12)),
        ("Kerkstraat 1-99", Houses(street="Kerkstraat", first=1, last=99)),
        ("Kerkstraat 1 – 99 oneven", Houses(street="Kerkstraat", first=1, last=99, side=Side.ODD)),
        ("Dorp even", Houses(street="Dorp", side=Side.EVEN)),
        (
            "Kerkstraat 2-10 EVEN (9000)",
            Houses(street="Kerkstraat", first=2, last=10, side=Side.EVEN, post_code="9000"),
        ),
        ("Rue du 4 Août 5", Houses(street="Rue du 4 Août", first=5, last=5)),
    ],
)
def test_a_line_is_read_as_people_write_it(line: str, houses: Houses) -> None:
    assert Houses.parse(line) == houses
    assert Houses.parse(houses.line) == houses
    assert Houses.read(houses.as_json()) == houses


@pytest.mark.parametrize("line", ["", "12", "...", "Kerkstraat 99-1", "x" * 200])
def test_what_is_no_street_is_refused(line: str) -> None:
    with pytest.raises(InvalidInput):
        Houses.parse(line)


@pytest.mark.parametrize(
    ("line", "number", "held"),
    [
        ("Kerkstraat", "", True),
        ("Kerkstraat 1-9", "", False),
        ("Kerkstraat 1-9", "9A", True),
        ("Kerkstraat 1-9", "10", False),
        ("Kerkstraat oneven", "3 bus 2", True),
        ("Kerkstraat oneven", "4", False),
        ("Kerkstraat 2-8 even", "8", True),
        ("Kerkstraat (9001)", "1", False),
        ("Kerkplein", "1", False),
    ],
)
def test_a_range_holds_the_houses_between_its_ends(line: str, number: str, held: bool) -> None:
    home = Home(street="Kerkstraat", number=number, post_code="9000")
    assert Houses.parse(line).hold(home) is held


@given(st.integers(1, 99_999))
def test_each_house_is_on_one_side(number: int) -> None:
    home = Home(street="Dorp", number=str(number))
    assert Houses(street="Dorp", side=Side.ODD).hold(home) != Houses(street="Dorp", side=Side.EVEN).hold(home)


@pytest.mark.parametrize("written", ["Sint-Jansstr.", "SINT JANSSTRAAT", "Sint-Jansstraat", "sint-jansstr"])
def test_a_street_is_the_same_however_it_is_typed(written: str) -> None:
    assert street_key(written) == "sintjansstraat"


def test_accents_do_not_make_another_street() -> None:
    assert street_key("Rue de l'Église") == street_key("rue de l eglise")

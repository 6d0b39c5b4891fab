"""The background of the map shows streets, and never one home."""

from broadcast.places.street_map import FEWEST, StreetMap
from people.home import Home


def _homes(number: int, street: str = "Kerkstraat") -> StreetMap:
    drawn = StreetMap()
    for house in range(number):
        drawn.add(Home(street=street, number=str(house + 1), latitude=51.0 + house / 1000, longitude=3.7))
    return drawn


def test_a_street_runs_from_low_to_high_numbers() -> None:
    (street,) = _homes(30).streets()
    assert street.name == "Kerkstraat"
    assert [y for _, y in street.line] == sorted(y for _, y in street.line)


def test_a_street_with_few_homes_is_not_drawn() -> None:
    assert _homes(FEWEST - 1).streets() == []


def test_each_point_of_a_line_stands_for_several_homes() -> None:
    (street,) = _homes(FEWEST).streets()
    assert len(street.line) * 2 <= FEWEST


def test_what_has_no_number_or_point_is_left_out() -> None:
    drawn = _homes(FEWEST - 1)
    drawn.add(Home(street="Kerkstraat", latitude=51.0, longitude=3.7))
    drawn.add(Home(street="Kerkstraat", number="3"))
    assert drawn.streets() == []

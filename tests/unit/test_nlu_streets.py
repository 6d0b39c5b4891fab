"""Streets are found however they are spelt, with the house number and box behind them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.streets import Street, Streets, read_streets
from storage.errors import InvalidInput

STREETS = Streets([
    Street("1", "Kerkstraat"),
    Street("1", "rue de l'Église"),
    Street("2", "Sint-Jansstraat"),
    Street("3", "Gentsesteenweg"),
    Street("4", "Lange Beukendreef"),
    Street("5", "Korte Beukendreef"),
    Street("6", "Dries"),
    Street("7", "Onze-Lieve-Vrouwstraat"),
    Street("8", "Generaal Lemanlaan"),
])  # fmt: skip


def found(text: str, streets: Streets = STREETS) -> list[tuple[str, str]]:
    return [(entity.kind, entity.value) for entity in streets.find(text)]


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("een put in de kerkstraat", "1"),
        ("Kerkstr. is afgesloten", "1"),
        ("in de kerkstaat", "1"),
        ("rue de l'eglise", "1"),
        ("Kerkstraße", "1"),
        ("St.-Jansstr", "2"),
        ("sint jansstraat", "2"),
        ("de Gentse Steenweg", "3"),
        ("gentsestwg", "3"),
        ("lange beukedreef", "4"),
        ("o.l.v.-straat", "7"),
        ("gen. Lemanln", "8"),
    ],
)
def test_a_listed_street_is_known_by_its_id_however_it_is_written(text: str, identifier: str) -> None:
    assert found(text) == [("street", identifier)]


@pytest.mark.parametrize(
    ("text", "number", "box"),
    [
        ("kerkstraat 12", "12", None),
        ("Kerkstraat nr. 12a, lamp stuk", "12A", None),
        ("Kerkstr. 12 bus 3", "12", "3"),
        ("kerkstraat 12/3", "12", "3"),
        ("22 rue de l'Église", "22", None),
        ("rue de l'Église, 22 bte 4", "22", "4"),
        ("in de kerkstraat ter hoogte van 8", "8", None),
    ],
)
def test_house_number_and_box_are_told_apart(text: str, number: str, box: str | None) -> None:
    expected = [("street", "1"), ("house_number", number), *([("box", box)] if box else [])]
    assert found(text) == expected


@pytest.mark.parametrize("text", ["kerkstraat 12 uur", "kerkstraat 12u", "kerkstraat 8.30 uur", "kerkstraat 12/03"])
def test_a_time_or_day_behind_a_street_is_no_house_number(text: str) -> None:
    assert found(text) == [("street", "1")]


@pytest.mark.parametrize("text", ["drie dagen", "een zijstraat", "op straat", "de snelweg 4", "", "🚧"])
def test_what_only_looks_like_a_street_is_none(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text", ["Vogelzangstraat", "chaussée de Mons", "Hauptstraße", "Station Street", "vaartstr.", "N42"]
)
def test_a_street_that_is_on_no_list_is_known_by_what_it_is_called(text: str) -> None:
    assert found(f"werken {text}", Streets()) == [("street", text)]


@given(st.text(max_size=400))
def test_any_text_gives_streets_that_stand_where_they_say(text: str) -> None:
    for entity in STREETS.find(text):
        assert text[entity.start : entity.end] == entity.text


def test_a_list_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "streets.tsv"
    path.write_text("id\tname\n7\tDries\n\n7\tplace du Trieu\n", encoding="utf-8")
    assert read_streets(path) == [Street("7", "Dries"), Street("7", "place du Trieu")]


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ("name\tid\n", ":1: the header"),
        ("", ":1: the header"),
        ("id\tname\n7\n", ":2: expected"),
        ("id\tname\n\tx\n", ":2"),
    ],
)
def test_a_broken_list_is_refused_with_its_line(tmp_path: Path, content: str, where: str) -> None:
    path = tmp_path / "streets.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput, match=f"streets.tsv{where}"):
        read_streets(path)


def test_a_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_streets(tmp_path / "nowhere.tsv")

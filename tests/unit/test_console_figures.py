"""The figures as written: each chart beside a table with the same numbers, small groups hidden."""

import re

import pytest

from console.figures import Section, Writer
from tests.unit.console_figures import some_figures


@pytest.fixture
def sections() -> dict[str, Section]:
    return {one.name: one for one in Writer("nl", {"waste_calendar": "Afvalkalender"}).sections(some_figures())}


def test_key_figures_say_what_they_are_a_share_of() -> None:
    reach, answered, median, _ = Writer("nl", {}).key_figures(some_figures())
    assert (reach.value, reach.of) == ("9,5%", "inwoners van de gemeente (2.000 / 21.032)")
    assert (answered.value, median.value) == ("84%", "2 seconden")


def test_every_section_has_a_table_as_wide_as_its_head(sections: dict[str, Section]) -> None:
    assert list(sections) == ["study", "days", "response", "conversations", "topics", "channels", "languages"]
    for section in sections.values():
        assert section.rows
        assert {len(row) for row in section.rows} == {len(section.columns)}


def test_every_chart_has_a_title_and_a_description(sections: dict[str, Section]) -> None:
    for section in sections.values():
        assert section.chart is not None
        assert re.search(r"<title[^>]*>[^<]+</title>", section.chart)
        assert re.search(r"<desc[^>]*>[^<]+</desc>", section.chart)


def test_topics_are_called_as_the_municipality_calls_them(sections: dict[str, Section]) -> None:
    assert sections["topics"].rows == [["Afvalkalender", "40", "93%"], ["Andere", "3", "7%"]]


def test_a_group_of_fewer_than_five_is_hidden(sections: dict[str, Section]) -> None:
    lively = next(row for row in sections["conversations"].rows if row[0] == "Levendige netwerken")
    assert lively[1:3] == ["–", "–"]
    assert "verborgen" in lively[3]
    officer = next(row for row in sections["response"].rows if row[0] == "Medewerker, op de klok")
    assert officer[1:] == ["–"] * 4


def test_the_newest_day_stands_first(sections: dict[str, Section]) -> None:
    assert [row[0] for row in sections["days"].rows] == ["3 mrt", "2 mrt"]

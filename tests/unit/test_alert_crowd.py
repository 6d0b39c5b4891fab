"""An audience may be looked at, and nobody in it be found out."""

from broadcast.crowd import FEWEST, Somebody, crowd


def _people(number: int, street: str, channel: str = "sms") -> list[Somebody]:
    return [Somebody(f"{street}{one:02}", street, (channel,)) for one in range(number)]


def test_streets_of_few_people_are_counted_together() -> None:
    found = crowd([*_people(7, "Dorp"), *_people(4, "Plein"), *_people(3, "")], {})
    assert (found.people, found.streets, found.other_streets) == (14, {"Dorp": 7}, 7)


def test_groups_of_fewer_than_five_are_hidden() -> None:
    found = crowd([*_people(6, "Dorp"), *_people(2, "Dorp", "telegram")], {1: 8, 2: FEWEST - 1, 3: 0})
    assert found.networks == {1: 8, 2: None, 3: 0}
    assert found.channels == {"sms": 6, "telegram": None}
    assert crowd([*_people(6, "Dorp"), *_people(1, "Plein")], {}).other_streets is None


def test_a_sample_names_no_street_of_few_people_and_there_is_none_of_few_people() -> None:
    found = crowd([*_people(4, "A"), *_people(6, "B")], {})
    assert [one.street for one in found.sample] == ["", "", "", "", "B"]
    assert crowd(_people(4, "A"), {}).sample == []

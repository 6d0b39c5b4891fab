"""Which column holds what, as headers tell; and lists in which first and last names changed places."""

import pytest

from broadcast.members.columns import BE_ALERT_COLUMNS, Field, guess, is_be_alert, names_are_swapped

BE_ALERT = [
    "id",
    "status",
    "taal",
    "aanspreking",
    "voornaam",
    "naam",
    "geboortedatum",
    "email-1",
    "email-2",
    "gsm-1",
    "gsm-2",
    "telefoon-1",
    "telefoon-2",
    "fax",
    "straat",
    "huisnummer",
    "bus",
    "postcode",
    "gemeente",
    "land",
    "latitude",
    "longitude",
    "groep",
    "functie",
    "organisatie",
    "doof",
    "blind",
    "opmerking",
    "kanaal-1",
    "kanaal-2",
    "kanaal-3",
    "inschrijvingsdatum",
    "laatst-gewijzigd",
]


def test_headers_are_recognised_in_three_languages_and_however_they_are_spelt() -> None:
    assert guess(["Prénom", "NOM", "Gsm-nummer", "Code postal"]) == {
        Field.FIRST_NAME: 0,
        Field.LAST_NAME: 1,
        Field.MOBILE: 2,
        Field.POST_CODE: 3,
    }


def test_the_more_telling_header_is_taken_and_no_column_twice() -> None:
    assert guess(["telefoon", "gsm", "naam"]) == {Field.MOBILE: 1, Field.LAST_NAME: 2}


def test_the_list_of_33_columns_is_recognised() -> None:
    assert len(BE_ALERT) == BE_ALERT_COLUMNS
    assert is_be_alert(BE_ALERT)
    assert not is_be_alert(BE_ALERT[:-1])
    found = guess(BE_ALERT)
    called = {field: BE_ALERT[place] for field, place in found.items()}
    assert (called[Field.MOBILE], called[Field.NUMBER], called[Field.ROLE]) == ("gsm-1", "huisnummer", "functie")
    assert called[Field.CONSENT_DATE] == "inschrijvingsdatum"


AS_SAID = [("An", "Peeters"), ("Jan", "De Smet"), ("Fatima", "Benali"), ("Marie-Claire", "Dubois"), ("Thomas", "Jan")]
COLUMNS = {Field.FIRST_NAME: 0, Field.LAST_NAME: 1}


def test_names_in_their_own_columns_are_left_there() -> None:
    assert not names_are_swapped(AS_SAID, COLUMNS)


def test_names_in_each_others_columns_are_found_out() -> None:
    assert names_are_swapped([(last, first) for first, last in AS_SAID], COLUMNS)


@pytest.mark.parametrize("rows", [[], [("", "")], [("Xq", "Zz")]])
def test_what_tells_nothing_is_left_as_the_header_says(rows: list[tuple[str, str]]) -> None:
    assert not names_are_swapped(rows, COLUMNS)


def test_a_list_without_both_columns_has_nothing_to_swap() -> None:
    assert not names_are_swapped([("Peeters",)], {Field.FIRST_NAME: 0})

"""What a message names: days, streets, things and numbers, with their normal form."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.entities import Gazetteer, find_entities, learn_names
from nlu.interpreter import Entity
from nlu.streets import Street
from nlu.training_data import Example, Term, TrainingData

WEDNESDAY = date(2025, 5, 14)
DATA = TrainingData(
    (
        Example("de blauwe zak", "waste_calendar", "nl", (Entity("waste_type", "pmd", "blauwe zak", 3, 13),)),
        Example("naar de bib", "library", "nl", (Entity("service", "bib", "bib", 8, 11),)),
        Example("12 mei", "fine", "nl", (Entity("date", "12 mei", "12 mei", 0, 6),)),
    ),
    (
        Term("lookup", "document", "carte d'identité", "fr"),
        Term("synonym", "bibliotheek", "bib", "nl"),
    ),
)
GAZETTEER = Gazetteer.build(learn_names(DATA), [Street("7", "Kerkstraat"), Street("8", "Lange Beukendreef")])


def test_names_are_learnt_from_tables_annotations_and_synonyms() -> None:
    assert learn_names(DATA) == {
        "blauwe zak": ("waste_type", "pmd"),
        "bib": ("service", "bibliotheek"),
        "carte d'identite": ("document", "carte d'identité"),
    }


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("een put in de kerkstaat", "street", "7"),
        ("lange beukedreef", "street", "8"),
        ("waar moet de blauwe zak", "waste_type", "pmd"),
        ("ma carte d'identite", "document", "carte d'identité"),
        ("bel 0470 12 34 56", "phone", "+32470123456"),
        ("An.Peeters@voorbeeld.be", "email", "an.peeters@voorbeeld.be"),
        ("kost dat 12,50 euro", "amount", "12.50"),
        ("€ 5 betaald", "amount", "5.00"),
        ("1.250,50 euro", "amount", "1250.50"),
        ("€1,150", "amount", "1150.00"),
        ("trente euros", "amount", "30.00"),
        ("achthonderd euro", "amount", "800.00"),
        ("quinze mille deux cents euros", "amount", "15200.00"),
        ("dossier OMV-2025-00123", "reference_number", "OMV-2025-00123"),
        ("omv_2025010077", "reference_number", "OMV_2025010077"),
        ("ref 2026-1187", "reference_number", "2026-1187"),
        ("mijn nummer is 44021", "reference_number", "44021"),
        ("+++123/4567/89012+++", "reference_number", "+++123/4567/89012+++"),
        ("an der Kerkstraße", "street", "7"),
    ],
)
def test_things_are_found_with_their_normal_form(text: str, kind: str, value: str) -> None:
    assert [(entity.kind, entity.value) for entity in find_entities(text, WEDNESDAY, GAZETTEER)] == [(kind, value)]


@pytest.mark.parametrize("text", ["BE68539007547034", "de E411", "mijn nummer", "3 keer", "123"])
def test_what_is_no_number_of_a_file_is_not_made_one(text: str) -> None:
    assert "reference_number" not in {entity.kind for entity in find_entities(text, WEDNESDAY, GAZETTEER)}


def test_a_house_with_a_box_is_no_day() -> None:
    found = find_entities("wij verhuizen op 1/12 naar de kerkstraat 12/3", WEDNESDAY, GAZETTEER)
    assert [(one.kind, one.value) for one in found] == [
        ("date", "2025-12-01"), ("street", "7"), ("house_number", "12"), ("box", "3"),
    ]  # fmt: skip


@given(st.text(max_size=400))
def test_any_text_gives_entities_that_stand_where_they_say(text: str) -> None:
    for entity in find_entities(text, WEDNESDAY, GAZETTEER):
        assert text[entity.start : entity.end] == entity.text

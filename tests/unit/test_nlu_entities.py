"""What a message names: days, streets, things and numbers, with their normal form."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.dates import find_dates
from nlu.entities import Gazetteer, find_entities, learn_names
from nlu.interpreter import Entity, Language
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
GAZETTEER = Gazetteer.build(learn_names(DATA), ["Kerkstraat", "Lange Beukendreef"])


def test_names_are_learnt_from_tables_annotations_and_synonyms() -> None:
    assert learn_names(DATA) == {
        "blauwe zak": ("waste_type", "pmd"),
        "bib": ("service", "bibliotheek"),
        "carte d'identite": ("document", "carte d'identité"),
    }


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("kan het overmorgen", "2025-05-16"),
        ("vandaag nog", "2025-05-14"),
        ("lundi prochain", "2025-05-19"),
        ("nächsten Montag", "2025-05-19"),
        ("vorige maandag", "2025-05-12"),
        ("maandag", "2025-05-19"),
        ("woensdag", "2025-05-21"),
        ("après-demain", "2025-05-16"),
        ("übermorgen", "2025-05-16"),
        ("the day after tomorrow", "2025-05-16"),
        ("op 20 mei", "2025-05-20"),
        ("le 1er mai", "2026-05-01"),
        ("am 3. Juni 2026", "2026-06-03"),
        ("May 20th", "2025-05-20"),
        ("20/05", "2025-05-20"),
        ("20.5.26", "2026-05-20"),
        ("2025-12-01", "2025-12-01"),
        ("dans 3 jours", "2025-05-17"),
        ("over 2 weken", "2025-05-28"),
        ("volgende week", "2025-05-19"),
        ("la semaine dernière", "2025-05-05"),
    ],
)
def test_a_day_is_understood_from_the_reference_day(text: str, day: str) -> None:
    assert [entity.value for entity in find_dates(text, WEDNESDAY)] == [day]


@pytest.mark.parametrize("text", ["31/02", "99/99/2025", "in de maand", "nummer 12", "1/2/3/4"])
def test_what_is_no_day_is_not_made_one(text: str) -> None:
    assert find_dates(text, WEDNESDAY) == ()


@pytest.mark.parametrize(("language", "found"), [("fr", 1), (None, 1), ("nl", 0), ("de", 0)])
def test_hier_is_yesterday_in_french_and_here_in_dutch_and_german(language: Language | None, found: int) -> None:
    assert len(find_dates("het ruikt hier", WEDNESDAY, language)) == found


def test_an_entity_knows_where_it_stood() -> None:
    (entity,) = find_dates("Vóór 20 mei graag", WEDNESDAY)
    assert (entity.text, entity.start, entity.end) == ("20 mei", 5, 11)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("een put in de kerkstaat", "street", "Kerkstraat"),
        ("lange beukedreef 4", "street", "Lange Beukendreef"),
        ("waar moet de blauwe zak", "waste_type", "pmd"),
        ("ma carte d'identite", "document", "carte d'identité"),
        ("bel 0470 12 34 56", "phone", "+32470123456"),
        ("An.Peeters@voorbeeld.be", "email", "an.peeters@voorbeeld.be"),
        ("kost dat 12,50 euro", "amount", "12.50"),
        ("€ 5 betaald", "amount", "5.00"),
        ("dossier OMV-2025-00123", "reference_number", "OMV-2025-00123"),
    ],
)
def test_things_are_found_with_their_normal_form(text: str, kind: str, value: str) -> None:
    assert [(entity.kind, entity.value) for entity in find_entities(text, WEDNESDAY, GAZETTEER)] == [(kind, value)]


@given(st.text(max_size=400))
def test_any_text_gives_entities_that_stand_where_they_say(text: str) -> None:
    for entity in find_entities(text, WEDNESDAY, GAZETTEER):
        assert text[entity.start : entity.end] == entity.text

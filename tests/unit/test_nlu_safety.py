"""The safety layer: what must raise the alarm, what must not, and in which order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.safety import assess, likeliest, parts_with_signs, sign_in, signs, within_whole
from nlu.topics import SAFETY_TOPICS

EMERGENCIES = [
    "het ruikt naar gas in de gang",
    "ça sent le gaz",
    "hier riecht es nach gas im keller",
    "i can smell gas",
    "il y a le feu",
    "brand!!!",
    "HET HUIS STAAT IN BRAND",
    "mijn keuken staat in brand kom rap",
    "mon voisin est par terre et ne respire plus",
    "someone is breaking in right now",
    "ma keuken est en feu help",
    "gas lek in de kelder",
    "er ligt een man bewusteloos op straat",
    "mon bébé ne respire plus il devient bleu",
    "kind opgesloten in de auto in volle zon",
    "water in de kelder en de zekeringkast staat onder stroom",
    "someone is trying to force my front door right now",
    "a man is on the wrong side of the bridge railing",
    "die Wehen kommen jede Minute",
]
WISHES_TO_DIE = [
    "k ga der een eind aan maken",
    "ik wil niet meer leven",
    "je veux mourir",
    "ich will nicht mehr leben",
    "i want to end my life",
    "zelfmoord",
    "ich ritze mich jeden abend",
    "my goodbye letters are written",
    "ik heb al mijn slaappillen bijeengespaard",
]
FRAUD = [
    "is dit phishing",
    "verdacht bericht gekregen van de bank",
    "un monsieur à la porte se disait de la commune",
    "komische sms mit link",
    "someone called claiming to be the police",
]
HARMLESS = [
    "is er een brandoefening?",
    "ik sterf van de honger",
    "brandt de straatlamp niet",
    "mag ik een kampvuur maken in mijn tuin",
    "wat kost een aansluiting op gas",
    "je meurs de faim",
    "a quelle heure le feu d'artifice",
    "de brandweerkazerne, waar is die",
    "le grand feu de la saint-jean c'est quand",
    "hoe zwaar is de boete voor een kapotte lamp",
    "waarom kregen wij gisteren een bericht over een gaslek",
    "my wife had a stroke and is coming home next week",
    "je veux disparaître de votre système",
    "",
    "🔥",
]


@pytest.mark.parametrize("text", EMERGENCIES)
def test_danger_to_life_is_an_emergency(text: str) -> None:
    assert signs().alarm(text) == "emergency"


@pytest.mark.parametrize("text", WISHES_TO_DIE)
def test_a_wish_to_die_is_heard(text: str) -> None:
    assert signs().alarm(text) == "self_harm"


@pytest.mark.parametrize("text", FRAUD)
def test_fraud_is_told(text: str) -> None:
    assert signs().alarm(text) == "scam_or_phishing"


@pytest.mark.parametrize("text", HARMLESS)
def test_everyday_words_raise_no_alarm(text: str) -> None:
    assert signs().alarm(text) is None


def test_danger_at_the_end_of_a_very_long_text_is_found() -> None:
    story = "wij wonen hier al jaren en alles is goed " * 2_400
    assert signs().alarm(story) is None
    assert signs().alarm(story + "maar nu ruikt het naar gas") == "emergency"


def test_signs_far_apart_do_not_count_together() -> None:
    assert signs().alarm("het ruikt lekker bij de bakker " + "en zo verder " * 10 + "gas") is None


def test_the_alarm_is_raised_from_its_line_on() -> None:
    risk = {"emergency": 1.0, "self_harm": -3.0}
    assert assess("x", None, risk, 0.5) == "emergency"
    assert assess("x", None, risk, 1.5) is None


def test_classifiers_that_find_a_danger_impossible_win_over_its_signs() -> None:
    assert assess("mijn soufflé is ingestort op mijn vrouw", "emergency", {"emergency": -9.0}, 0.0) is None


def test_signs_win_in_a_text_that_the_classifiers_have_not_read_to_its_end() -> None:
    text = "wij wonen hier graag " * 200 + "ik ruik gas"
    assert assess(text, sign_in(text, ""), {"emergency": -9.0}, 0.0) == "emergency"


def test_signs_are_read_where_there_are_no_classifiers() -> None:
    assert assess("ik ruik gas", sign_in("ik ruik gas", ""), {}, 0.0) == "emergency"
    assert assess("goedendag", sign_in("goedendag", ""), {}, 0.0) is None


def test_signs_win_of_a_danger_that_the_classifiers_were_not_taught() -> None:
    assert assess("ik wil dood", "self_harm", {"emergency": -9.0}, 0.0) == "self_harm"


def test_signs_are_read_in_the_mended_spelling_too() -> None:
    assert sign_in("ik ruik gsa", "ik ruik gas") == "emergency"


@pytest.mark.parametrize(
    "text",
    [
        "Ik heb een halfuur geleden heel het doosje slaappillen geslikt",
        "j'ai pris toute la boîte de somnifères",
        "habe die ganze Packung Beruhigungsmittel genommen",
        "I've taken an entire packet of painkillers",
    ],
)
def test_a_lot_of_medicine_taken_is_a_sign_in_every_language(text: str) -> None:
    assert signs().alarm(text) == "self_harm"


@pytest.mark.parametrize(
    "text",
    [
        "ik heb mijn pil genomen",
        "où déposer tous mes vieux cachets ?",
        "alle alten Tabletten im Schrank",
        "took the whole box to the dump",
    ],
)
def test_medicine_alone_is_none(text: str) -> None:
    assert signs().alarm(text) is None


def test_a_wish_to_die_is_graver_than_what_it_is_done_with() -> None:
    assert signs().alarm("ik wil dood, het huis ruikt naar gas") == "self_harm"


def test_the_risk_of_the_surest_part_is_added_to_that_of_its_whole() -> None:
    whole = {"emergency": -2.0, "self_harm": -5.0}
    assert within_whole(whole, [{"emergency": 6.0, "self_harm": -3.0}, {"emergency": 1.0}]) == {
        "emergency": 4.0,
        "self_harm": -5.0,
    }


def test_an_alarming_part_is_excused_by_a_whole_that_is_calm_enough() -> None:
    assert likeliest(within_whole({"emergency": -9.0}, [{"emergency": 6.0}]), 2.0) is None


def test_calm_parts_change_nothing() -> None:
    assert within_whole({"emergency": 3.0}, [{"emergency": -1.0}]) == {"emergency": 3.0}
    assert within_whole({"emergency": 3.0}, []) == {"emergency": 3.0}


@given(st.text(max_size=500))
def test_any_text_is_assessed(text: str) -> None:
    assert signs().alarm(text) in {None, *SAFETY_TOPICS}


def test_a_hundred_thousand_characters_of_danger_are_read() -> None:
    assert signs().alarm("gas ruik brand " * 6_667) == "emergency"


def test_the_part_that_holds_the_signs_is_told_from_the_story_around_it() -> None:
    story = "Wij wonen hier graag. Gisteren was ik op de markt! Ik ruik gas in de kelder. Mijn man lacht ermee."
    assert parts_with_signs(story) == ["Ik ruik gas in de kelder"]


def test_a_story_without_a_full_stop_is_read_in_pieces() -> None:
    (*_, part) = parts_with_signs("en zo verder " * 40 + "en nu ruik ik gas in de kelder")
    assert "gas in de kelder" in part
    assert len(part.split()) <= 28


def test_danger_told_a_word_a_line_is_a_sentence_that_ends_where_a_longer_line_begins() -> None:
    assert "ik ruik gas" in parts_with_signs("\nik\nruik\ngas\nwanneer is de bib open?")


def test_danger_told_a_few_words_a_line_is_read_in_one_piece() -> None:
    assert "ik ruik gas wanneer" in parts_with_signs("\nik ruik\ngas\nwanneer is de bib open?")


@pytest.mark.parametrize("text", ["ik ruik gas in de kelder", "Goedendag. Wanneer is de bib open?", ""])
def test_a_text_of_one_part_or_without_signs_has_none(text: str) -> None:
    assert parts_with_signs(text) == []


@pytest.mark.parametrize("joiner", ["\u00ad", "\u200c", "\u200d", "\u2060", "\ufeff"])
def test_letters_that_nobody_sees_hide_no_danger(joiner: str) -> None:
    assert signs().alarm(joiner.join("ik ruik ") + "g" + joiner + "as") == "emergency"

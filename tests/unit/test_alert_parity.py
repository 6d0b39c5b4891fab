"""The translation says no more and no less than the Dutch, as far as can be told without understanding it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcast.alert import Content, Severity
from broadcast.preflight.figures import figures
from broadcast.preflight.parity import check
from broadcast.selection import Selection

CONTENT = Content(
    severity=Severity.SEVERE,
    title="Gaslek",
    texts={
        "nl": "Op maandag 12 maart vanaf 14u30 is er een gaslek in de Kerkstraat, nummers 1 tot 50. Bel 014 12 34 56.",
        "fr": "Le lundi 12 mars dès 14h30 : fuite de gaz dans la Kerkstraat, du 1 au 50. Appelez le 014/12.34.56.",
        "de": "Am Montag, 12. März ab 14.30 Uhr Gasleck in der Kerkstraat, Nummern 1 bis 50. Anruf: +32 14 12 34 56.",
        "en": "Monday March 12th from 2:30 pm: gas leak in Kerkstraat, numbers 1 to 50. Call 014 12 34 56.",
    },
    audience=Selection(),
    expires_at=datetime(2026, 3, 12, 18, tzinfo=UTC),
)


def _told(dutch: str, **translations: str) -> list[str]:
    """The codes of the differences between a Dutch text and its translations."""
    texts = {"nl": dutch, **translations}
    return [one.code for one in check(replace(CONTENT, title="Gaslek", texts=texts))]


def test_the_same_said_in_four_languages_is_no_difference() -> None:
    assert check(CONTENT) == ()


@pytest.mark.parametrize(
    ("dutch", "french", "codes"),
    [
        ("Om 14u.", "À 15h.", ["added:fr:15h", "missing:fr:14u"]),
        ("Om 14.30 uur.", "À 14h30.", []),
        ("Blijf binnen.", "Restez dedans jusqu'à 16 heures.", ["added:fr:16 heures"]),
        ("Bel 014 12 34 56.", "Appelez le 014 12 34 57.", ["added:fr:014 12 34 57", "missing:fr:014 12 34 56"]),
        (
            "Zie https://pz.be/gas.",
            "Voir https://pz.be/gaz.",
            ["added:fr:https://pz.be/gaz", "missing:fr:https://pz.be/gas"],
        ),
        ("Straal van 1.500 meter.", "Rayon de 1 500 mètres.", []),
        ("Straal van 200 meter.", "Rayon de 300 mètres.", ["added:fr:300", "missing:fr:200"]),
        ("Op 3 mei.", "Le 4 mai.", ["added:fr:4 mai", "missing:fr:3 mei"]),
        ("Op 3/5.", "Le 3 mai.", []),
        ("Op dinsdag.", "Le mercredi.", ["added:fr:mercredi", "missing:fr:dinsdag"]),
        ("Twee straten zijn dicht.", "2 rues sont fermées.", []),
        ("Het is in de Dorpsstraat.", "C'est dans la Kerkstraat.", ["added:fr:Kerkstraat", "missing:fr:Dorpsstraat"]),
        ("Rook boven Brussel.", "Fumée au-dessus de Bruxelles.", []),
    ],
)
def test_each_difference_is_named_as_it_was_written(dutch: str, french: str, codes: list[str]) -> None:
    assert _told(dutch, fr=french) == codes


def test_a_text_that_is_much_longer_or_shorter_says_more_or_less() -> None:
    dutch = "Blijf binnen en sluit ramen en deuren, want er is rook."
    assert _told(dutch, fr="Restez à l'intérieur. " * 6) == ["longer:fr"]
    assert _told(dutch, fr="Restez dedans.") == ["shorter:fr"]


def test_a_short_text_may_leave_out_but_not_add() -> None:
    short = replace(CONTENT, texts={"nl": CONTENT.texts["nl"]}, short_texts={"nl": "Gaslek: blijf 200 m weg."})
    assert [one.code for one in check(short)] == ["short:nl:200"]


def test_what_stands_beside_the_text_counts_as_said() -> None:
    beside = replace(
        CONTENT, title="Gaslek Molenveld", web="https://pz.be", contact="101", texts={"nl": "A.", "fr": "B."}
    )
    said = replace(beside, texts={"nl": "A.", "fr": "À Molenveld, voir https://pz.be ou 101."})
    assert check(said) == ()


@given(st.text(), st.sampled_from(["nl", "fr", "de", "en"]))
def test_any_text_says_what_it_says_itself(text: str, language: str) -> None:
    found = figures(text, language)
    assert found.without(found) == ()

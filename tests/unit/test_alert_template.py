"""Templates: blanks that are filled in once, and a text that was approved at WhatsApp."""

from dataclasses import replace

import pytest

from broadcast.blanks import blanks, filled
from broadcast.event import template_variables
from broadcast.template import Template
from broadcast.vocabulary import Kind, Status
from storage.errors import InvalidInput
from tests.unit.test_alert_event import EVENT

LEAK = Template(
    id=1,
    name="Gaslek",
    kind=Kind.GAS_LEAK,
    title="Gaslek in de [straat]",
    texts={"nl": "Gaslek in de [straat]. Ga naar [plaats].", "fr": "Fuite dans la [straat]. Allez à [plaats]."},
    instructions={},
    short_texts={},
    template_sid="HX123",
)
VALUES = {"straat": "Kerkstraat", "plaats": "de\nsporthal"}


def test_each_blank_is_named_once_in_the_order_of_reading() -> None:
    assert blanks([LEAK.title, *LEAK.texts.values()]) == ("straat", "plaats")
    assert blanks(["1 [2] [] [ x ] [café-bar]"]) == ("café-bar",)


def test_what_has_no_value_stays_a_blank() -> None:
    assert (
        filled(LEAK.texts["nl"], {"straat": "Kerkstraat", "plaats": " "})
        == "Gaslek in de Kerkstraat. Ga naar [plaats]."
    )


def test_the_approved_template_goes_with_its_own_text_only() -> None:
    text = filled(LEAK.texts["nl"], VALUES)
    assert LEAK.bound(text, VALUES, Status.ACTUAL) == ("HX123", ("Kerkstraat", "de sporthal"))
    assert LEAK.bound(f"{text} Rook niet.", VALUES, Status.ACTUAL) == ("", ())
    assert replace(LEAK, template_sid="").bound(text, VALUES, Status.ACTUAL) == ("", ())


def test_an_exercise_says_so_in_the_blanks_of_an_approved_template() -> None:
    event = replace(EVENT, template_sid="HX123", template_values=("Kerkstraat", "de sporthal"))
    assert template_variables(event, "fr") == {"1": "Kerkstraat", "2": "de sporthal"}
    exercise = replace(event, status=Status.EXERCISE)
    assert template_variables(exercise, None) == {"1": "OEFENING - Kerkstraat", "2": "de sporthal - OEFENING"}
    without = replace(LEAK, texts={"nl": "Sluit de ramen."})
    assert without.bound("Sluit de ramen.", {}, Status.EXERCISE) == ("", ())


@pytest.mark.parametrize("wrong", [{"name": " "}, {"texts": {"fr": "x"}}, {"template_sid": "12"}])
def test_a_template_that_could_not_be_begun_from_is_refused(wrong: dict[str, object]) -> None:
    LEAK.check()
    with pytest.raises(InvalidInput):
        replace(LEAK, **wrong).check()  # type: ignore[arg-type]

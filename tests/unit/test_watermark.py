"""An exercise or a test says so, first and last, wherever it is read."""

from dataclasses import replace

import pytest

from broadcast.event import EventKind, render, template_variables
from broadcast.vocabulary import Status
from tests.unit.test_alert_event import EVENT

EXERCISE = replace(
    EVENT, status=Status.EXERCISE, texts={"nl": "Blijf.", "fr": "Restez.", "de": "Bleibt.", "en": "Stay."}
)
MARKS = {
    None: "OEFENING",
    "fr": "OEFENING / EXERCICE",
    "de": "OEFENING / ÜBUNG",
    "en": "OEFENING / EXERCISE",
}


@pytest.mark.parametrize(("language", "mark"), MARKS.items())
@pytest.mark.parametrize("sms", [False, True])
@pytest.mark.parametrize("kind", EventKind)
def test_an_exercise_begins_and_ends_with_the_word(kind: EventKind, sms: bool, language: str | None, mark: str) -> None:
    lines = render(replace(EXERCISE, kind=kind), language, sms=sms).splitlines()
    assert (lines[0], lines[-1]) == (mark, mark)


@pytest.mark.parametrize(("language", "mark"), MARKS.items())
def test_in_a_template_too(language: str | None, mark: str) -> None:
    told = template_variables(EXERCISE, language)["2"]
    assert told.startswith(f"{mark} - ")
    assert told.endswith(f" - {mark}")


def test_a_test_is_called_a_test_and_what_is_meant_has_no_mark() -> None:
    assert render(replace(EVENT, status=Status.TEST), "fr", sms=True).startswith("TEST\nWAARSCHUWING")
    assert render(EVENT, None, sms=True).startswith("WAARSCHUWING")


def test_an_exercise_never_overtakes_what_is_meant() -> None:
    assert EVENT.is_life_safety
    assert not EXERCISE.is_life_safety
